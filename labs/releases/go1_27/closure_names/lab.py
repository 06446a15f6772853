"""Does inlining change the name of a function literal, and how many copies there are of its code?

A program makes closures of one literal in functions that are inlined and through variables, which nothing can inline.
"""

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "内联会改变函数字面量的名字吗？会让它的代码有多份吗？"})


class Closure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A closure, with the name and the address of its code."""

    Label: str
    Name: str
    Code: int
    Gives: int
    """What it has captured."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    closures: list[Closure]
    uninlined: list[Closure]
    """Of the same program, compiled with ``-l``."""


@lab.observe
def observe(bench: Bench) -> Seen:
    programs = [gobuild.build(bench), gobuild.build(bench, name="uninlined", gcflags="-l")]
    plain, uninlined = (processes.answer(bench, [f"./{one.name}"], list[Closure], gomaxprocs=1) for one in programs)
    return Seen(plain, uninlined)
