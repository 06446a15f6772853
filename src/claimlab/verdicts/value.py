"""Values: figures with a unit, which follow from an observation as outcomes do."""

from math import isfinite
from typing import Final

import msgspec

_FOUR_DIGITS: Final = 10_000


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One figure."""

    number: int | float
    unit: str = ""
    """Such as ``B`` or ``ns/op``; empty for a ratio or a count."""
    low: float | None = None
    """With `high` the interval that the measurement allows, where the figure differs from one time to the next."""
    high: float | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(one) for one in (self.number, *self.interval)):
            raise ValueError(f"{self.number} {self.unit} is no figure: it has to be finite")
        if (self.low is None) is not (self.high is None):
            raise ValueError(f"{self.number} {self.unit} has half an interval: say low and high")
        low, high = self.interval
        if not low <= self.number <= high:
            raise ValueError(f"{self.number} {self.unit} does not lie in its interval, {low} to {high}")

    @property
    def interval(self) -> tuple[float, float]:
        """What the figure may be: itself alone, where no interval is given."""
        low = self.number if self.low is None else self.low
        return low, self.number if self.high is None else self.high

    def agrees(self, other: "Value") -> bool:
        """They may be the same: in one unit, and their intervals have something in common."""
        (low, high), (lowest, highest) = self.interval, other.interval
        return self.unit == other.unit and low <= highest and lowest <= high

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.low is None or self.high is None:
            return f"{shown(self.number)}{unit}"
        return f"{shown(self.number)} [{shown(self.low)}, {shown(self.high)}]{unit}"


def shown(number: float) -> str:
    """A whole number in full, any other with four digits, or all of those before the point."""
    return f"{number:.4g}" if isinstance(number, float) and abs(number) < _FOUR_DIGITS else f"{number:.0f}"
