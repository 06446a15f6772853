"""Go benchmarks as an instrument: raw samples, taken in interleaved rounds and only where the processors were given.

Whoever compares two times takes them in turns, because a machine is not the same from one minute to the next; and
looks whether each process really had its cores. Every sample is kept; ratios and their intervals are computed from the
clean rounds when measuring, and stand beside the samples (:func:`claimlab.instruments.ratios.paired_ratio`).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from claimlab.benches import watching
from claimlab.benches.bench import Bench, with_godebug
from claimlab.instruments import packages
from claimlab.instruments.answers import decoded
from claimlab.instruments.gobuild import Binary
from claimlab.instruments.ratios import LEAST_ROUNDS, SEED, Ratio, paired_ratio
from claimlab.project.errors import LabBroken

_INSIDE: Final = Path(__file__).parent / "inside"
_SCRIPT: Final = _INSIDE / "run_benchmarks.py"
_WATCHING: Final = Path(watching.__file__)

WINDOWS: Final[dict[str, bytes]] = {"windows_test.go": (_INSIDE / "windows_test.go").read_bytes()}
"""Go source to build benchmarks with whose loops must run at the same time: see its first comment."""
_CLEAN_WINDOWS: Final = {"clean-windows": 50, "own-cores": 0.95}
"""With so many the median is that of an undisturbed run. Measured on virtual processors: 0.99 to 1.01 while they have a
core each, 0.87 to 0.90 while they share one."""

_RESULT: Final = re.compile(r"Benchmark(?:[^a-z\s]\S*)?")


class Arm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of the benchmarks that are compared."""

    benchmark: str
    """Its full name: ``BenchmarkLoad``, ``BenchmarkLoad/size=8``."""
    gomaxprocs: int
    benchtime: str
    """``100x`` or ``20ms``: long enough that starting the process (some ms) does not count as missing cores."""
    cores: float = 1.0
    """How many processors it keeps busy from start to end; 0 if that is not to be watched."""
    least: dict[str, float] = {}
    """Metrics that the benchmark itself reports and what they have to reach in a clean sample."""
    pinned: list[int] = []
    """Which of the cores at hand it may use, counted from 0; all if empty."""
    env: dict[str, str] = {}
    """Further environment variables, such as GODEBUG or GOGC."""
    binary: str = ""
    """The name of its binary on the bench, if that is not the one of all arms."""
    memory: bool = False
    """It tells ``B/op`` and ``allocs/op`` too."""
    package: str = ""
    """The folder of the package it runs in, below ``program.src``; the bench's own folder if it is empty."""


def windows(benchmark: str, gomaxprocs: int, count: int) -> Arm:
    """An arm that is built with WINDOWS and says by itself whether its cores were there; `count` windows of each
    arrangement."""
    return Arm(benchmark, gomaxprocs, f"{count}x", cores=0, least=dict(_CLEAN_WINDOWS))


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of results."""

    name: str
    """Without the suffix for GOMAXPROCS."""
    iterations: int
    values: dict[str, float]
    """By unit, such as ``ns/op``."""


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one process of one arm measured."""

    iterations: int
    values: dict[str, float]
    wall_s: float
    cpu_s: float
    switched: int
    """How often the kernel took a processor from it."""
    clean: bool
    """It had its cores, and what it reports is enough."""


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The samples of all arms."""

    arms: dict[str, Arm]
    processors: int
    """How many the bench may use."""
    rounds: list[dict[str, Sample]]
    """By arm, in order of time; those that are not clean too."""
    others_busy: float | None = None
    """How many processors others kept busy on the whole machine, on average, from the first round to the last: 0.0 if
    it was idle but for the arms. What a hypervisor withheld counts too. None where that cannot be seen."""

    def clean(self) -> list[dict[str, Sample]]:
        """The rounds in which every arm was clean."""
        return [samples for samples in self.rounds if all(sample.clean for sample in samples.values())]

    @property
    def has_times(self) -> bool:
        """Every clean sample says how long one operation takes, and more than nothing: a benchmark that does not loop
        takes none."""
        return all(one.values.get("ns/op", 0) > 0 for samples in self.clean() for one in samples.values())

    def values(self, arm: str, unit: str = "ns/op") -> list[float]:
        """One value for each clean round; :class:`LabBroken` if one has none."""
        if lacking := [one for one in (samples[arm] for samples in self.clean()) if unit not in one.values]:
            raise LabBroken(f"{arm} reports no {unit} in {len(lacking)} rounds")
        return [samples[arm].values[unit] for samples in self.clean()]

    def ratio(self, of: tuple[str, str], to: tuple[str, str]) -> Ratio | None:
        """How many times as long the one takes as the other, each an arm and a unit; None if no round is clean."""
        if not self.clean():
            return None
        times = self.values(*of), self.values(*to)
        for (arm, unit), values in zip((of, to), times, strict=True):
            if min(values) <= 0:
                raise LabBroken(f"{arm} reports {min(values):g} {unit}, which makes no ratio: does it loop b.N times?")
        return paired_ratio(*times)


def measure(
    bench: Bench,
    binary: Binary,
    arms: Mapping[str, Arm],
    *,
    rounds: int = 15,
    most: int = 0,
    busy: float = 0.8,
    timeout_s: float = 20.0,
) -> Timing:
    """The arms of a binary built with ``benchmarks=True`` were run in turns until `rounds` rounds were clean.

    Or until `most` rounds were made (twice as many, if not given): then fewer are clean. A sample is clean if its
    process used at least the share `busy` of its cores' time, start and end included. Each round has an order of its
    own, by chance but always the same one.
    """
    if rounds < LEAST_ROUNDS:
        raise ValueError(f"{rounds} rounds give no interval: take {LEAST_ROUNDS} or more")
    most = most or 2 * rounds
    order = {
        "arms": {label: _order(bench, binary, arm, busy) for label, arm in arms.items()},
        "rounds": rounds,
        "most": most,
        "seed": SEED,
        "timeout_s": timeout_s,
    }
    bench.put({path.name: path.read_bytes() for path in (_SCRIPT, _WATCHING)})
    command = [bench.python, "-I", "run_benchmarks.py", msgspec.json.encode(order).decode()]
    limit_s = most * len(arms) * timeout_s + 30
    done = bench.run(command, step="run", timeout_s=limit_s).or_broken("the benchmarks failed")
    answer = decoded(done.stdout, _Answer, "the benchmarks' answer")
    taken = [{label: _sample(arms[label], samples[label]) for label in arms} for samples in answer.rounds]
    return Timing(dict(arms), answer.processors, taken, answer.others_busy)


class _Ran(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    wall_s: float
    cpu_s: float
    switched: int
    clean: bool


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    processors: int
    rounds: list[dict[str, _Ran]]
    others_busy: float | None


def _order(bench: Bench, binary: Binary, arm: Arm, busy: float) -> dict[str, object]:
    pattern = "/".join(f"^{re.escape(part)}$" for part in arm.benchmark.split("/"))
    options: dict[str, object] = {
        "run": "^$",
        "bench": pattern,
        "benchtime": arm.benchtime,
        "cpu": arm.gomaxprocs,
        "count": 1,
    }
    options |= {"benchmem": "true"} if arm.memory else {}
    program, words = arm.binary or binary.name, [f"-test.{name}={value}" for name, value in options.items()]
    return {
        "argv": packages.in_folder(arm.package, program, *words) if arm.package else [f"./{program}", *words],
        "env": {**with_godebug(bench.toolchain, arm.env), "GOMAXPROCS": str(arm.gomaxprocs)},
        "cores": arm.cores,
        "least": arm.least,
        "pinned": arm.pinned,
        "busy": busy,
    }


def _sample(arm: Arm, ran: _Ran) -> Sample:
    found = [result for result in results(ran.text, arm.gomaxprocs) if result.name == arm.benchmark]
    if len(found) != 1:
        what = f"there are {len(found)} results of {arm.benchmark} instead of one"
        raise LabBroken(f"{what}{_why_none(arm, ran.text)}", tail=ran.text)
    return Sample(found[0].iterations, found[0].values, ran.wall_s, ran.cpu_s, ran.switched, ran.clean)


def _why_none(arm: Arm, text: str) -> str:
    """A guess for who sees no result."""
    inside = [one.name for one in results(text, arm.gomaxprocs) if one.name.startswith(f"{arm.benchmark}/")]
    if inside:
        return f": it only runs others, {', '.join(inside)}"
    if any(line.split()[:1] == [arm.benchmark + suffix_of(arm.gomaxprocs)] for line in text.splitlines()):
        return ": it reports no time, or prints to standard output, where results stand"
    return ": it may have been skipped"


def suffix_of(gomaxprocs: int) -> str:
    """What follows a benchmark's name in its results."""
    return f"-{gomaxprocs}" if gomaxprocs > 1 else ""


def results(text: str, gomaxprocs: int) -> list[Result]:
    """The results in the output of benchmarks that ran under `gomaxprocs`; other lines are none of ours.

    The format: https://go.dev/design/14313-benchmark-format. A line is ``Benchmark<name>[-gomaxprocs] iterations`` and
    pairs of a value and its unit; the suffix is left out where it would be 1.
    """
    suffix = suffix_of(gomaxprocs)
    found = []
    for line in text.splitlines():
        name, *fields = line.split() or [""]
        if not _RESULT.fullmatch(name) or len(fields) < 3 or len(fields) % 2 == 0:
            continue
        try:
            iterations = int(fields[0])
            values = {unit: float(value) for value, unit in zip(fields[1::2], fields[2::2], strict=True)}
        except ValueError:
            continue
        found.append(Result(name.removesuffix(suffix), iterations, values))
    return found
