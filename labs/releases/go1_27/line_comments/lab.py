"""From where does a relative file name in a //line comment count?

A package in a folder of its own says where its functions are; and the compiler says where another one's fault is.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, LabBroken, gobuild, processes

lab = Lab(asks={"zh": "//line 注释里的相对文件名从哪里算起？"})

FOLDERS: Final = ("sub", "bad")


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw: file names, as runtime.Caller gives them."""

    plain: str
    """Of a function without a comment."""
    relative: str
    """Behind one that names there.go."""
    absolute: str
    """Behind one that names /elsewhere/there.go."""
    complaint: str
    """What the compiler says of a fault behind one that names there.go."""


@lab.observe
def observe(bench: Bench) -> Seen:
    below = {f"{one}/{name}": text for one in FOLDERS for name, text in gobuild.lab_sources(bench, one).items()}
    program = gobuild.build(bench, gobuild.lab_sources(bench) | below)
    ran = processes.once(bench, [f"./{program.name}"], gomaxprocs=1).or_broken("the program failed")
    command = ["go", "build", "-C", f"{program.name}.src", "-trimpath", "./bad"]
    complaint = bench.run(command, step="build").stderr.decode("utf-8", "replace")
    names = ran.stdout.splitlines()
    if len(names) != 3:
        raise LabBroken(f"the program printed {len(names)} names instead of 3", tail=ran.stdout)
    plain, relative, absolute = names
    return Seen(plain, relative, absolute, complaint)
