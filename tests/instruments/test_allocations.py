"""Functions that allocate what is known, counted by both witnesses, and held against testing.AllocsPerRun, the memory
profiler and the machine code of the allocator."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
import pytest
from tests.bench_fixtures import EVERY_RELEASE, NEWEST, RESOURCES, bench_at, places, shell

from claimlab.benches.bench import Bench
from claimlab.instruments import allocations, processes
from claimlab.instruments.allocations import Allocated, Allocations, Round, Site, executions, measure, sites
from claimlab.instruments.gdb import Counted
from claimlab.instruments.gobuild import build
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

SOURCE: Final = (RESOURCES / "allocating.go").read_bytes()
KNOWN: Final = {
    "tiny": (4, 4),  # four of them share a block of 16 bytes
    "noPointers": (16, 16),
    "pointers": (16, 16),
    "small": (200, 208),
    "slice": (800, 896),
    "sliceOfPointers": (8000, 8192),
    "large": (100 << 10, 13 * 8192),
    "stringOfBytes": (46, 48),
    "closure": (16, 16),
    "boxed": (8, 8),
    "interfaceOfStruct": (16, 16),
}
"""Functions with one object a call: the bytes they ask for, and those of its block (runtime/sizeclasses.go)."""
NONE: Final = ("nothing", "onTheStack", "ofNoBytes", "ofNoSize", "emptied")
OTHERS: Final = ("third", "maps", "viaOthers", "viaOwn", "ranges")
FUNCTIONS: Final = [*KNOWN, *NONE, *OTHERS]
ORACLE_MAIN: Final = (RESOURCES / "allocating_oracle.go").read_bytes()
newest_only = pytest.mark.parametrize("counted", places(NEWEST)[:1], indirect=True)


class Oracle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Go's own tools say of one function."""

    per_run: float
    """By testing.AllocsPerRun, which cuts fractions."""
    profiled: dict[str, list[int]]
    """Objects and bytes of 100 calls by the memory profiler, which sees one object of each tiny block, by the innermost
    function that is not the runtime's."""


@dataclass
class CountedCalls:
    bench: Bench
    toolchain: str
    seen: Allocations
    oracle: dict[str, Oracle]


@pytest.fixture(scope="module", params=EVERY_RELEASE)
def counted(request: pytest.FixtureRequest) -> Iterator[CountedCalls]:
    with bench_at(request) as bench:
        seen = measure(bench, FUNCTIONS, {"main.go": SOURCE})
        named = "".join(f'\t{{"{name}", {name}}},\n' for name in FUNCTIONS)
        table = f"package main\n\nvar all = []struct {{\n\tname string\n\tcall func()\n}}{{\n{named}}}\n"
        binary = build(bench, {"main.go": SOURCE, "oracle.go": ORACLE_MAIN, "all.go": table.encode()}, "oracle")
        said = processes.once(bench, [f"./{binary.name}"], gomaxprocs=1)
        assert said.exit_code == 0, said.stderr
        oracle = msgspec.json.decode(said.stdout, type=dict[str, Oracle])
        yield CountedCalls(bench, bench.toolchain.name, seen, oracle)


@pytest.mark.parametrize("function", KNOWN)
def test_one_object_of_a_known_size_is_counted_by_both(counted: CountedCalls, function: str) -> None:
    one, (asked, block) = counted.seen[function], KNOWN[function]
    assert one.allocates() is True
    assert (one.objects, one.size_bytes) == (1, block)
    assert [(site.function, site.objects, site.size_bytes) for site in one.sites] == [
        (f"main.{function}", one.watched, one.watched * asked)
    ]
    assert one.objects_by_gdb == one.by(f"main.{function}") == 1


@pytest.mark.parametrize("function", NONE)
def test_what_allocates_nothing_is_seen_to_allocate_nothing(counted: CountedCalls, function: str) -> None:
    one = counted.seen[function]
    assert one.allocates() is False
    assert (one.objects, one.size_bytes, one.sites) == (0, 0, [])


def test_some_calls_that_allocate_are_a_fraction(counted: CountedCalls) -> None:
    """Of 5 × 1000 calls, after 100 each, every third one."""
    one = counted.seen["third"]
    assert [found.objects for found in one.rounds] == pytest.approx([333] * 5, abs=1)
    assert one.objects == pytest.approx(1 / 3, abs=0.001)
    assert one.size_bytes == 16 * one.objects
    assert one.objects_by_gdb in {0.3, 0.4}


def test_who_asked_is_the_function_that_is_not_the_runtimes(counted: CountedCalls) -> None:
    one = counted.seen["viaOthers"]
    assert one.objects == one.objects_by_gdb == 3
    by = {site.function: site.objects / one.watched for site in one.sites}
    # strings.Clone is a call of the other one since 1.23.
    assert {
        ("strings.Clone" if name == "internal/stringslite.Clone" else name): count for name, count in by.items()
    } == {
        "strings.Clone": 1,
        "main.pointers": 1,
        "main.(*list).push": 1,
    }
    assert all(site.chain[-1] == "main.viaOthers" for site in one.sites)


def test_a_map_is_several_objects_of_the_function_that_makes_it(counted: CountedCalls) -> None:
    one = counted.seen["maps"]
    assert one.objects == one.objects_by_gdb == counted.oracle["maps"].per_run > 2
    assert {site.function for site in one.sites} == {"main.maps"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_gos_own_testing_package_counts_the_same(counted: CountedCalls, function: str) -> None:
    assert counted.oracle[function].per_run == int(counted.seen[function].objects)


@pytest.mark.parametrize(
    "function", [name for name in FUNCTIONS if name not in ("tiny", "boxed", "third", "viaOthers")]
)
def test_the_memory_profiler_names_the_same_functions(counted: CountedCalls, function: str) -> None:
    """It sees every object at MemProfileRate=1, but of the tiny ones only those that begin a block; and it has the
    blocks' bytes, not those asked for. Of inlined callers it does not name the same one in each release."""
    one, profiled = counted.seen[function], counted.oracle[function].profiled
    by_gdb: dict[str, int] = {}
    for site in one.sites:
        by_gdb[site.function] = by_gdb.get(site.function, 0) + site.objects
    assert {name: objects for name, (objects, _) in profiled.items()} == {
        name: 100 * objects // one.watched for name, objects in by_gdb.items()
    }
    assert sum(size for _, size in profiled.values()) == 100 * one.size_bytes


def test_range_of_a_sync_map_allocates_in_the_oldest_release_only(counted: CountedCalls) -> None:
    """golang/go#62404: a variable of Range escaped; since 1.22 only its copy does, where it is needed (sync/map.go)."""
    one = counted.seen["ranges"]
    old = counted.toolchain.startswith("1.21.")
    assert one.allocates() is old
    assert one.by("sync.(*Map).Range") == (1 if old else 0)


# The allocator's entries


def test_nobody_else_takes_memory_from_the_allocators_caches(counted: CountedCalls) -> None:
    """Of all machine code of the binary, only known functions call what refills a cache or makes a large object."""
    listing = shell(counted.bench, "objdump --disassemble --no-show-raw-insn allocations", 120).or_broken("no objdump")
    function, callers = "", set()
    for line in listing.text().splitlines():
        if head := re.fullmatch(r"[0-9a-f]+ <(.+)>:", line):
            function = head[1]
        elif re.search(r"(?:call|bl)\s.*<runtime\.\(\*mcache\)\.(?:nextFree|allocLarge)>", line):
            callers.add(function)
    assert callers
    assert callers <= set(counted.seen.entries)


def test_compiled_code_enters_it_by_other_names_since_1_27(counted: CountedCalls) -> None:
    """So who counts runtime.mallocgc alone sees nothing of these."""
    entered = {name: counted.seen[name].sites[0].chain[0] for name in ("tiny", "noPointers", "pointers", "closure")}
    if counted.toolchain == NEWEST:
        assert entered["tiny"] == "runtime.mallocgcTinySC2"
        assert "runtime.mallocgc" not in entered.values()
    else:
        assert set(entered.values()) == {"runtime.mallocgc"}
    assert "runtime.mallocgc" in counted.seen.entries


@newest_only
def test_an_incomplete_set_of_entries_breaks_the_lab(counted: CountedCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocations, "_ENTRY", re.compile(r"runtime\.mallocgc"))
    with pytest.raises(LabBroken, match=r"gdb counts \(0, 0\) where 1 are allocated"):
        measure(counted.bench, ["nothing"], {"main.go": SOURCE}, "weak")


# What else can be asked for


@newest_only
def test_the_compiler_and_the_environment_can_be_told_what_to_do(counted: CountedCalls) -> None:
    source = {"main.go": SOURCE}
    seen = measure(counted.bench, ["inlinedAway"], source, "inlined", calls=10, rounds=1)
    assert seen["inlinedAway"].allocates() is False
    seen = measure(counted.bench, ["inlinedAway"], source, "kept", calls=10, rounds=1, gcflags="-l")
    assert seen["inlinedAway"].by("main.made") == seen["inlinedAway"].objects == 1
    seen = measure(counted.bench, ["ifAsked"], source, "asked", calls=10, rounds=1, env={"LAB": "1"})
    assert seen["ifAsked"].allocates() is True
    assert measure(counted.bench, ["ifAsked"], source, "unasked", calls=10, rounds=1)["ifAsked"].allocates() is False


@newest_only
def test_what_is_done_only_once_is_not_counted(counted: CountedCalls) -> None:
    one = measure(counted.bench, ["lazy"], {"main.go": SOURCE}, "lazy")["lazy"]
    assert one.allocates() is False
    one = measure(counted.bench, ["lazy"], {"main.go": SOURCE}, "eager", warm_up=0)["lazy"]
    assert [found.objects for found in one.rounds] == [1, 0, 0, 0, 0]
    assert one.by("main.lazy.func1") == 1 / one.watched


@newest_only
@pytest.mark.parametrize(
    ("functions", "words"),
    [
        (["nosuch"], "undefined: nosuch"),
        (["withResult"], "withResult .*as func"),
        (["panics"], "the calls of panics"),
        (["a b"], "nothing can be counted: a b"),
        (["allocatesTooMuch"], "let it watch fewer"),
    ],
)
def test_what_cannot_be_counted_breaks_the_lab(counted: CountedCalls, functions: list[str], words: str) -> None:
    with pytest.raises(LabBroken) as caught:
        measure(counted.bench, functions, {"main.go": SOURCE}, "wrong", calls=1, rounds=1, warm_up=0)
    assert re.search(words, f"{caught.value}\n{caught.value.tail}")


@newest_only
def test_a_program_with_a_main_of_its_own_breaks_the_lab(counted: CountedCalls) -> None:
    with pytest.raises(LabBroken, match="main redeclared"):
        measure(counted.bench, ["nothing"], {"main.go": SOURCE + b"\nfunc main() {}\n"}, "two")


# From what gdb counted to who asked


ENTRIES: Final = ["runtime.mallocgc", "runtime.mallocgcTinySC2"]
INNER: Final = "runtime.mallocgcTinySC2 < runtime.mallocgc < runtime.newobject < main.f < main.callCounted"


def test_an_allocation_that_passes_through_two_entries_is_one() -> None:
    outer = INNER.partition(" < ")[2]
    direct = "runtime.mallocgcTinySC2 < strings.Clone < main.f < main.callCounted < main.main"
    counted = [
        Counted("runtime.mallocgc", True, 4, {outer: 4}, {outer: 32}),
        Counted("runtime.mallocgcTinySC2", True, 9, {INNER: 4, direct: 5}, {INNER: 32, direct: 5}),
        Counted("main.f", True, 3, {"main.f < main.callCounted": 3}),
    ]
    assert executions(counted, ENTRIES) == {outer: 4, direct: 5}
    assert sites(counted, ENTRIES) == [
        Site("strings.Clone", ["runtime.mallocgcTinySC2", "strings.Clone", "main.f"], 5, 5),
        Site("main.f", ["runtime.mallocgc", "runtime.newobject", "main.f"], 4, 32),
    ]


def test_what_asks_for_no_bytes_gets_no_object() -> None:
    chain = "runtime.mallocgc < runtime.makeslice < main.f"
    counted = [Counted("runtime.mallocgc", True, 4, {chain: 4}, {chain: 0})]
    assert executions(counted, ENTRIES) == {chain: 4}
    assert sites(counted, ENTRIES) == []


@pytest.mark.parametrize(
    ("objects", "objects_by_gdb", "allocates"), [(0, 0, False), (5, 5, True), (0, 5, None), (5, 0, None)]
)
def test_witnesses_that_disagree_are_no_answer(objects: int, objects_by_gdb: int, allocates: bool | None) -> None:
    found = [Site("main.f", ["runtime.mallocgc", "main.f"], objects_by_gdb, 8 * objects_by_gdb)][:objects_by_gdb]
    assert Allocated("f", 5, [Round(objects, 8 * objects)], 5, found).allocates() is allocates


def test_what_was_counted_in_words() -> None:
    found = [Site(name, ["runtime.mallocgc", name], 5, 40) for name in ("main.f", "strings.Clone", "main.f")]
    assert (
        str(Allocated("f", 10, [Round(15, 120)], 10, found)) == "1.5 objects, 12 bytes a call, by main.f, strings.Clone"
    )
    assert str(Allocated("f", 10, [Round(10, 10)], 10, found[:1])) == "1 object, 1 byte a call, by main.f"
    assert str(Allocated("f", 10, [Round(0, 0)], 10, [])) == "0 objects, 0 bytes a call"


@newest_only
def test_without_sources_the_labs_own_are_counted(counted: CountedCalls) -> None:
    counted.bench.files = {"main.go": SOURCE}
    assert measure(counted.bench, ["nothing"], name="own", calls=10, rounds=1)["nothing"].allocates() is False
