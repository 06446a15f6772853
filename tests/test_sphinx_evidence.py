"""Evidence on pages: found wherever it stands in an observation, and shown by a presenter of its type."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from docutils import nodes

from claimlab.instruments.gdb import Counted, Forced, RunSeen, Session, Stop, Touch
from claimlab.instruments.layout import PointerLayout
from claimlab.instruments.processes import Ending, Ran, Tally
from claimlab.instruments.ratios import Ratio
from claimlab.sphinx.evidence import PRESENTERS, exhibits
from claimlab.sphinx.evidence.alike import LONGEST_LINE, MOST_LINES, alike, clipped, in_short, side_by_side
from claimlab.sphinx.evidence.layouts import in_runs
from claimlab.sphinx.evidence.readings import Readings
from claimlab.toolchain import all_toolchains

SESSION = Session("13.1", [], [], "(gdb) run\nBreakpoint 1")
OTHER = Session("13.1", [], [], "(gdb) run\nBreakpoint 2")
DIED = Ending(7, 2, False, "fatal error: concurrent map writes", ["hash"], "fatal error: …\ngoroutine 1")
LIVED = Ending(3, 0, False, "", [], "")
HUNG = Ending(1, 137, True, "", [], "")
TALLY = Tally(["./crash", "both"], {"GOMAXPROCS": "2"}, 11, [DIED, LIVED, HUNG])
ALL = [toolchain.name for toolchain in all_toolchains()]


class Inner(msgspec.Struct):
    stopped_at: Session


class Landed(msgspec.Struct, omit_defaults=True):
    label: str
    old: int
    new: int
    seen: list[int] = []
    address: int = 0


class Seen(msgspec.Struct):
    inner: Inner
    counts: dict[str, Tally]
    several: list[Session]
    landed: list[Landed]
    one_map: Ratio | None = None
    one_core: Ratio | None = None
    number: int = 3
    nothing: list[int] = []


LANDED = [Landed("before", 4, 0), Landed("after", 0, 4, [1, 2], 0x40CFBB)]
RATIO = Ratio(2.0, 1.5, 2.5, 15, 40.0, 20.0)
SEEN = Seen(Inner(SESSION), {"both/2": TALLY}, [SESSION, SESSION], LANDED, one_core=RATIO)


def cells(shown: Sequence[nodes.Node], number: int = 0) -> list[list[str]]:
    """The rows of one of the tables, the head first."""
    tables = [table for node in shown for table in node.findall(nodes.table)]
    return [
        [entry.astext().replace("\n\n", "\n") for entry in row.findall(nodes.entry)]
        for row in tables[number].findall(nodes.row)
    ]


def listings(shown: Sequence[nodes.Node]) -> list[str]:
    return [block.astext() for node in shown for block in node.findall(nodes.literal_block)]


def words(shown: Sequence[nodes.Node]) -> str:
    return "\n".join(node.astext() for node in shown)


def present(kind: type, **seen: Any) -> list[nodes.Node]:
    return PRESENTERS[kind].present({name.replace("go", "", 1).replace("_", "."): one for name, one in seen.items()})


# What there is to see


def test_everything_is_found_in_structs_maps_and_lists() -> None:
    found = {exhibit.name: exhibit.kind for exhibit in exhibits({"1.27.3": SEEN})}
    assert found == {
        "Inner · stopped at": Session,
        "Counts · both/2": Tally,
        "Several · 1": Session,
        "Several · 2": Session,
        "Ratios": Ratio,
        "Landed": Readings,
        "Observation": Readings,
    }


@pytest.mark.parametrize("seen", [SESSION, {"session": SESSION}, [SESSION], (SESSION,)])
def test_an_observation_may_have_any_shape(seen: Any) -> None:
    assert [exhibit.kind for exhibit in exhibits({"1.27.3": seen})] == [Session]


def test_the_same_field_of_several_toolchains_is_one_exhibit() -> None:
    both = exhibits({"1.26.6": {"session": SESSION}, "1.27.3": {"session": SESSION, "tally": TALLY}})
    assert [(exhibit.name, list(exhibit.seen)) for exhibit in both] == [
        ("Session", ["1.26.6", "1.27.3"]),
        ("Tally", ["1.27.3"]),
    ]


def test_things_that_are_shown_together_are_one_exhibit_by_their_names() -> None:
    (ratios,) = (exhibit for exhibit in exhibits({"1.27.3": SEEN}) if exhibit.kind is Ratio)
    assert ratios.seen == {"1.27.3": {"one core": RATIO}}


def test_what_has_no_presenter_is_a_reading() -> None:
    shown = {exhibit.name: exhibit.seen["1.27.3"] for exhibit in exhibits({"1.27.3": SEEN}) if exhibit.kind is Readings}
    assert shown["Observation"].rows == {"one map": "none", "number": "3", "nothing": "none"}
    assert shown["Landed"].rows == {"before": "old 4; new 0", "after": "old 0; new 4; seen 1, 2; address 0x40cfbb"}


def test_an_empty_place_is_no_reading_where_another_toolchain_has_something() -> None:
    both = exhibits({"1.26.6": {"held": None, "n": 1}, "1.27.3": {"held": SESSION, "n": 2}})
    assert [(exhibit.kind, list(exhibit.seen)) for exhibit in both] == [
        (Session, ["1.27.3"]),
        (Readings, ["1.26.6", "1.27.3"]),
    ]
    assert cells(PRESENTERS[Readings].present(both[1].seen))[1:] == [["n", "1", "2"]]


def test_every_kind_has_an_anchor_of_its_own() -> None:
    assert len({kind.__name__.lower() for kind in PRESENTERS}) == len(PRESENTERS)


# Toolchains side by side


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (ALL, f"all {len(ALL)} toolchains"),
        (["1.27.3"], "1.27.3"),
        (["1.21.13", "1.22.10", "1.23.9"], "1.21.13, 1.22.10, 1.23.9"),
        (ALL[:5], f"1.21.13 – {ALL[4]}"),
        ([*ALL[:5], ALL[-1]], f"1.21.13 – {ALL[4]}, {ALL[-1]}"),
        (["1.21.13", "1.23.9", "1.25.5", "1.27.3"], "1.21.13, 1.23.9, 1.25.5, 1.27.3"),
        (["-"], "without Go"),
        (["9.9", "9.10", "9.11", "9.12"], "9.9, 9.10, 9.11, 9.12"),
    ],
)
def test_toolchains_in_few_words(names: list[str], short: str) -> None:
    assert in_short(names) == short


def test_toolchains_that_showed_the_same_stand_together_with_what_the_newest_showed() -> None:
    groups = alike({"a": [1, "x"], "b": [2, "y"], "c": [1, "z"]}, lambda pair: pair[0])
    assert [(group.names, group.thing) for group in groups] == [(["a", "c"], [1, "z"]), (["b"], [2, "y"])]


def test_neighbours_that_say_the_same_share_a_cell_unless_they_are_figures() -> None:
    rows = {"mu": {"a": "0", "b": "0", "c": "8"}, "n": {"a": "1", "c": "1"}, "in · deep": {"b": "2"}}
    shown = side_by_side("Fields", "Field", rows, ["a", "b", "c"])
    assert cells(shown) == [
        ["Field", "a", "b", "c"],
        ["mu", "0", "8"],
        ["n", "1", "–", "1"],
        ["in"],
        ["deep", "–", "2", "–"],
    ]
    spans = [entry.get("morecols", 0) for entry in shown[0].findall(nodes.entry)]
    assert spans == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0]
    assert cells(side_by_side("Fields", "Field", rows, ["a", "b", "c"], figures=True))[1] == ["mu", "0", "0", "8"]


def test_long_tables_end_with_a_sentence() -> None:
    rows = {str(number): {"a": "1"} for number in range(1000)}
    *_, last = side_by_side("Numbers", "Number", rows, ["a"])
    assert last.astext() == "700 more are in the record, but not shown here."


def test_of_a_long_text_the_middle_is_left_out() -> None:
    lines = [f"line {number}" for number in range(4 * MOST_LINES)]
    kept = clipped("\n".join(lines)).splitlines()
    assert len(kept) <= MOST_LINES + 1
    assert (kept[0], kept[-1]) == (lines[0], lines[-1])
    assert f"… {len(lines) - len(kept) + 1} lines are left out here …" in kept
    assert len(clipped("\n".join(1000 * ["x" * 100]), sharers=10)) < 21_000
    assert clipped("x" * (LONGEST_LINE + 7)).endswith(" … 7 more characters")
    assert clipped("a\nb") == "a\nb"


def test_runs_of_numbers() -> None:
    assert in_runs([0, 3, 4, 5, 9]) == "0, 3–5, 9"
    assert in_runs(list(range(0, 100, 2))).endswith("40, 42, …, 98")


# Presenters


def test_a_session_is_shown_by_its_transcript() -> None:
    assert listings(present(Session, go1_26_6=SESSION, go1_27_3=OTHER)) == [SESSION.transcript, OTHER.transcript]


def test_what_was_the_same_everywhere_is_shown_once() -> None:
    killed = Ran(["./spin"], {}, 137, True, "", "")
    shown = present(Ran, go1_26_6=killed, go1_27_3=killed)
    assert listings(shown) == ["$ ./spin"]
    assert shown[0].astext() == "The same on 1.26.6, 1.27.3."


def test_touches_counts_and_forced_values_have_tables_below_the_transcript() -> None:
    callers = ["sync/atomic.SwapUintptr", "main.swap"]
    written = Touch("word", 0x46DBE3, "xchg %rbx,(%rax)", 0x46DBE0, "", "", 0, callers, 0, 0xC000012168)
    read = Touch("word", 0x40, "", 0x40, "main.f", "main.go", 7, ["main.f"], 5, 5)
    counted = [Counted("f", True, 3, {"f < g < main": 3}), Counted("h", True, 0, {}), Counted("i", False, 0, {})]
    forced = [Forced("$rax", 12, 0)]
    more: dict[str, Any] = {"touches": [written, read], "unwatched": ["x"], "counted": counted, "forced": forced}
    stop = Stop("main.hold", "main.hold", {"rax": 0}, {}, [], {}, {}, [], [], **more)
    session = Session("13.1", [], [RunSeen([], 1, [stop], None, "")], "(gdb) run")
    shown = present(Session, go1_27_3=session)
    assert cells(shown, 0)[1:] == [
        ["word", "0x0", "0xc000012168", "0x46dbe0 xchg %rbx,(%rax)", callers[0], "–", "stop 1: main.hold"],
        ["word", "0x5", "unchanged", "0x40 a jump", "main.f", "main.go:7", "stop 1: main.hold"],
    ]
    assert cells(shown, 1)[1:] == [["f", "3", "3 × g < main", "stop 1: main.hold"]]
    assert cells(shown, 2)[1:] == [["$rax", "12 (0xc)", "0", "stop 1: main.hold"]]
    for said in ("no such word: x.", "Counted, but never executed: h.", "Not in the binary: i."):
        assert said in words(shown)
    alone = present(Stop, go1_27_3=stop)
    assert cells(alone, 0)[1][:2] == ["word", "0x0"]
    assert "Stopped at main.hold, in main.hold." in words(alone)


def test_a_tally_is_shown_with_its_command_and_a_row_for_each_ending() -> None:
    shown = present(Tally, go1_26_6=TALLY, go1_27_3=TALLY)
    rows = cells(shown)
    assert rows[1:4] == [
        ["1.26.6", "11", "7", "2", "fatal error: concurrent map writes; shows hash"],
        ["1.26.6", "11", "3", "0", "ended well"],
        ["1.26.6", "11", "1", "137", "killed: it took too long"],
    ]
    assert len(rows) == 7
    assert shown[0].astext() == "$ GOMAXPROCS=2 ./crash both"
    assert "goroutine 1" in shown[-1].astext()


def test_a_tally_without_endings_still_has_its_row() -> None:
    assert cells(present(Tally, go1_27_3=Tally(["./crash"], {}, 0, [])))[1] == ["1.27.3", "0", "", "", ""]


def test_a_process_is_shown_with_how_it_ended() -> None:
    killed = present(Ran, go1_27_3=Ran(["./spin"], {}, 137, True, "", ""))
    assert "It was killed: it took too long, and wrote nothing." in words(killed)


def test_pointers_that_a_type_has_or_has_not() -> None:
    masked = PointerLayout("m", True, "map.bucket[string]int", "Bucket", 208, 208, 8, words=[1, 3, 4, 25])
    later = PointerLayout("m", True, "big", size=1 << 20, ptr_bytes=1 << 19, form="on demand", words=None)
    shown = present(PointerLayout, go1_23_9={"m": masked}, go1_27_3={"m": later, "n": PointerLayout("n", False)})
    mask, lacking = cells(shown)[1:]
    assert "pointers in 4 of 26 words: 1, 3–4, 25" in mask[1]
    assert "nothing has asked for their mask yet" in mask[2]
    assert lacking == ["n", "–", "no such value"]
