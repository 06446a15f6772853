"""How long does it take to read random bytes from crypto/rand, beside Go 1.23?

Programs of both releases read pieces of 4 to 4096 bytes, in turns; the best of fifteen times counts. From Linux 6.11 on
the kernel lends programs a function for it.
"""

from typing import Final

import msgspec
from packaging.version import Version

from claimlab import Arm, Bench, Lab, Ratio, Timing, gobuild, timing

lab = Lab(timing=True, across="1.23", asks={"zh": "从 crypto/rand 读取随机字节要花多少时间，与 Go 1.23 相比如何？"})

SIZES: Final = ("4", "16", "256", "4096")
"""Of the pieces, in bytes."""
_SINCE: Final = Version("1.24")
_ROUNDS: Final = 15
_HERE, _THERE = "here", "1.23"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    kernel: str
    """As ``uname -r`` has it."""
    is_later: bool
    """Than 1.23, so that there is something to compare."""
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
    return Seen(kernel, is_later, ratios, ratio(small, large), ratio(large, small), seen)
