"""Claims about benchmarks that are data: what one operation allocates, and how times compare."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from claimlab.instruments.ratios import LEAST_ROUNDS
from claimlab.questions.allocs import OBJECT_BYTES, Allocs
from claimlab.questions.contests import Contest
from claimlab.questions.go_benchmarks import declared, full_name, is_benchtime
from claimlab.questions.tables import Asks, Table, one_of

_TELLS_ITSELF: Final = 0.05
"""A bound at least so far from 1 is one that a benchmark against itself does not keep by chance."""
_SETTINGS: Final = ("rounds", "benchtime", "gomaxprocs")


class BenchLook(Table, frozen=True):
    """``{ bench = "map_test.go", benchmark = "MapGet", allocs = 0 }``, or a ratio of times:
    ``{ bench = "map_test.go", benchmark = "MapGet", against = "SliceGet", ratio_at_least = 2.0 }``."""

    bench: str
    """The _test.go file, or the folder of the package, relative to the claims.toml."""
    benchmark: str
    """Its name, with ``Benchmark`` before it or without."""
    allocs: int | None = None
    """allocs/op"""
    bytes: int | None = None
    """B/op"""
    against: str = ""
    """Another benchmark, of the same release."""
    across: str = ""
    """A release such as ``1.23``, or ``previous``: the benchmark itself there."""
    ratio_at_most: float | None = None
    """So many times as long as the other it takes at most."""
    ratio_at_least: float | None = None
    control: str = ""
    """A benchmark of the same sources of which the claim is known to be wrong."""
    rounds: int = 15
    """In each of them every benchmark has its turn, in a fresh process."""
    benchtime: str = "100ms"
    gomaxprocs: int = 1
    cores: float = 1.0
    """How many processors a benchmark keeps busy; a round in which one had less decides nothing of times. 0 if nobody
    knows."""

    def check(self) -> None:
        self.refuse_in("bench")
        one_of(self, "allocs", "bytes", "ratio_at_most", "ratio_at_least")
        self._refuse_settings()
        self._refuse_others()
        if self.bound is not None and not self.control and not self._tells_itself:
            raise ValueError(
                f"a benchmark against itself may come out on either side of {self.bound:g}, or on the claimed one, so "
                "this wants a `control`: a benchmark of the same sources with which the claim would be wrong"
            )

    def _refuse_settings(self) -> None:
        """All figures can be."""
        self.refuse_arch()
        if self.rounds < LEAST_ROUNDS or self.gomaxprocs < 1 or self.cores < 0:
            raise ValueError(f"at least {LEAST_ROUNDS} rounds and one processor are needed")
        if not is_benchtime(self.benchtime):
            raise ValueError(
                f"benchtime is a duration or a number of iterations, such as 100ms or 1000x: {self.benchtime}"
            )
        if (self.allocs or 0) < 0 or (self.bytes or 0) < 0 or (self.bound is not None and self.bound <= 0):
            raise ValueError("what is allocated is 0 or more, and a ratio is more than 0")

    def _refuse_others(self) -> None:
        """A ratio is one to something, nothing else is, and no benchmark is named twice."""
        if self.bound is None and (self.against or self.across):
            raise ValueError("what is allocated is no ratio: leave `against` and `across` out")
        if self.bound is not None and bool(self.against) is bool(self.across):
            raise ValueError("a ratio is one to another benchmark, `against`, or to another release, `across`: say one")
        names = [full_name(one) for one in (self.benchmark, self.against, self.control) if one]
        if len(set(names)) < len(names):
            raise ValueError("`benchmark`, `against` and `control` are different benchmarks")

    @property
    def bound(self) -> float | None:
        """Of the ratio, if one is claimed."""
        return self.ratio_at_least if self.ratio_at_most is None else self.ratio_at_most

    @property
    def _tells_itself(self) -> bool:
        """The ratio of a benchmark to itself, 1, contradicts what is claimed, and clearly."""
        if self.ratio_at_most is not None:
            return self.ratio_at_most <= 1 - _TELLS_ITSELF
        return self.ratio_at_least is not None and self.ratio_at_least >= 1 + _TELLS_ITSELF

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.bench, tests=True)
        self._refuse_unknown(declared(found.files, found.package))
        about: dict[str, Any] = {name: getattr(self, name) for name in _SETTINGS}
        about |= {"at": self.bench, "package": found.package, "benchmark": full_name(self.benchmark)}
        about |= {"control": full_name(self.control)} if self.control else {}
        if self.bound is None:
            return Allocs(**about, control_objects=0 if self.control else self._other_count()), found.files
        against = full_name(self.against) if self.against else ""
        return Contest(**about, against=against, beside=self.across, cores=self.cores), found.files

    def _refuse_unknown(self, known: Mapping[str, str]) -> None:
        for name in filter(None, (self.benchmark, self.against, self.control)):
            if full_name(name).partition("/")[0] not in known:
                there = ", ".join(one.removeprefix("Benchmark") for one in known) or "no benchmark"
                raise ValueError(f"there is no benchmark {name} in {self.bench}, where there is {there}")

    def _other_count(self) -> int:
        """So many objects does claimlab's own benchmark allocate: their number and size are not the claimed ones."""
        return 3 if self.allocs != 3 and self.bytes != 3 * OBJECT_BYTES else 4
