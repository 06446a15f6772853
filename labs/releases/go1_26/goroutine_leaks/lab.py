"""Which goroutines does the profile of leaked goroutines report?

A program leaves goroutines behind that nothing can wake any more, and others that something could. Where the profile is
an experiment of the release, the program is built with it.
"""

import re
from typing import Final

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "goroutine 泄漏 profile 会报告哪些 goroutine？"})

EACH: Final = 5
"""Goroutines of each kind, in main.go."""
LOST: Final = ("onChannel", "onMutex", "onCond")
"""Nothing that can still run has what they wait for."""
CAN_BE_WOKEN: Final = ("onMine", "sleeping")
GLOBAL: Final = "onShared"
"""They wait on a channel that nobody uses, in a variable of the package."""
_EXPERIMENT: Final = "goroutineleakprofile"
_RECORD: Final = re.compile(r"^(\d+) @.*\n((?:#.*\n)*)", re.MULTILINE)
_HEAD: Final = "goroutineleak profile:"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    experiment: bool
    """The go command knows it, and the program was built with it."""
    exists: bool
    """The program has the profile."""
    reported: dict[str, int]
    """Goroutines in the profile, by their functions."""


@lab.observe
def observe(bench: Bench) -> Seen:
    known = gobuild.knows(bench, _EXPERIMENT)
    gobuild.put_module(bench, gobuild.lab_sources(bench), "leaks")
    program = gobuild.with_experiments(bench, "leaks", *([_EXPERIMENT] if known else []))
    text = processes.once(bench, [f"./{program.name}"], gomaxprocs=2).or_broken("the program failed").stdout
    return Seen(known, text.startswith(_HEAD), reported(text))


def reported(text: str) -> dict[str, int]:
    names = (*LOST, *CAN_BE_WOKEN, GLOBAL)
    found = dict.fromkeys(names, 0)
    for count, stack in _RECORD.findall(text):
        for name in names:
            found[name] += int(count) if f"main.{name}+" in stack else 0
    return found
