"""Do variables that are never in use at the same time share their place on the stack?

The notes of Go 1.23, on the compiler. Functions with two large variables each are compiled as usual, and with a flag
that switches the sharing off; their frames are read in the machine code.
"""

import re
from typing import Final

import msgspec

from claimlab import FLAG_SETS, Bench, Binary, Function, Lab, disassembly, gobuild

lab = Lab(asks={"zh": "从不同时使用的变量会共用栈上的位置吗？"})

APART: Final = ("indexed", "sliced", "structs", "inTurn")
TOGETHER: Final = "together"
VARIABLE_BYTES: Final = 128 * 8
"""Each function has two such variables."""
OFF: Final = "-d=mergelocals=0"
_FRAME: Final = re.compile(r"sub rsp, (0x[0-9a-f]+|\d+)|add rsp, -(0x[0-9a-f]+|\d+)")


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw: frames in bytes, by function."""

    frames: dict[str, int]
    without: dict[str, int] | None
    """With OFF; None where the compiler does not know that."""


@lab.observe
def observe(bench: Bench) -> Seen:
    without = switched_off(bench)
    return Seen(frames(bench, gobuild.build(bench)), frames(bench, without) if without else None)


def switched_off(bench: Bench) -> Binary | None:
    """The program with OFF; None where the compiler has no such key."""
    name = "without"
    gobuild.put_module(bench, gobuild.lab_sources(bench), name)
    options, env = FLAG_SETS["plain"]
    command = ["go", "build", "-C", f"{name}.src", *options, f"-gcflags={OFF}", "-o", f"../{name}", "."]
    done = bench.run(command, step="build", env=env, timeout_s=180)
    if b"unknown debug key" in done.stderr:
        return None
    done.or_broken("the program does not build with the flag")
    return gobuild.built(bench, name)


def frames(bench: Bench, program: Binary) -> dict[str, int]:
    names = [*APART, TOGETHER]
    found = disassembly.functions(bench, program, [f"main.{name}" for name in names])
    return {name: frame(function) for name, function in zip(names, found, strict=True)}


def frame(function: Function) -> int:
    """What the prologue takes of the stack."""
    for one in function.instructions:
        if taken := _FRAME.fullmatch(one.text):
            return int(taken[1] or taken[2], 0)
    return 0
