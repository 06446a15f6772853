"""Does each read of random bytes from crypto/rand call into the kernel, and how long does it take beside Go 1.23?

From Linux 6.11 on the kernel lends programs a function for it. A debugger counts its calls and system calls during a
thousand reads. Programs of both releases read pieces of 4 to 4096 bytes, in turns; the best of fifteen times counts.
"""

from typing import Final

import msgspec
from packaging.version import Version

from claimlab import Arm, Bench, Lab, LabBroken, Ratio, Run, Step, Stop, Timing, gdb, gobuild, timing

lab = Lab(
    timing=True,
    across="1.23",
    asks={"zh": "从 crypto/rand 读取随机字节时，每次都要陷入内核吗？与 Go 1.23 相比要花多少时间？"},
)

SIZES: Final = ("4", "16", "256", "4096")
"""Of the pieces, in bytes."""
_SINCE: Final = Version("1.24")
_ROUNDS: Final = 15
_HERE, _THERE = "here", "1.23"
TIMES: Final = 1000
_LENT: Final = "runtime.vgetrandom1"
"""Calls the function that the kernel lends (runtime/vgetrandom_linux.go)."""
_ENTRANCES: Final = tuple(
    f"{folder}.Syscall6"
    for folder in ("runtime/internal/syscall", "internal/runtime/syscall", "internal/runtime/syscall/linux")
)
"""What system calls of package syscall pass, by the folders in which it has lain."""
_STOPS: Final = ("main.begin", "main.halfway", "main.end")


class Calls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was called while a program did something a thousand times."""

    system: int
    """System calls that Go code made."""
    lent: int
    """Calls of the function that the kernel lends."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    kernel: str
    """As ``uname -r`` has it."""
    is_later: bool
    """Than 1.23, so that there is something to compare."""
    reads: Calls
    """During reads from crypto/rand."""
    asks: Calls
    """While the program asked the kernel itself."""
    ratios: dict[str, Ratio | None]
    """By the size of the piece: of the time that a read takes to that on 1.23. Empty on 1.23 and before."""
    smallest: Ratio | None
    """On this release, of the time of the smallest read to that of the largest."""
    largest: Ratio | None
    """And the other way round."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    kernel = bench.run(["uname", "-r"], step="housekeeping").text().strip()
    reads, asks = counted(bench)
    own = gobuild.build(bench)
    programs = {_HERE: own}
    if is_later := bench.toolchain.go >= _SINCE:
        ((_, other),) = bench.beside.items()
        programs[_THERE] = gobuild.brought(bench, other, gobuild.build(other), "theirs")
    arms = {name: Arm("BenchmarkRead", 1, "1x", binary=one.name) for name, one in programs.items()}
    seen = timing.measure(bench, own, arms, rounds=_ROUNDS)

    def ratio(of: tuple[str, str], to: tuple[str, str]) -> Ratio | None:
        return seen.ratio(*((name, f"read-{size}-ns/op") for name, size in (of, to)))

    ratios = {size: ratio((_HERE, size), (_THERE, size)) for size in SIZES} if is_later else {}
    small, large = (_HERE, SIZES[0]), (_HERE, SIZES[-1])
    return Seen(kernel, is_later, reads, asks, ratios, ratio(small, large), ratio(large, small), seen)


def counted(bench: Bench) -> tuple[Calls, Calls]:
    program = gobuild.build(bench, gobuild.lab_sources(bench, "counted"), "counted")
    steps = [Step([name], counts=[*_ENTRANCES, _LENT]) for name in _STOPS]
    stops = gdb.session(bench, program, [Run([], 2, steps)]).runs[0].stops
    if len(stops) != len(steps):
        raise LabBroken("the debugger has not seen the program's end")
    _, reads, asks = map(calls, stops)
    return reads, asks


def calls(stop: Stop) -> Calls:
    return Calls(sum(map(stop.count_of, _ENTRANCES)), stop.count_of(_LENT))
