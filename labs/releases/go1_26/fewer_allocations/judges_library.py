"""What the library's part of fewer-allocations says of the claims 1.26-k, l, m/1 and m/2."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from claimlab import Control, Finding, Judges, Outcome, decided, void

from .lab import Counted, Seen

judges = Judges()

READ: Final = ("io.ReadAll", "io.ReadAll, in chunks")
BUFFER: Final = "bytes.Buffer"
LARGE: Final = 1000
ABOUT_HALF: Final = (0.4, 0.6)


@judges.of(
    "1.26-k",
    sees=lambda seen: (
        seen.all_of("errors.New", "errors.New, variable"),
        seen.all_of("fmt.Errorf", "fmt.Errorf, variable"),
    ),
    control=Control(
        "a text with a verb",
        lambda seen: (seen.all_of("errors.New"), seen.all_of("fmt.Errorf, verb")),
        Outcome.FAILS,
    ),
)
def as_errors_new(ways: tuple[Sequence[Counted], Sequence[Counted]]) -> Finding:
    """Of a text without verbs, be it a constant or a variable, `fmt.Errorf` allocates as many objects and bytes as
    `errors.New`."""
    pairs = list(zip(*ways, strict=True))
    same = [new.each == other.each and size(new) == size(other) for new, other in pairs]
    said = "; ".join(f"{new.way} {told(new)}, {other.way} {told(other)}" for new, other in pairs)
    return decided(all(same), said)


def size(one: Counted) -> int:
    return round(one.bytes / one.calls)


def told(one: Counted) -> str:
    return f"{one.each} objects, {size(one)} bytes together"


@dataclass(frozen=True)
class Reads:
    """The same reads here and on 1.25."""

    here: Sequence[Counted]
    before: Sequence[Counted]
    is_after: bool


def itself(on: Any) -> Reads:
    seen: Seen = on["1.25"]
    return Reads(seen.all_of(*READ), seen.all_of(*READ), is_after=True)


@judges.across(
    "1.26-l",
    "1.25",
    sees=lambda on: Reads(on.here.all_of(*READ), on["1.25"].all_of(*READ), on.is_after("1.25")),
    control=Control("1.25 beside itself", itself, Outcome.FAILS),
)
def about_half(reads: Reads) -> Finding:
    """Of inputs between 100 and 1,000,000 bytes, the bytes that io.ReadAll allocates are 0.4 to 0.6 times as many as on
    1.25, in the median."""
    if not reads.is_after:
        return void("it is about later releases")
    ratios = {(one.way, one.n): one.bytes / old.bytes for one, old in zip(reads.here, reads.before, strict=True)}
    middle = median(ratios.values())
    low, high = ABOUT_HALF
    shows = "\n".join(f"{way}, {n} bytes: {ratio:.2f}" for (way, n), ratio in ratios.items())
    said = f"{middle:.2f} times the bytes in the median, {min(ratios.values()):.2f} to {max(ratios.values()):.2f}"
    return decided(low <= middle <= high, said, shows)


def read(*ways: str, least: int = 0) -> Callable[[Seen], list[Counted]]:
    return lambda seen: [one for one in seen.all_of(*ways) if one.n >= least]


def no_larger(reads: Sequence[Counted]) -> Finding:
    larger = [one for one in reads if one.cap > one.needs]
    words = ", ".join(f"{one.cap} for {one.n} bytes, where a copy has {one.needs}" for one in larger)
    said = f"of {len(reads)} slices {len(larger)} have a larger capacity than a copy of them"
    return decided(not larger, said + (f": {words}" if words else ""))


@judges.of(
    "1.26-m/1",
    sees=read(*READ, least=LARGE),
    control=Control("what a bytes.Buffer has read", read(BUFFER, least=LARGE), Outcome.FAILS),
)
def no_larger_than_needed(reads: Sequence[Counted]) -> Finding:
    """Of inputs from 1,000 bytes on, the capacity of what io.ReadAll returns is that of a copy made in one go."""
    return no_larger(reads)


def copies(seen: Seen) -> list[Counted]:
    return [Counted("copy", one.n, one.calls, 0, 0, one.needs, one.needs) for one in seen.all_of(READ[0])]


@judges.of(
    "1.26-m/2",
    sees=read(*READ),
    control=(
        Control("what a bytes.Buffer has read", read(BUFFER), Outcome.FAILS),
        Control("copies", copies, Outcome.HOLDS),
    ),
)
def never_larger(reads: Sequence[Counted]) -> Finding:
    """The same of inputs from 100 bytes on."""
    return no_larger(reads)
