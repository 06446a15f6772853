"""How benchmarks compare between releases: ``look.bench``."""

import re
from collections.abc import Mapping
from statistics import median
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import packages, timing
from claimlab.instruments.gobuild import Binary, brought
from claimlab.instruments.ratios import LEAST_ROUNDS, Ratio, chance
from claimlab.instruments.timing import Arm, Timing
from claimlab.questions.programs import own_files
from claimlab.questions.question import Answer, Question, Row, Seen, Sees

SIGNIFICANT: Final = 0.05
"""As benchstat has it."""
_LIFE_S: Final = 3600.0
_ALLOCATED: Final = ("B/op", "allocs/op")
_FAILED: Final = re.compile(r"^--- FAIL: (Benchmark\S*?)(?:-\d+)?$", re.MULTILINE)


class Compared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One benchmark on one toolchain, beside the base."""

    ratio: Ratio
    """Of the times of one operation; its interval is paired by rounds."""
    chance: float
    """The p-value of the Mann-Whitney U test on the same samples."""


class Benched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One benchmark on all toolchains that have it."""

    timing: Timing
    """Its arms are toolchains."""
    compared: dict[str, Compared]
    """By toolchain, without the base; empty if too few rounds were clean, or it has no times."""


class BenchSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was measured in interleaved rounds, in which each toolchain had its turn."""

    benchmarks: dict[str, Benched] = msgspec.field(default_factory=dict)
    refusals: dict[str, str] = msgspec.field(default_factory=dict)
    """By toolchain, why it does not build."""

    def refusal(self, toolchain: str) -> str:
        return self.refusals.get(toolchain, "")


class Benchmarks(Question, frozen=True, tag="bench"):
    """What got faster or slower?"""

    toolchains: tuple[str, ...]
    """The last of them lends its bench to the others' programs."""
    base: str
    """The one that all are compared with."""
    bench: str = "."
    rounds: int = 15
    benchtime: str = "100ms"
    gomaxprocs: int = 1
    cores: float = 1.0
    """How many processors a benchmark keeps busy; a round in which one had less does not count. 0 if nobody knows."""

    sees: ClassVar[Sees] = BenchSeen
    tests: ClassVar[bool] = True
    timing: ClassVar[bool] = True
    life_s: ClassVar[float | None] = _LIFE_S

    @property
    def across(self) -> tuple[str, ...]:
        return self.toolchains

    def words(self) -> list[str]:
        options = ["--base", self.base, "--bench", self.bench, "--rounds", str(self.rounds)]
        options += ["--benchtime", self.benchtime, "--gomaxprocs", str(self.gomaxprocs), "--cores", f"{self.cores:g}"]
        others = [word for name in self.toolchains[:-1] for word in ("--go", name)]
        return [self.at, *options, *others]

    def look(self, bench: Bench) -> BenchSeen:
        files = own_files(bench)
        built: dict[str, Binary] = {}
        refusals: dict[str, str] = {}
        notes: dict[str, None] = {}
        for name, one in {**bench.beside, bench.toolchain.name: bench}.items():
            found = packages.build(one, files, self.package or ".", tests=True)
            notes |= dict.fromkeys(found.notes)
            if found.refused:
                refusals[name] = found.refused
            else:
                built[name] = brought(bench, one, packages.binary_of(one, found), f"on-{name}")
        if self.base not in built:
            return BenchSeen(notes=tuple(notes), refusals=refusals)
        names: dict[str, list[str]] = {}
        for name, binary in built.items():
            names[name], failing = self._names(bench, binary, name)
            notes |= dict.fromkeys(failing)
        asked = {one: [name for name in built if one in names[name]] for one in names[self.base]}
        measured = {one: self._measured(bench, one, {name: built[name] for name in has}) for one, has in asked.items()}
        return BenchSeen(notes=tuple(notes), benchmarks=measured, refusals=refusals)

    def _names(self, bench: Bench, binary: Binary, toolchain: str) -> tuple[list[str], list[str]]:
        """The benchmarks that the expression selects, with those inside them: each has run once. And what is to be
        said of those that fail."""
        options = ["-test.run=^$", f"-test.bench={self.bench}", "-test.benchtime=1x", "-test.benchmem"]
        options.append(f"-test.cpu={self.gomaxprocs}")
        argv = packages.in_folder(self.package or ".", binary.name, *options)
        done = bench.run(argv, step="run", timeout_s=300)
        failed = _FAILED.findall(done.text()) if done.exit_code == 1 and not done.timed_out else []
        if not failed:
            done.or_broken("the benchmarks failed when each was tried once")
        names = [one.name for one in timing.results(done.text(), self.gomaxprocs)]
        return names, [f"{one} fails on Go {toolchain}, and is left out" for one in failed]

    def _measured(self, bench: Bench, benchmark: str, binaries: Mapping[str, Binary]) -> Benched:
        arms = {
            name: Arm(
                benchmark,
                self.gomaxprocs,
                self.benchtime,
                self.cores,
                binary=one.name,
                memory=True,
                package=self.package or ".",
            )
            for name, one in binaries.items()
        }
        found = timing.measure(bench, binaries[self.base], arms, rounds=self.rounds, timeout_s=60)
        if len(found.clean()) < LEAST_ROUNDS or not found.has_times:
            return Benched(found, {})
        base = found.values(self.base)
        compared = {}
        for name in binaries:
            ratio = found.ratio((name, "ns/op"), (self.base, "ns/op"))
            if ratio is not None and name != self.base:
                compared[name] = Compared(ratio, chance(found.values(name), base))
        return Benched(found, compared)


# --- what is said of it ---


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One benchmark on one toolchain."""

    benchmark: str
    ns: float | None = None
    """The median time of an operation; None if too few rounds were clean, or it reports none above 0."""
    ratio: float | None = None
    """To the base's, the median of the rounds' ratios."""
    low: float | None = None
    high: float | None = None
    """Its 95 % interval."""
    chance: float | None = None
    """The p-value of the Mann-Whitney U test."""
    rounds: int = 0
    """That were clean."""
    bytes: tuple[float, ...] = ()
    """B/op, each value that was seen."""
    allocations: tuple[float, ...] = ()
    """allocs/op, each value that was seen."""

    @property
    def differs(self) -> str:
        """``faster``, ``slower``, or nothing that both the interval and benchstat's test would call a difference."""
        if self.ratio is None or self.low is None or self.high is None or self.chance is None:
            return ""
        if self.chance > SIGNIFICANT or self.low <= 1 <= self.high:
            return ""
        return "faster" if self.ratio < 1 else "slower"


class BenchAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All benchmarks on one toolchain."""

    measures: tuple[Measure, ...] = ()

    def key(self) -> object:
        """Times differ from one time to the next; what was significant does not, nor what is allocated."""
        return tuple((one.benchmark, one.differs, one.bytes, one.allocations) for one in self.measures)

    def rows(self) -> list[Row]:
        rows = [row for one in self.measures for row in _rows(one)]
        return rows or [Row("", "there are no benchmarks")]


def _rows(one: Measure) -> list[Row]:
    found = zip(_ALLOCATED, (one.bytes, one.allocations), strict=True)
    allocated = [Row(f"{one.benchmark} {unit}", _each(values)) for unit, values in found if values]
    return [Row(f"{one.benchmark} ns/op", _time(one), counts=True), *allocated]


def _time(one: Measure) -> str:
    if one.ns is None:
        few = one.rounds < LEAST_ROUNDS
        return f"nobody knows: {one.rounds} clean rounds" if few else "it reports none above 0: does it loop b.N times?"
    if one.ratio is None:
        return f"{one.ns:.4g}"
    interval = "" if one.low is None else f" [{one.low:.3f}, {one.high:.3f}]"
    return f"{one.ns:.4g}  ×{one.ratio:.3f}{interval} p={one.chance:.3f} {one.differs or '~'}"


def _each(values: tuple[float, ...]) -> str:
    shown = [f"{value:g}" for value in values]
    return shown[0] if len(shown) == 1 else f"{shown[0]} to {shown[-1]}"


def answer(seen: BenchSeen, toolchain: str) -> BenchAnswer:
    """What was measured on that toolchain."""
    found = {name: one for name, one in seen.benchmarks.items() if toolchain in one.timing.arms}
    return BenchAnswer(tuple(_measure(name, one, toolchain) for name, one in found.items()))


def hints(seen: BenchSeen, toolchain: str, cores: float) -> list[str]:
    """Why nobody knows how long something takes, and what to do about it."""
    timed = [one.timing for one in seen.benchmarks.values() if toolchain in one.timing.arms]
    if all(len(one.clean()) >= LEAST_ROUNDS for one in timed):
        return []
    rounds = max(len(one.rounds) for one in timed)
    why = f"in the others a benchmark had not as many processors to itself as --cores says ({cores:g})"
    todo = "Ask again when the machine does less, with --fresh; --cores 0 counts them all"
    return [f"of {rounds} rounds fewer than {LEAST_ROUNDS} were clean: {why}. {todo}"]


def _measure(name: str, one: Benched, toolchain: str) -> Measure:
    rounds = one.timing.clean()
    enough = len(rounds) >= LEAST_ROUNDS
    every = [samples[toolchain].values for samples in one.timing.rounds]
    size, count = (tuple(sorted({values[unit] for values in every if unit in values})) for unit in _ALLOCATED)
    compared = one.compared.get(toolchain)
    return Measure(
        name,
        ns=median(one.timing.values(toolchain)) if enough and one.timing.has_times else None,
        ratio=compared.ratio.ratio if compared else None,
        low=compared.ratio.low if compared else None,
        high=compared.ratio.high if compared else None,
        chance=compared.chance if compared else None,
        rounds=len(rounds),
        bytes=size,
        allocations=count,
    )


def benchfmt(seen: BenchSeen, toolchain: str) -> str:
    """The raw samples of a toolchain's clean rounds in Go's benchmark format, which benchstat reads
    (https://go.dev/design/14313-benchmark-format)."""
    lines = [f"toolchain: {toolchain}", ""]
    for name, one in seen.benchmarks.items():
        for samples in one.timing.clean():
            if sample := samples.get(toolchain):
                suffix = timing.suffix_of(one.timing.arms[toolchain].gomaxprocs)
                values = "\t".join(f"{value:.15g} {unit}" for unit, value in sample.values.items())
                lines.append(f"{name}{suffix}\t{sample.iterations}\t{values}")
    return "\n".join(lines) + "\n"
