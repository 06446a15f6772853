"""What becomes of the setting asynctimerchan of GODEBUG, where a program is run and where it is built?

A program that tells the capacity of timers' channels is run with each value; and the go command is asked to build one
that names the setting in its go.mod or in a comment.
"""

from typing import Final

import msgspec

from claimlab import FLAG_SETS, Bench, Lab, Ran, gobuild, processes

lab = Lab(asks={"zh": "GODEBUG 的设置 asynctimerchan 在运行和构建时会怎样？"})

VALUES: Final = ("0", "1", "2")
SETTINGS: Final = (*(f"asynctimerchan={value}" for value in VALUES), "panicnil=0", "panicnil=1")
"""The last one's setting all releases know, and it has never been removed."""
BEFORE: Final = "1.21"
"""A language version older than the change of timers' channels."""


class Built(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the go command made of a setting."""

    place: str
    """``go.mod`` or ``comment``."""
    setting: str
    refused: str
    """What it said; empty if it has built the program."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    runs: list[Ran]
    """Without a setting and with each value, in a module of the toolchain's own language version and of BEFORE."""
    buffered: Ran
    """The program with a channel that has a buffer."""
    built: list[Built]


@lab.observe
def observe(bench: Bench) -> Seen:
    own, before = gobuild.build(bench), gobuild.build(bench, name="before", language=BEFORE)
    settings = ({}, *({"GODEBUG": f"asynctimerchan={value}"} for value in VALUES))
    return Seen(
        [
            processes.once(bench, [f"./{program.name}"], gomaxprocs=1, env=env)
            for program in (own, before)
            for env in settings
        ],
        processes.once(bench, [f"./{own.name}", "buffered"], gomaxprocs=1),
        [built(bench, place, setting) for place in ("go.mod", "comment") for setting in SETTINGS],
    )


def built(bench: Bench, place: str, setting: str) -> Built:
    """A program that does nothing, in a module that sets this there."""
    name = f"{place}-{setting}"
    module = f"module claimlab/setting\n\ngo {bench.toolchain.language}\n"
    module += f"\ngodebug {setting}\n" if place == "go.mod" else ""
    comment = f"//go:debug {setting}\n" if place == "comment" else ""
    bench.put(
        {f"{name}/go.mod": module.encode(), f"{name}/main.go": f"{comment}package main\n\nfunc main() {{}}\n".encode()}
    )
    options, env = FLAG_SETS["plain"]
    command = ["go", "build", "-C", name, *options, "-o", "../setting", "."]
    done = bench.run(command, step="build", env=env, timeout_s=120)
    return Built(place, setting, done.stderr.decode("utf-8", "replace").strip() if done.exit_code else "")
