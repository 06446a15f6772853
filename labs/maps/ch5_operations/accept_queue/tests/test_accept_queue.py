"""The judges of accept-queue on a recorded observation, and on it with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
ruling = LAB.ruling


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def with_situation(seen: Any, name: str, **changes: Any) -> Any:
    return change(seen, situations={**seen.situations, name: change(seen.situations[name], **changes)})


def moved(seen: Any, name: str, **counts: int) -> Any:
    """These counters of TcpExt moved too; a count of 0 takes one away."""
    counters = {**seen.situations[name].moved, **{f"TcpExt.{key}": count for key, count in counts.items()}}
    return with_situation(seen, name, moved={key: count for key, count in counters.items() if count})


# --- what a connection sees --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endings", "outcome"),
    [
        ({"ECONNREFUSED": 8}, Outcome.HOLDS),
        ({"ECONNREFUSED": 3, "ETIMEDOUT": 5}, Outcome.UNCLEAR),
        ({"ETIMEDOUT": 8}, Outcome.FAILS),
        ({"pending": 8}, Outcome.FAILS),
        ({"ECONNRESET": 8}, Outcome.FAILS),
        ({"connected": 8}, Outcome.FAILS),
    ],
)
def test_only_a_refusal_is_one(endings: dict[str, int], outcome: Outcome, seen: Any) -> None:
    assert ruling("5-h", with_situation(seen, "full", endings=endings)).outcome is outcome


def test_a_queue_that_was_not_full_is_unclear(seen: Any) -> None:
    assert ruling("5-h", with_situation(seen, "full", waiting=3)).outcome is Outcome.UNCLEAR


def test_a_limit_that_does_not_follow_somaxconn_breaks_the_judge(seen: Any) -> None:
    """Its control asks for the same rows, so that it cannot be decided either."""
    rows = [change(seen.limits[0], got=seen.limits[0].asked + 1), *seen.limits[1:]]
    assert ruling("5-h", change(seen, limits=rows)).outcome is Outcome.BROKEN


def test_a_closed_port_that_does_not_refuse_breaks_the_judge(seen: Any) -> None:
    assert ruling("5-h", with_situation(seen, "nobody", endings={"ETIMEDOUT": 8})).outcome is Outcome.BROKEN


def test_the_recorded_limits_are_the_lesser_of_both(seen: Any) -> None:
    assert all(row.got == min(row.asked, row.somaxconn) for row in seen.limits)
    assert any(row.asked > row.somaxconn for row in seen.limits)
    assert any(row.asked < row.somaxconn for row in seen.limits)


def test_the_finding_shows_sysctl_and_limits(seen: Any) -> None:
    found = ruling("5-h", seen).finding
    assert "0 of 8 refused" in found.because
    assert "listen(100000), somaxconn 4096: queue limit 4096" in found.shows
    assert "tcp_abort_on_overflow = 0" in found.shows


# --- what the counters tell --------------------------------------------------------------------------------


def test_a_buffer_counter_that_moved_only_with_a_full_queue_would_hold(seen: Any) -> None:
    assert ruling("5-j", moved(seen, "full", TCPBacklogDrop=8)).outcome is Outcome.HOLDS


def test_one_that_also_moved_with_lost_packets_would_not(seen: Any) -> None:
    both = moved(moved(seen, "full", TCPBacklogDrop=8), "lost", TCPBacklogDrop=8)
    assert ruling("5-j", both).outcome is Outcome.FAILS


def test_counters_that_do_not_move_tell_nothing(seen: Any) -> None:
    silent = with_situation(seen, "full", moved={"TcpExt.ListenOverflows": 16})
    found = ruling("5-j", silent)
    assert found.outcome is Outcome.FAILS
    assert "as if nothing were wrong" in found.finding.because


def test_listen_overflows_without_a_full_queue_break_the_judge(seen: Any) -> None:
    assert ruling("5-j", moved(seen, "lost", ListenOverflows=16)).outcome is Outcome.BROKEN
    assert ruling("5-j", moved(seen, "full", ListenOverflows=0)).outcome is Outcome.BROKEN


def test_other_peoples_traffic_is_no_evidence(seen: Any) -> None:
    assert LAB.finding("5-j", change(seen, alone=False)).outcome is Outcome.UNCLEAR
    assert LAB.finding("5-j", change(seen, counters=[])).outcome is Outcome.UNCLEAR


def test_the_buffer_counters_can_move(seen: Any) -> None:
    assert "Udp.RcvbufErrors" in seen.situations["buffer"].moved
