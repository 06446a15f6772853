"""The judges of map-race on observations that real trials recorded, and on these with one thing changed."""

import pytest

from claimlab import Ending, Outcome, Races, kept, race, tally_of, with_entries

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling


def races(racy: int, runs: int, otherwise: int = 0) -> Races:
    """Reports in so many processes; others may have ended without one, but not by themselves."""
    tally = tally_of(
        Ending(racy, 66, False, "", [race.WARNING], ""),
        Ending(otherwise, 2, False, "fatal error: concurrent map writes", [], ""),
        Ending(runs - racy - otherwise, 0, False, "", [], ""),
    )
    return Races(tally, [])


@pytest.mark.parametrize("name", LAB.toolchains)
def test_the_evidence_names_the_runtimes_function_and_the_programs_line(name: str) -> None:
    shown = ruling("2.4-g", seen_on(name)).finding.shows
    assert "runtime.mapassign_faststr" in shown
    assert "main.once" in shown


@pytest.mark.parametrize(
    ("claim", "changed", "outcome"),
    [
        ("2.4-g", {"once": races(0, 100)}, Outcome.FAILS),
        ("2.4-g", {"once": races(50, 100)}, Outcome.UNCLEAR),
        ("2.4-g", {"once": races(0, 100, otherwise=3)}, Outcome.UNCLEAR),
        ("2.4-g", {"once": races(90, 100, otherwise=10)}, Outcome.HOLDS),
        ("2.4-g", {"locked": races(50, 50)}, Outcome.BROKEN),
        ("2.4-l", {"sync": races(100, 100)}, Outcome.FAILS),
        ("2.4-l", {"sync": races(1, 100)}, Outcome.UNCLEAR),
        ("2.4-l", {"sync": races(0, 100, otherwise=1)}, Outcome.UNCLEAR),
        ("2.4-l", {"many": races(0, 20)}, Outcome.BROKEN),
    ],
)
def test_counts_decide(claim: str, changed: dict[str, Races], outcome: Outcome) -> None:
    assert ruling(claim, with_entries(seen_on("1.27.3"), "races", changed)).outcome is outcome


def test_processes_that_ended_in_another_way_are_told() -> None:
    found = ruling("2.4-l", with_entries(seen_on("1.27.3"), "races", {"sync": races(0, 100, otherwise=4)}))
    assert "4 ended in another way" in found.finding.because
