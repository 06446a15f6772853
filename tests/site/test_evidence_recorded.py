"""Evidence on pages, from what real trials of all labs recorded."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from markupsafe import Markup
from tests.ours import OUR, TOOLCHAINS
from tests.shown_html import WIDE, cells, listings, parsed, present, tables, widths, words

from claimlab.instruments.allocations import Allocated, Allocations
from claimlab.instruments.builds import Attempt
from claimlab.instruments.diagnostics_text import Diagnostic
from claimlab.instruments.disassembly import Function
from claimlab.instruments.gdb import Touch
from claimlab.instruments.heap import Cycle, HeapCounts
from claimlab.instruments.layout import TypeLayout
from claimlab.instruments.processes import Ran
from claimlab.instruments.race import Races, Report
from claimlab.instruments.ratios import Ratio
from claimlab.instruments.symbols import Symbol
from claimlab.instruments.timing import Timing
from claimlab.site.evidence import PRESENTERS, Exhibit, exhibits
from claimlab.site.evidence.readings import Readings
from claimlab.trials.lab import LabFolder, find_labs
from claimlab.trials.record import Observation

RESOURCES = Path(__file__).parents[1] / "resources"
OWN = RESOURCES / "sphinx_evidence"
"""A lab for these tests alone: of what no other lab keeps. Its observations are recorded bare."""
ORDER = [toolchain.name for toolchain in TOOLCHAINS]
LABS = {
    lab.path.name: lab
    for lab in [*find_labs(OUR), LabFolder(OWN, OUR)]
    if list((RESOURCES / lab.path.name).glob("*.json"))
}


@cache
def recorded(folder: str) -> dict[str, Any]:
    """What the lab saw, by toolchain."""
    paths = sorted(
        (RESOURCES / folder).glob("*.json"), key=lambda path: ORDER.index(path.stem) if path.stem in ORDER else -1
    )
    found = {}
    for path in paths:
        seen = path.read_bytes()
        if folder != OWN.name:
            seen = bytes(msgspec.json.decode(seen, type=Observation).seen)
        found[path.stem] = msgspec.json.decode(seen, type=LABS[folder].lab.seen_type)
    return found


def shown(exhibit: Exhibit) -> Markup:
    return PRESENTERS[exhibit.kind].show(exhibit.seen, WIDE)


def shown_of(folder: str, kind: type, name: str = "") -> Markup:
    (exhibit,) = (one for one in exhibits(recorded(folder)) if one.kind is kind and (not name or one.name == name))
    return shown(exhibit)


def all_exhibits() -> list[tuple[str, Exhibit]]:
    return [(folder, exhibit) for folder in LABS for exhibit in exhibits(recorded(folder))]


EXHIBITS = all_exhibits()


def test_every_kind_of_exhibit_has_been_recorded() -> None:
    missing = set(PRESENTERS) - {exhibit.kind for _, exhibit in EXHIBITS}
    assert missing == {Report}  # which is found within Races


@pytest.mark.parametrize("folder", LABS)
def test_tables_have_heads_and_whole_rows_and_boxes_have_names(folder: str) -> None:
    for exhibit in exhibits(recorded(folder)):
        content = shown(exhibit)
        assert content, exhibit.name
        for number in range(len(tables(content))):
            head, *rows = cells(content, number)
            assert all(head)
            assert rows, exhibit.name
            assert {sum(row) for row in widths(content, number)} == {len(head)}
        boxes = parsed(content).find_all(class_="cl-scroll")
        assert all(box["aria-label"] and box["tabindex"] == "0" for box in boxes)


@pytest.mark.parametrize("folder", LABS)
def test_drawings_have_words_and_a_table(folder: str) -> None:
    for exhibit in exhibits(recorded(folder)):
        content = shown(exhibit)
        for drawing in parsed(content).find_all("svg"):
            assert exhibit.kind in (Timing, Ratio)
            assert drawing["role"] == "img" and drawing["aria-label"]
            assert "nan" not in str(drawing) and "inf" not in str(drawing)
            assert cells(content)


def test_allocations_are_shown_by_both_witnesses_with_who_asked() -> None:
    content = shown_of(OWN.name, Allocations)
    head, ranges, allocates, allocator = cells(content)
    assert head[0] == "Function"
    assert ranges[:2] == ["ranges", "objects: 1, bytes: 16\nobjects by gdb: 1"]
    assert ranges[-1] == "objects: 0, bytes: 0\nobjects by gdb: 0"
    assert allocates[1:] == ["objects: 1, bytes: 8\nobjects by gdb: 1"]
    assert (allocator[0], allocator[-1]) == ("the allocator itself", "22 functions")
    sites = [row for number in range(1, len(tables(content))) for row in cells(content, number)]
    range_asks = ["ranges", "sync.(*Map).Range", "1", "16"]
    chain = "runtime.mallocgc < runtime.newobject < sync.(*Map).Range < main.ranges"
    assert [*range_asks, chain] in sites
    assert any(row[-1] == "runtime.mallocgcTinySC2 < main.allocates" for row in sites)


def test_single_functions_that_allocate_are_shown_the_same_way() -> None:
    assert cells(shown_of(OWN.name, Allocated))[1][0] == "allocates"
    idle = recorded(OWN.name)["1.27.3"].allocated["ranges"]
    assert words(present(Allocated, go1_27_3={"ranges": idle})).strip().endswith("objects by gdb: 0")
    one = recorded(OWN.name)["1.21.13"].allocated["ranges"]
    both = present(Allocated, go1_21_13={"ranges": one}, go1_27_3={"ranges": idle})
    assert words(both).strip().endswith("Nothing is allocated.")


def test_attempts_show_what_was_said_of_each_source() -> None:
    content = shown_of(OWN.name, Attempt)
    _head, taken, _refused = cells(content)
    assert taken == ["as it is", "accepted"]
    said = listings(content)
    assert said[-1].strip() == "compiler: main.go:4:2: undefined: nosuch"
    assert "compiler: main.go:5:12: cannot range over 3" in said[0]


def test_layouts_show_what_moved_between_releases() -> None:
    head, *rows = cells(shown_of("sync_map_fields", TypeLayout))
    assert head[-1] == "1.27.3"
    fields = {row[0]: row[1:] for row in reversed(rows)}
    assert fields["mu"] == ["at 0, 8 bytes\nsync.Mutex", "–"]
    assert fields["m"][0] == "–"
    assert fields["m"][-1].startswith("at 0, 48 bytes\n")


def test_a_type_that_some_binaries_lack_is_said_to_be_absent() -> None:
    _head, _name, whole, *_fields = cells(shown_of("bucket_layout", TypeLayout, "Groups"))
    assert whole[1] == "no such type"
    nowhere = present(TypeLayout, go1_27_3={"gone": TypeLayout("gone", False)})
    assert words(nowhere) == "Not in the binaries of 1.27.3: gone."


def test_machine_code_is_shown_by_offset_with_atomic_instructions_in_words() -> None:
    content = shown_of(OWN.name, Function, "Code · main.count")
    assert "2 of them atomic (1 × xchg, 1 × lock xadd)" in words(content)
    marked = [span.get_text() for span in parsed(content).find_all(class_="cl-atomic")]
    assert len(marked) == 2
    assert all(line.endswith("◂ atomic") for line in marked)
    assert listings(content)[0].startswith("+0x0 ")
    assert "lock xadd qword ptr [" in listings(content)[0]


def test_equal_machine_code_is_shown_once() -> None:
    content = shown_of(OWN.name, Function, "Code · main.count")
    assert len(listings(content)) == 1
    assert "The same, but for addresses and line numbers, on 1.21.13, 1.24.11, 1.27.3." in words(content)


def test_direct_calls_and_variables_go_by_their_names() -> None:
    (listing,) = listings(shown_of(OWN.name, Function, "Code · main.plain"))
    assert "call runtime.gopanic" in listing
    assert "qword ptr [main.total]" in listing
    assert "jbe +0x" in listing


def test_a_function_that_is_absent_is_said_to_be() -> None:
    assert "The binary has no function of this name." in words(shown_of(OWN.name, Function, "Code · main.absent"))


def test_symbols_stand_side_by_side() -> None:
    names = [row[0] for row in cells(shown_of(OWN.name, Symbol))[1:]]
    assert names == ["main.count", "main.plain"]


def test_processes_are_shown_with_command_exit_code_and_output() -> None:
    content = shown_of(OWN.name, Ran, "Panicked")
    assert "It ended with exit code 2." in words(content)
    assert listings(content)[0] == "$ GOMAXPROCS=1 ./evidence now"
    assert 'counted 4 and "quoted" -- as it is' in listings(content)[1]
    assert "panic: negative" in listings(content)[2]


def test_the_compilers_decisions_have_their_reasons() -> None:
    rows = cells(shown_of(OWN.name, Diagnostic))[1:]
    (escapes,) = (row for row in rows if row[1] == "escapes" and "&pair{...} escapes" in row[2])
    assert escapes[0].startswith("main.go:")
    assert "flow: " in escapes[2]
    assert escapes[3] == "json and text"


def test_collections_stand_in_order() -> None:
    rows = cells(shown_of(OWN.name, Cycle))[1:]
    assert [row[0] for row in rows[:2]] == ["1", "2"]
    assert {row[-1] for row in rows} == {"by the program"}


def test_touches_by_themselves_are_a_table() -> None:
    assert [row[3].split(" ", 1)[1].split()[0] for row in cells(shown_of(OWN.name, Touch))[1:]] == ["xchg", "lock"]


def test_metrics_stand_side_by_side_with_none_that_is_not_there() -> None:
    head, *rows = cells(shown_of("map_gc_scan", HeapCounts))
    assert head == ["runtime/metrics", *recorded("map_gc_scan")]
    assert "/gc/scan/heap:bytes" in [row[0] for row in rows]


def test_reports_of_races_name_both_accesses() -> None:
    content = shown_of("map_race", Races, "Races · once")
    table = next(number for number in range(9) if cells(content, number)[0][0] == "Race")
    later, earlier = cells(content, table)[1:]
    assert (later[0], later[1], earlier[0]) == ("1, later access", "write", "1, earlier access")
    assert "main.once.func1 (claimlab/map-race/main.go:" in later[4]


def test_readings_show_the_lab_authors_own_structs() -> None:
    rows = cells(shown_of("bucket_layout", Readings, "Report"))
    assert ["Blocks · main.described · Fields"] in rows
    assert ["keys", "Offset 8; Size 8; Count 1"] in rows
