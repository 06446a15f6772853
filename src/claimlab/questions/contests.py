"""How the times of two benchmarks compare, or those of one on two releases."""

from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import packages, timing
from claimlab.instruments.gobuild import Binary, brought
from claimlab.instruments.ratios import Ratio
from claimlab.instruments.timing import Arm, Timing
from claimlab.questions.go_benchmarks import short_name
from claimlab.questions.programs import own_files
from claimlab.questions.question import Question, Seen, Sees
from claimlab.trials.across import PREVIOUS

_LIFE_S: Final = 3600.0
_TIME: Final = "ns/op"


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two that had their turns in the same rounds."""

    one: str
    other: str
    ratio: Ratio | None
    """So many times as long does the one take as the other. None if no round was clean."""


class ContestSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The pair that is compared, and another whose ratio is known to be another."""

    pair: Pair | None = None
    control: Pair | None = None
    timing: Timing | None = None


@dataclass(frozen=True)
class Side:
    """The program of one toolchain."""

    binary: Binary
    where: str = ""
    """What is added to the names of its benchmarks."""


class Contest(Question, frozen=True, tag="contest"):
    """How many times as long does one benchmark take as another?"""

    benchmark: str
    """Its full name."""
    against: str = ""
    """The full name of another; the benchmark itself on the toolchain beside, if it is empty."""
    beside: str = ""
    """That toolchain: a release, or ``previous``."""
    control: str = ""
    """The full name of one that stands for the benchmark in the control; the other itself, once more, if it is
    empty."""
    rounds: int = 15
    benchtime: str = "100ms"
    gomaxprocs: int = 1
    cores: float = 1.0

    sees: ClassVar[Sees] = ContestSeen
    tests: ClassVar[bool] = True
    timing: ClassVar[bool] = True
    life_s: ClassVar[float | None] = _LIFE_S

    @property
    def kind(self) -> str:
        return "bench"

    @property
    def across(self) -> str:
        return self.beside

    def words(self) -> list[str]:
        return [self.at, "--bench", f"^{self.benchmark}$", "--benchtime", self.benchtime]

    def look(self, bench: Bench) -> ContestSeen:
        if self.beside and not bench.beside:
            before = self.beside == PREVIOUS
            return ContestSeen(lacks="there is no release before it" if before else "the others are compared with it")
        files = own_files(bench)
        found = packages.build(bench, files, self.package or ".", tests=True)
        if found.refused:
            return ContestSeen(refused=found.refused, notes=found.notes)
        own = packages.binary_of(bench, found)
        if not self.beside:
            return self._measured(bench, Side(own), Side(own), found.notes)
        ((name, other),) = bench.beside.items()
        theirs = packages.build(other, files, self.package or ".", tests=True)
        if theirs.refused:
            return ContestSeen(lacks=f"the sources do not build on Go {name}\n{theirs.refused}", notes=theirs.notes)
        there = Side(brought(bench, other, packages.binary_of(other, theirs), f"on-{name}"), f" on Go {name}")
        here = Side(own, f" on Go {bench.toolchain.name}")
        return self._measured(bench, here, there, (*found.notes, *theirs.notes))

    def _measured(self, bench: Bench, here: Side, there: Side, notes: tuple[str, ...]) -> ContestSeen:
        """The benchmark on this side, the other on that one, and the control had their turns in each round."""
        one, arm = self._entrant(self.benchmark, here)
        other, its_arm = self._entrant(self.against or self.benchmark, there)
        known, third = self._entrant(self.control, here) if self.control else (f"{other}, once more", its_arm)
        arms = {one: arm, other: its_arm, known: third}
        seen = timing.measure(bench, here.binary, arms, rounds=self.rounds, timeout_s=60)
        return ContestSeen(notes=notes, pair=_pair(seen, one, other), control=_pair(seen, known, other), timing=seen)

    def _entrant(self, benchmark: str, side: Side) -> tuple[str, Arm]:
        """What it is called among the three, and how it is run."""
        arm = Arm(
            benchmark, self.gomaxprocs, self.benchtime, self.cores, binary=side.binary.name, package=self.package or "."
        )
        return short_name(benchmark) + side.where, arm


def _pair(seen: Timing, one: str, other: str) -> Pair:
    return Pair(one, other, seen.ratio((one, _TIME), (other, _TIME)))
