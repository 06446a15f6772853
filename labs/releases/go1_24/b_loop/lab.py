"""How often is a benchmark with B.Loop entered, and what is left in its loop of a call whose result nobody uses?

A program of benchmarks is run with several counts and times, and its machine code is read. Loops that count to b.N are
there to be compared with.
"""

from typing import Final

import msgspec

from claimlab import Attempt, Bench, Function, Lab, builds, disassembly, gobuild, processes

lab = Lab(asks={"zh": "用 B.Loop 的基准测试函数会进入多少次？结果无人使用的调用在循环里还剩下什么？"})

CALLS: Final = ("Function", "Method", "Intrinsic")
SETTINGS: Final = (("1x", 1), ("50x", 3), ("20ms", 1))
"""Of ``-benchtime`` and ``-count``."""
NAME: Final = "loops"


class Entered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often the functions of the two benchmarks were entered in one process."""

    benchtime: str
    count: int
    counted: int
    looped: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    build: Attempt
    """Of the program that uses B.Loop, too."""
    entered: list[Entered]
    loops: list[Function]
    """By name ``counted`` or ``looped`` and the call; those that the release lacks are not present."""


@lab.observe
def observe(bench: Bench) -> Seen:
    own = gobuild.lab_sources(bench)
    whole = own | gobuild.lab_sources(bench, "loop")
    tried = builds.attempt(bench, whole, NAME)
    program = gobuild.build(bench, whole if tried.accepted else own, f"{NAME}-run")
    names = [f"main.{kind}{call}" for kind in ("counted", "looped") for call in CALLS]
    return Seen(
        tried,
        [entered(bench, program.name, *setting) for setting in SETTINGS],
        disassembly.functions(bench, program, names),
    )


def entered(bench: Bench, program: str, benchtime: str, count: int) -> Entered:
    options = ["-test.run=^$", "-test.bench=.", f"-test.benchtime={benchtime}", f"-test.count={count}"]
    ran = processes.once(bench, [f"./{program}", *options], gomaxprocs=1).or_broken("the benchmarks failed")
    lines = ran.stderr.splitlines()
    return Entered(benchtime, count, lines.count("entered N"), lines.count("entered Loop"))
