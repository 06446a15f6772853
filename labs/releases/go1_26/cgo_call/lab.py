"""What does a call of a C function cost, beside the same call on Go 1.25?

An empty C function is called a million times, by programs of both releases in turns, and their processor time is
compared. Releases up to 1.25 only show what a program makes of itself, which calls an empty Go function.
"""

from typing import Final

import msgspec
from packaging.version import Version

from claimlab import Arm, Bench, Binary, Lab, Ratio, Timing, gobuild, timing

lab = Lab(timing=True, across="1.25", asks={"zh": "调用一个 C 函数要花多少时间，与 Go 1.25 相比如何？"})

_BEFORE: Final = Version("1.26")
ROUNDS: Final = 15
_OF_PROCESSOR_TIME: Final = 0
"""The program tells what the kernel charges it with, which does not grow while others have the processor."""
HERE, THERE, TWICE = "here", "1.25", "twice"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    calls_c: bool
    """And is compared with 1.25."""
    ratio: Ratio | None
    """Of the time that a call takes to that on 1.25."""
    twice: Ratio | None
    """Of two calls to one, of the same program."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    calls_c = bench.toolchain.go >= _BEFORE
    own = linked(bench, calls_c)
    arms = {HERE: Arm("BenchmarkCall", 1, "1x", cores=_OF_PROCESSOR_TIME)}
    arms[TWICE] = msgspec.structs.replace(arms[HERE], env={"TWICE": "1"})
    if calls_c:
        ((_, other),) = bench.beside.items()
        theirs = gobuild.brought(bench, other, linked(other, calls_c), "theirs")
        arms[THERE] = msgspec.structs.replace(arms[HERE], binary=theirs.name)
    seen = timing.measure(bench, own, arms, rounds=ROUNDS)
    ratio = seen.ratio((HERE, "ns/op"), (THERE, "ns/op")) if calls_c else None
    return Seen(calls_c, ratio, seen.ratio((TWICE, "ns/op"), (HERE, "ns/op")), seen)


def linked(bench: Bench, calls_c: bool) -> Binary:
    gobuild.put_module(bench, gobuild.lab_sources(bench), "calls")
    command = ["go", "build", "-C", "calls.src", "-trimpath", "-buildvcs=false", "-o", "../calls", "."]
    env = {"CGO_ENABLED": str(int(calls_c))}
    bench.run(command, step="build", env=env, timeout_s=180).or_broken("the program does not build")
    return gobuild.built(bench, "calls")
