"""The runtime's metrics against what the same process counts in other ways: runtime.MemStats, and gctrace."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
import pytest
from tests.bench_fixtures import ORACLE, VARIANT, bench_at, places

from claimlab.benches.bench import Bench
from claimlab.instruments import heap, processes
from claimlab.instruments.gobuild import build
from claimlab.instruments.heap import LIVE, SCANNED, Cycle, HeapCounts
from claimlab.instruments.processes import Ran

pytest_plugins = ["tests.bench_fixtures"]

MIB: Final = 1 << 20
POINTERS: Final = 1 << 20
SOURCE: Final = b"""package main

import (
	"fmt"
	"os"
	"runtime"
)

var (
	numbers  []int
	pointers []*int
)

func main() {
	reportHeap("start")
	numbers = make([]int, 1<<20)
	runtime.GC()
	reportHeap("numbers")
	pointers = make([]*int, 1<<20)
	runtime.GC()
	reportHeap("pointers")
	if len(os.Args) > 1 {
		for i := 0; i < 1000; i++ {
			pointers[i] = &make([]int, 100)[0]
		}
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	reportHeap("end")
	fmt.Printf("stats {\\"NumGC\\":%d,\\"NumForcedGC\\":%d,\\"Mallocs\\":%d,\\"Frees\\":%d,\\"TotalAlloc\\":%d}\\n",
		m.NumGC, m.NumForcedGC, m.Mallocs, m.Frees, m.TotalAlloc)
}
"""
PLACES: Final = places(*ORACLE, VARIANT)
newest_only = pytest.mark.parametrize("counted", PLACES[-1:], indirect=True)


@dataclass
class CountedHeap:
    """A process that reported, with the witnesses' accounts of it."""

    bench: Bench
    ran: Ran
    reports: dict[str, HeapCounts]
    cycles: list[Cycle]
    stats: dict[str, int]


@pytest.fixture(scope="module", params=PLACES)
def counted(request: pytest.FixtureRequest) -> Iterator[CountedHeap]:
    with bench_at(request) as bench:
        binary = build(bench, heap.with_reports({"main.go": SOURCE}))
        ran = processes.once(bench, [f"./{binary.name}", "more"], gomaxprocs=2, env={"GODEBUG": "gctrace=1"})
        assert ran.exit_code == 0, ran.stderr
        (line,) = [line for line in ran.stdout.splitlines() if line.startswith("stats ")]
        stats = msgspec.json.decode(line.removeprefix("stats "), type=dict[str, int])
        yield CountedHeap(bench, ran, heap.reports(ran), heap.cycles(ran), stats)


def test_every_report_is_read_by_its_label(counted: CountedHeap) -> None:
    assert list(counted.reports) == ["start", "numbers", "pointers", "end"]


def test_every_cycle_is_traced_and_counted(counted: CountedHeap) -> None:
    end = counted.reports["end"]
    assert [cycle.number for cycle in counted.cycles] == list(range(1, len(counted.cycles) + 1))
    assert end["/gc/cycles/total:gc-cycles"] == counted.stats["NumGC"] == len(counted.cycles)
    forced = sum(cycle.forced for cycle in counted.cycles)
    assert end["/gc/cycles/forced:gc-cycles"] == counted.stats["NumForcedGC"] == forced == 3


def test_live_bytes_are_those_of_the_trace(counted: CountedHeap) -> None:
    """The trace has whole MiB. Between a forced cycle and the report the runtime may have ended another one, so reports
    are held against every cycle's figure."""
    for label, at_least_mib in (("numbers", 8), ("pointers", 16)):
        live = counted.reports[label][LIVE]
        assert live >= at_least_mib * MIB
        assert live // MIB in {cycle.live_mib for cycle in counted.cycles}


def test_what_was_allocated_agrees_with_the_other_count(counted: CountedHeap) -> None:
    """MemStats counts each tiny allocation as an object; the metrics count those apart. A report allocates a little."""
    end, stats = counted.reports["end"], counted.stats
    objects = end["/gc/heap/allocs:objects"] + end["/gc/heap/tiny/allocs:objects"]
    assert 0 <= objects - stats["Mallocs"] < 100
    assert 0 <= end["/gc/heap/allocs:bytes"] - stats["TotalAlloc"] < 100_000
    live = end["/gc/heap/allocs:objects"] - end["/gc/heap/frees:objects"]
    assert live == end["/gc/heap/objects:objects"]


def test_scanned_bytes_are_those_of_memory_with_pointers(counted: CountedHeap) -> None:
    numbers, pointers = counted.reports["numbers"][SCANNED], counted.reports["pointers"][SCANNED]
    assert numbers < MIB
    assert abs(pointers - numbers - 8 * POINTERS) < MIB, "what else is scanned comes and goes: 80 bytes went once"


def test_cycles_lie_within_the_process(counted: CountedHeap) -> None:
    starts = [cycle.start_s for cycle in counted.cycles]
    assert starts == sorted(starts)
    assert all(cycle.processors == 2 for cycle in counted.cycles)
    assert all(cycle.mark_ms > 0 for cycle in counted.cycles)


@newest_only
def test_what_a_release_does_not_count_is_none(counted: CountedHeap) -> None:
    sources = heap.with_reports({"main.go": SOURCE})
    (name,) = [name for name in sources if name != "main.go"]
    sources[name] = sources[name].replace(LIVE.encode(), b"/gc/nosuch:bytes")
    binary = build(counted.bench, sources, "lacking")
    report = heap.reports(processes.once(counted.bench, [f"./{binary.name}"], gomaxprocs=1))["end"]
    assert report.counted["/gc/nosuch:bytes"] is None
    assert report[SCANNED] > 0
    with pytest.raises(KeyError, match="not counted"):
        report["/gc/nosuch:bytes"]


def test_a_trace_is_read_in_the_forms_of_all_releases() -> None:
    text = (
        "gc 1 @0.012s 2%: 0.026+0.39+0.10 ms clock, 0.21+0.88/0.52/0+0.81 ms cpu, 4->5->3 MB, 4 MB goal, "
        "0 MB stacks, 0 MB globals, 8 P\n"
        "scvg: something else\n"
        "gc 12 @3.5s 17% (checking for goroutine leaks): 0.1+12+0.2 ms clock, 0.2+0/1.5/2+0.4 ms cpu, 16->16->16 MB, "
        "17 MB goal, 0 MB stacks, 1 MB globals, 2 P (forced)\n"
    )
    first, second = heap.cycles(Ran([], {}, 0, False, "", text))
    assert (first.number, first.start_s, first.mark_ms, first.forced) == (1, 0.012, 0.39, False)
    assert (first.before_mib, first.after_mib, first.live_mib, first.goal_mib, first.processors) == (4, 5, 3, 4, 8)
    assert (second.number, second.sweep_termination_ms, second.mark_termination_ms) == (12, 0.1, 0.2)
    assert (second.processors, second.forced) == (2, True)


def test_other_lines_of_the_program_are_no_reports() -> None:
    text = 'heap of things\nheap {"label":"a","counted":{"x":1,"y":null}}\nheap {"label":"a","counted":{"x":2}}\n'
    found = heap.reports(Ran([], {}, 0, False, text, ""))
    assert found == {"a": HeapCounts("a", {"x": 2})}
