"""What one operation of a benchmark allocates, as ``go test -benchmem`` counts it."""

from pathlib import PurePosixPath
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import packages, timing
from claimlab.instruments.timing import Arm, Timing
from claimlab.questions.go_benchmarks import declared
from claimlab.questions.programs import own_files
from claimlab.questions.question import Question, Seen, Sees

CONTROL: Final = "BenchmarkClaimlabControl"
_FILE: Final = "claimlab_control_test.go"
OBJECT_BYTES: Final = 64
"""Eight words: a size class of the allocator, so nothing is rounded (runtime/sizeclasses.go)."""
_CONTROL: Final = """\
package {package}

import "testing"

type claimlabBox struct {{
	next  *claimlabBox
	words [7]int64
}}

var claimlabKept *claimlabBox

func BenchmarkClaimlabControl(b *testing.B) {{
	for i := 0; i < b.N; i++ {{
		var box *claimlabBox
		for j := 0; j < {objects}; j++ {{
			box = &claimlabBox{{next: box}}
		}}
		claimlabKept = box
	}}
}}
"""


class PerOperation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a benchmark reported, one value for each fresh process."""

    benchmark: str
    iterations: tuple[int, ...]
    allocs: tuple[int, ...]
    """allocs/op: all objects that were allocated, by the number of iterations, rounded down (testing/benchmark.go)."""
    bytes: tuple[int, ...]
    """B/op, likewise."""


class AllocsSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The benchmark, and one of which it is known that it allocates something else."""

    benchmark: PerOperation | None = None
    control: PerOperation | None = None


class Allocs(Question, frozen=True, tag="allocs"):
    """What does one operation of a benchmark allocate?"""

    benchmark: str
    """Its full name."""
    control: str = ""
    """The full name of another one; CONTROL, which is put beside the sources, if it is empty."""
    control_objects: int = 0
    """So many does CONTROL allocate, each of OBJECT_BYTES."""
    rounds: int = 15
    benchtime: str = "100ms"
    gomaxprocs: int = 1

    sees: ClassVar[Sees] = AllocsSeen
    tests: ClassVar[bool] = True

    @property
    def kind(self) -> str:
        return "bench"

    def words(self) -> list[str]:
        return [self.at, "--bench", f"^{self.benchmark}$", "--benchtime", self.benchtime]

    def look(self, bench: Bench) -> AllocsSeen:
        files = own_files(bench)
        if not self.control:
            package = declared(files, self.package)[self.benchmark.partition("/")[0]]
            text = _CONTROL.format(package=package, objects=self.control_objects)
            files |= {str(PurePosixPath(self.package or ".") / _FILE): text.encode()}
        found = packages.build(bench, files, self.package or ".", tests=True)
        if found.refused:
            return AllocsSeen(refused=found.refused, notes=found.notes)
        binary = packages.binary_of(bench, found)
        names = (self.benchmark, self.control or CONTROL)
        package = self.package or "."
        arms = {
            name: Arm(name, self.gomaxprocs, self.benchtime, cores=0, memory=True, package=package) for name in names
        }
        seen = timing.measure(bench, binary, arms, rounds=self.rounds, timeout_s=60)
        one, other = (_per_operation(seen, name) for name in names)
        return AllocsSeen(notes=found.notes, benchmark=one, control=other)


def _per_operation(seen: Timing, benchmark: str) -> PerOperation:
    samples = [one[benchmark] for one in seen.rounds]
    return PerOperation(
        benchmark,
        iterations=tuple(one.iterations for one in samples),
        allocs=tuple(int(one.values["allocs/op"]) for one in samples),
        bytes=tuple(int(one.values["B/op"]) for one in samples),
    )
