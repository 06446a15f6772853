"""Evidence on pages: found wherever it stands in an observation, and shown by a presenter of its type."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from tests.shown_html import WIDE, cells, listings, parsed, present, words

from claimlab.instruments.gdb import Counted, Forced, Frame, RunSeen, Session, Stop, Touch
from claimlab.instruments.layout import PointerLayout
from claimlab.instruments.processes import Ending, Ran, Tally
from claimlab.instruments.ratios import Ratio
from claimlab.site.evidence import PRESENTERS, exhibited, exhibits
from claimlab.site.evidence.layouts import in_runs
from claimlab.site.evidence.readings import Readings

SESSION = Session("13.1", [], [], "(gdb) run\nBreakpoint 1")
OTHER = Session("13.1", [], [], "(gdb) run\nBreakpoint 2")
DIED = Ending(7, 2, False, "fatal error: concurrent map writes", ["hash"], "fatal error: …\ngoroutine 1")
LIVED = Ending(3, 0, False, "", [], "")
HUNG = Ending(1, 137, True, "", [], "")
TALLY = Tally(["./crash", "both"], {"GOMAXPROCS": "2"}, 11, [DIED, LIVED, HUNG])


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


# What there is to see


def test_everything_is_found_in_structs_maps_and_lists() -> None:
    found = {exhibit.name: exhibit.kind for exhibit in exhibits({"1.27.3": SEEN})}
    assert found == {
        "Inner · stopped at": Session,
        "Counts": Tally,
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
        ("How fresh processes ended", ["1.27.3"]),
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
    assert cells(PRESENTERS[Readings].show(both[1].seen, WIDE))[1:] == [["n", "1", "2"]]


def test_every_kind_has_an_anchor_of_its_own() -> None:
    assert len({kind.__name__.lower() for kind in PRESENTERS}) == len(PRESENTERS)


def test_runs_of_numbers() -> None:
    assert in_runs([0, 3, 4, 5, 9]) == "0, 3–5, 9"
    assert in_runs(list(range(0, 100, 2))).endswith("40, 42, …, 98")


# Presenters


def test_a_session_is_shown_by_its_transcript() -> None:
    shown = present(Session, go1_26_6=SESSION, go1_27_3=OTHER)
    assert listings(shown) == [SESSION.transcript, OTHER.transcript]


def test_sessions_that_differ_in_addresses_and_lines_only_are_shown_once() -> None:
    moved = [Session("13.1", [], [], f"(gdb) bt\n#0 {at:#x} in f () at f.go:{at}") for at in (16, 32)]
    shown = present(Session, go1_26_6=moved[0], go1_27_3=moved[1])
    assert listings(shown) == [moved[1].transcript]
    assert "The same, but for addresses and line numbers, on 1.26.6, 1.27.3." in words(shown)


def test_stops_stand_side_by_side_with_what_was_read_there() -> None:
    frames = [Frame("runtime.fatal", "panic.go", 7, 16), Frame("main.main", "main.go", 9, 32)]
    values: dict[str, Any] = {"flags": 12, "map": 0xC000012168, "gone": None}
    old = Stop("runtime.fatal", "runtime.fatal", {"rax": 0}, {"key": 2}, frames, values, {"s": "died"}, [], [])
    new = msgspec.structs.replace(old, values={**values, "map": 0xC00001FFFF, "flags": None})
    sessions = [Session("13.1", [], [RunSeen(["both"], 2, [stop], 2, "")], "(gdb) run") for stop in (old, new)]
    shown = present(Session, go1_26_6=sessions[0], go1_27_3=sessions[1])
    assert cells(shown) == [
        ["At the stop", "1.26.6", "1.27.3"],
        ["stop 1"],
        ["stack", "runtime.fatal\nmain.main"],
        ["key", "2"],
        ["flags", "12 (0xc)", "none"],
        ["map", "an address"],
        ["gone", "none"],
        ["s", "died"],
    ]
    assert listings(shown) == ["(gdb) run"]


def test_what_was_the_same_everywhere_is_shown_once() -> None:
    killed = Ran(["./spin"], {}, 137, True, "", "")
    shown = present(Ran, go1_26_6=killed, go1_27_3=killed)
    assert listings(shown) == ["$ ./spin"]
    assert "The same on 1.26.6, 1.27.3." in words(shown)


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
    assert cells(shown, 0)[1:] == [["stop 1"], ["stack", "main.hold"], ["executions of f", "3"]]
    assert cells(shown, 1)[1:] == [
        ["word", "0x0", "0xc000012168", "0x46dbe0 xchg %rbx,(%rax)", callers[0], "–", "stop 1"],
        ["word", "0x5", "unchanged", "0x40 a jump", "main.f", "main.go:7", "stop 1"],
    ]
    assert cells(shown, 2)[1:] == [["f", "3", "3 × g < main", "stop 1"]]
    assert cells(shown, 3)[1:] == [["$rax", "12 (0xc)", "0", "stop 1"]]
    for said in ("binary lacks them: x.", "Counted, but never executed: h.", "Not in the binary: i."):
        assert said in words(shown)
    alone = present(Stop, go1_27_3=stop)
    assert cells(alone, 0)[1] == ["stack", "main.hold"]
    assert cells(alone, 1)[1][:2] == ["word", "0x0"]
    assert "Registers in the record: 1." in words(alone)


def test_tallies_stand_side_by_side_with_their_command_and_a_row_for_each_ending() -> None:
    fewer = msgspec.structs.replace(TALLY, endings=[msgspec.structs.replace(DIED, count=11)])
    shown = present(Tally, go1_26_6={"both/2": TALLY}, go1_27_3={"both/2": fewer})
    assert cells(shown) == [
        ["Ended so", "1.26.6", "1.27.3"],
        ["both/2: 11 × GOMAXPROCS=2 ./crash both"],
        ["fatal error: concurrent map writes; shows hash; exit code 2", "7", "11"],
        ["ended well", "3", "–"],
        ["killed: it took too long; exit code 137", "1", "–"],
    ]
    assert "goroutine 1" in listings(shown)[-1]


def test_a_tally_without_endings_still_has_its_row() -> None:
    rows = cells(present(Tally, go1_27_3={"both": Tally(["./crash"], {}, 0, [])}))
    assert rows[1:] == [["both: 0 × ./crash"], ["started", "0 × ./crash"]]


def test_tallies_of_other_commands_say_so() -> None:
    shown = present(
        Tally, go1_26_6={"n": Tally(["./a"], {}, 5, [LIVED])}, go1_27_3={"n": Tally(["./b"], {}, 6, [LIVED])}
    )
    assert cells(shown)[1:] == [["n"], ["started", "5 × ./a", "6 × ./b"], ["ended well", "3"]]


def test_a_process_is_shown_with_how_it_ended() -> None:
    killed = present(Ran, go1_27_3=Ran(["./spin"], {}, 137, True, "", ""))
    assert "It was killed: it took too long. It wrote nothing." in words(killed)


def test_pointers_that_a_type_has_or_has_not() -> None:
    masked = PointerLayout("m", True, "map.bucket[string]int", "Bucket", 208, 208, 8, words=[1, 3, 4, 25])
    later = PointerLayout("m", True, "big", size=1 << 20, ptr_bytes=1 << 19, form="on demand", words=None)
    shown = present(PointerLayout, go1_23_9={"m": masked}, go1_27_3={"m": later, "n": PointerLayout("n", False)})
    mask, lacking = cells(shown)[1:]
    assert "pointers in 4 of 26 words: 1, 3–4, 25" in mask[1]
    assert "nothing has asked for their mask yet" in mask[2]
    assert lacking == ["n", "–", "no such value"]


# Room


def test_exhibits_share_the_room_of_a_page_and_small_ones_leave_theirs_to_the_others() -> None:
    long = Session("13.1", [], [], "\n".join(f"(gdb) print {number}" for number in range(70)))
    seen = {"1.27.3": {"long": long, "short": SESSION, "number": 3}}
    found = exhibits(seen)
    whole = dict(zip([one.name for one in found], exhibited(found, WIDE), strict=True))
    needed = sum(map(len, whole.values()))
    assert exhibited(found, replace(WIDE, room=needed + 200)) == list(whole.values())
    cut = dict(zip(whole, exhibited(found, replace(WIDE, room=needed - 500)), strict=True))
    assert (cut["Short"], cut["Observation"]) == (whole["Short"], whole["Observation"])
    assert "lines left out here, but in the record" in cut["Long"]


def test_exhibits_on_a_page_do_not_share_their_tabs() -> None:
    seen = {"1.26.6": {"a": SESSION, "b": SESSION}, "1.27.3": {"a": OTHER, "b": OTHER}}
    found = exhibits(seen)
    buttons = [one for shown in exhibited(found, WIDE) for one in parsed(shown).find_all("input")]
    assert len({str(one["id"]) for one in buttons}) == len(buttons) == 4
    assert len({str(one["name"]) for one in buttons}) == 2
