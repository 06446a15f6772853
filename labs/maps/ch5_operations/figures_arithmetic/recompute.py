"""Prints each change recomputed with exact fractions, as JSON. Runs inside the bench; stdlib only."""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

PLACES = 5
UNITS = {"min": 60, "s": 1, "%": 1}
ZERO = Fraction(0)


@dataclass(frozen=True)
class Interval:
    low: Fraction
    high: Fraction

    def shown(self) -> dict[str, str]:
        """Rounded outwards, so that nothing is left out."""
        scale = 10**PLACES
        low, high = math.floor(self.low * scale), math.ceil(self.high * scale)
        return {"low": decimal(Fraction(low, scale), PLACES), "high": decimal(Fraction(high, scale), PLACES)}

    def meets(self, other: "Interval") -> bool:
        """They share more than an end."""
        return max(self.low, other.low) < min(self.high, other.high)


def decimal(value: Fraction, places: int) -> str:
    """Rounded half away from zero, as by hand."""
    digits = math.floor(abs(value) * 10**places + Fraction(1, 2))
    whole, rest = divmod(digits, 10**places)
    sign = "-" if value < 0 and digits else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def places_of(text: str) -> int:
    return len(text.partition(".")[2])


def value_of(text: str) -> Fraction:
    """``4 min 12 s`` in seconds, ``92.3 %`` in per cent."""
    words = text.split()
    return sum((Fraction(number) * UNITS[unit] for number, unit in zip(words[::2], words[1::2], strict=True)), ZERO)


def around(text: str) -> Interval:
    """All that is printed so when it is rounded to the last place shown."""
    number, unit = text.split()[-2:]
    value, half = value_of(text), Fraction(UNITS[unit], 2 * 10 ** places_of(number))
    return Interval(value - half, value + half)


def points(before: Fraction, after: Fraction) -> Fraction:
    return after - before


def percent(before: Fraction, after: Fraction) -> Fraction:
    return 100 * (after - before) / before


CHANGES: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"points": points, "percent": percent}


def corners(change: Callable[[Fraction, Fraction], Fraction], before: Interval, after: Interval) -> Interval:
    """Both changes are monotonic in both values (which are positive): the extremes lie at the corners."""
    found = [change(*pair) for pair in product((before.low, before.high), (after.low, after.high))]
    return Interval(min(found), max(found))


def recompute(kind: str, before: str, after: str, printed: str) -> dict[str, object]:
    change = CHANGES[kind]
    exact = change(value_of(before), value_of(after))
    possible = corners(change, around(before), around(after))
    fixed = corners(change, Interval(value_of(before), value_of(before)), around(after))
    return {
        "kind": kind,
        "before": before,
        "after": after,
        "printed": printed,
        "exact": decimal(exact, PLACES),
        "rounded": decimal(exact, places_of(printed)),
        "possible": possible.shown(),
        "possible_beside_exact_before": fixed.shown(),
        "printed_means": around(f"{printed} %").shown(),
        "reachable": possible.meets(around(f"{printed} %")),
    }


json.dump({name: recompute(*words) for name, words in json.loads(sys.argv[1]).items()}, sys.stdout)
