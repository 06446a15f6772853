"""Measured numbers: timings, amounts, shares of many runs, and what models predict of them."""

from dataclasses import dataclass

from claimlab.pictures.sources import Said, Whose
from claimlab.project.languages import Words


@dataclass(frozen=True, slots=True)
class Mark:
    """A value that the article gives, drawn as a line with its label."""

    value: float
    label: Words


@dataclass(frozen=True, slots=True)
class Samples:
    """What was measured again and again under the same conditions."""

    label: Said
    samples: tuple[float, ...]
    whose: Whose | None = None

    def __post_init__(self) -> None:
        if not self.samples:
            raise ValueError(f"an arm without samples: {self.label}")


@dataclass(frozen=True, slots=True)
class Distribution:
    """All samples, with the median of each arm and the interval in which it lies. Arms of one label stand together."""

    arms: tuple[Samples, ...]
    unit: Said
    claimed: tuple[Mark, ...] = ()
    logarithmic: bool | None = None
    """None: where the greatest value is more than thirty times the least."""
    says: Words | None = None

    def __post_init__(self) -> None:
        if not self.arms:
            raise ValueError("a distribution without arms")


@dataclass(frozen=True, slots=True)
class Amount:
    """Something that has no spread, such as a size."""

    label: Said
    value: float
    whose: Whose | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """Bars to scale, from zero on. Amounts of one label stand together."""

    amounts: tuple[Amount, ...]
    unit: Said
    says: Words | None = None

    def __post_init__(self) -> None:
        if not self.amounts or min(amount.value for amount in self.amounts) < 0:
            raise ValueError("amounts of nothing, or of less")


@dataclass(frozen=True, slots=True)
class Rate:
    """In how many of so many runs something happened."""

    label: Said
    count: int
    runs: int
    whose: Whose | None = None
    at: float | None = None
    """Where it belongs on the picture's axis, if that has one."""

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.runs or not self.runs:
            raise ValueError(f"{self.label}: {self.count} of {self.runs}")


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of runs with their 95 % intervals. Rates of one label stand together, or are one line along the axis."""

    rates: tuple[Rate, ...]
    counted: Words
    """What happened in so many runs."""
    axis: Words | None = None
    """What the runs differ in, if the rates have an `at`."""
    says: Words | None = None
    claimed: tuple[Mark, ...] = ()
    """Shares that the article gives, where there is no axis."""
    near: bool = False
    """Where there is no axis: only the shares from just below the least to just above the greatest are drawn."""

    def __post_init__(self) -> None:
        if not self.rates:
            raise ValueError("a picture of no rates")
        if self.axis is not None and (self.claimed or self.near):
            raise ValueError("claimed shares and a part of the shares are for a picture without an axis")
        if any((rate.at is None) != (self.axis is None) for rate in self.rates):
            raise ValueError("either the picture has an axis and each rate a place on it, or neither")


@dataclass(frozen=True, slots=True)
class Model:
    """What somebody predicts, as a share of each case."""

    name: Words
    shares: tuple[float, ...]
    claimed: bool = False
    """It is the article's."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each case came."""

    counts: tuple[int, ...]
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Measured shares of cases, with their intervals, beside what models predict."""

    cases: tuple[Said, ...]
    measured: tuple[Counts, ...]
    models: tuple[Model, ...] = ()
    says: Words | None = None

    def __post_init__(self) -> None:
        if {len(one.counts) for one in self.measured} | {len(one.shares) for one in self.models} != {len(self.cases)}:
            raise ValueError("counts and predictions have to be as many as the cases")
        if not all(sum(one.counts) for one in self.measured):
            raise ValueError("frequencies of nothing")
