"""What follows from what random-reads saw: the claims 1.24-o, 1.24-p/1 and 1.24-p/2."""

import re
from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Ratio, decided, fails, holds, unclear, void

from .lab import SIZES, TIMES, Calls, Seen

judges = Judges()

SEVERAL: Final = 2.0
"""Who says "several times" says at least this."""
SMALL: Final = SIZES[:2]
"""What takes 0.5 to 0.6 times as long on one processor and another is none of them."""
_KERNEL: Final = (6, 11)
_NUMBERS: Final = re.compile(r"(\d+)\.(\d+)")
FEW: Final = "too few rounds were clean"


def lends_none(seen: Seen) -> str:
    """Why the kernel has no function for programs; empty if it has one."""
    match = _NUMBERS.match(seen.kernel)
    if match and (int(match[1]), int(match[2])) >= _KERNEL:
        return ""
    return f"Linux {seen.kernel} lends programs no such function"


@dataclass(frozen=True)
class Called:
    """What a thousand reads have called."""

    void: str
    """Why nothing can be said, if so."""
    calls: Calls


@judges.of(
    "1.24-o",
    sees=lambda seen: Called(lends_none(seen), seen.reads),
    control=Control("asking the kernel itself", lambda seen: Called("", seen.asks), Outcome.FAILS),
)
def kernel_is_not_called_each_time(called: Called) -> Finding:
    """During a thousand reads the kernel's function is called at least as often, and Go code makes fewer than five
    hundred system calls, those that have nothing to do with the reads included.

    On a busy machine the runtime made 127 of its own. It fails if there is a system call for each read, and no call of
    that function.
    """
    if called.void:
        return void(called.void)
    calls = called.calls
    words = f"{TIMES} reads made {calls.system} system calls of Go code and {calls.lent} calls of the kernel's function"
    if calls.lent >= TIMES and calls.system < TIMES / 2:
        return holds(words)
    return fails(words) if calls.system >= TIMES and not calls.lent else unclear(words)


@dataclass(frozen=True)
class Reads:
    """How many times as long reads take as on 1.23, by their bytes."""

    void: str
    """Why there is nothing to compare, if so."""
    ratios: dict[str, Ratio | None]


def reads(seen: Seen, *sizes: str) -> Reads:
    if none := lends_none(seen):
        return Reads(none, {})
    if not seen.is_later:
        return Reads("it is about later releases", {})
    return Reads("", {size: seen.ratios[size] for size in sizes})


def on_this_release(seen: Seen) -> Reads:
    """As if reads of 4 bytes took that many times as long as those of 4096 do, and the other way round."""
    return Reads("", {SIZES[0]: seen.largest, SIZES[-1]: seen.smallest})


def found(reads: Reads) -> tuple[dict[str, Ratio], str]:
    known = {size: ratio for size, ratio in reads.ratios.items() if ratio and ratio.low is not None}
    words = "; ".join(f"a read of {size} bytes takes {ratio} times as long" for size, ratio in known.items())
    return known, words


def medians(ratios: dict[str, Ratio]) -> str:
    return "\n".join(
        f"{size} bytes: {one.median:.0f} ns, and {one.median_to:.0f} ns on 1.23" for size, one in ratios.items()
    )


@judges.of(
    "1.24-p/1",
    sees=lambda seen: reads(seen, *SMALL),
    control=Control(
        "reads of 4 bytes beside reads of 4096 on the same release",
        lambda seen: Reads("", {SIZES[0]: seen.smallest}),
        Outcome.HOLDS,
    ),
)
def several_times_as_fast(reads: Reads) -> Finding:
    """Reads of 4 and of 16 bytes each take at most half of the time that they take with Go 1.23."""
    if reads.void:
        return void(reads.void)
    known, words = found(reads)
    if len(known) < len(reads.ratios):
        return unclear(FEW)
    if all(one.below(1 / SEVERAL) for one in known.values()):
        return holds(words, medians(known))
    some = any(one.above(1 / SEVERAL) for one in known.values())
    return fails(words, medians(known)) if some else unclear(words, medians(known))


@judges.of(
    "1.24-p/2",
    sees=lambda seen: reads(seen, SIZES[0], SIZES[-1]),
    control=Control("large and small reads beside each other, exchanged", on_this_release, Outcome.FAILS),
)
def small_ones_gain_more(reads: Reads) -> Finding:
    """A read of 4 bytes takes a smaller share of its time with Go 1.23 than one of 4096 bytes."""
    if reads.void:
        return void(reads.void)
    known, words = found(reads)
    if len(known) < len(reads.ratios):
        return unclear(FEW)
    small, large = known[SIZES[0]], known[SIZES[-1]]
    if small.below(large.low or 0) or large.below(small.low or 0):
        return decided(small.ratio < large.ratio, words, medians(known))
    return unclear(words, medians(known))
