"""Evidence on pages: found wherever it stands in an observation, and shown by a presenter of its type."""

from typing import Any

import msgspec
import pytest
from docutils import nodes

from claimlab.instruments.gdb import Session
from claimlab.instruments.processes import Ending, Tally
from claimlab.sphinx.evidence import PRESENTERS, exhibits

SESSION = Session("13.1", [], [], "(gdb) run\nBreakpoint 1")
DIED = Ending(7, 2, False, "fatal error: concurrent map writes", ["hash"], "fatal error: …\ngoroutine 1")
LIVED = Ending(3, 0, False, "", [], "")
HUNG = Ending(1, 137, True, "", [], "")
TALLY = Tally(["./crash", "both"], {"GOMAXPROCS": "2"}, 11, [DIED, LIVED, HUNG])


class Inner(msgspec.Struct):
    stopped_at: Session


class Seen(msgspec.Struct):
    inner: Inner
    counts: dict[str, Tally]
    several: list[Session]
    number: int = 3
    words: str = "nothing to present"


SEEN = Seen(Inner(SESSION), {"both/2": TALLY}, [SESSION, SESSION])


def test_sessions_and_tallies_are_found_in_structs_maps_and_lists() -> None:
    found = {exhibit.name: exhibit.kind for exhibit in exhibits({"1.27.3": SEEN})}
    assert found == {
        "Inner · stopped at": Session,
        "Counts · both/2": Tally,
        "Several · 1": Session,
        "Several · 2": Session,
    }


@pytest.mark.parametrize("seen", [SESSION, {"session": SESSION}, [SESSION], (SESSION,)])
def test_an_observation_may_have_any_shape(seen: Any) -> None:
    assert [exhibit.kind for exhibit in exhibits({"1.27.3": seen})] == [Session]


def test_what_has_no_presenter_is_passed_over() -> None:
    assert exhibits({"1.27.3": {"n": 1, "text": "SESSION", "none": None}}) == []


def test_the_same_field_of_several_toolchains_is_one_exhibit() -> None:
    both = exhibits({"1.26.6": {"session": SESSION}, "1.27.3": {"session": SESSION, "tally": TALLY}})
    assert [(exhibit.name, list(exhibit.seen)) for exhibit in both] == [
        ("Session", ["1.26.6", "1.27.3"]),
        ("Tally", ["1.27.3"]),
    ]


def test_a_session_is_shown_by_its_transcript() -> None:
    shown = PRESENTERS[Session].present({"1.26.6": SESSION, "1.27.3": SESSION})
    blocks = [block for node in shown for block in node.findall(nodes.literal_block)]
    assert [block.astext() for block in blocks] == [SESSION.transcript] * 2


def test_a_tally_is_shown_with_its_command_and_a_row_for_each_ending() -> None:
    shown = PRESENTERS[Tally].present({"1.26.6": TALLY, "1.27.3": TALLY})
    (table,) = (table for node in shown for table in node.findall(nodes.table))
    rows = [[entry.astext() for entry in row.findall(nodes.entry)] for row in table.findall(nodes.row)]
    assert rows[1:4] == [
        ["1.26.6", "11", "7", "2", "fatal error: concurrent map writes; shows hash"],
        ["1.26.6", "11", "3", "0", "ended well"],
        ["1.26.6", "11", "1", "137", "killed: it took too long"],
    ]
    assert len(rows) == 7
    assert shown[0].astext() == "$ GOMAXPROCS=2 ./crash both"
    assert "goroutine 1" in shown[-1].astext()


def test_a_tally_without_endings_still_has_its_row() -> None:
    shown = PRESENTERS[Tally].present({"1.27.3": Tally(["./crash"], {}, 0, [])})
    (table,) = (table for node in shown for table in node.findall(nodes.table))
    assert table.astext().split()[-2:] == ["1.27.3", "0"]
