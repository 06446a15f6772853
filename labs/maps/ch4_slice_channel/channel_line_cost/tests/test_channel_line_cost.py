"""The judges of channel-line-cost on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, about, change, kept

LAB = kept(__file__)
ARM = "lines"

Seen = Any


def seen() -> Seen:
    return LAB.seen("1.27.3")


def outcome(claim: str, seen: Seen) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def timed(seen: Seen, way: str, more_than: str, ns: list[float]) -> Seen:
    """In the rounds, one after the other and over again, one way takes so much longer than the other."""
    rounds = []
    for number, samples in enumerate(seen.timing.rounds):
        sample = samples[ARM]
        took = sample.values[f"{more_than}-ns/op"] + ns[number % len(ns)]
        rounds.append({ARM: change(sample, values={**sample.values, f"{way}-ns/op": took})})
    return change(seen, timing=change(seen.timing, rounds=rounds))


CLAIMS = {"4.3-l/1": ("used", "kept-beside-user", 15.0), "4.3-l/2": ("flushed", "kept", 300.0)}


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([1.0], Outcome.HOLDS),
        ([0.6, 1.9], Outcome.HOLDS),
        ([0.4], Outcome.FAILS),
        ([2.1], Outcome.FAILS),
        ([0.4, 6.0], Outcome.FAILS),
        ([1.0, 3.0], Outcome.UNCLEAR),
    ],
)
def test_rounds_about_the_figure_decide(claim: str, shares: list[float], expected: Outcome) -> None:
    way, kept, figure = CLAIMS[claim]
    assert outcome(claim, timed(seen(), way, kept, [share * figure for share in shares])) is expected
    least, most = about(figure)
    assert f"({least:g} to {most:g} ns count as that)" in LAB.claims[claim].says.first


@pytest.mark.parametrize("claim", CLAIMS)
def test_few_rounds_are_unclear(claim: str) -> None:
    few = change(seen(), timing=change(seen().timing, rounds=seen().timing.rounds[:9]))
    assert LAB.finding(claim, few).outcome is Outcome.UNCLEAR


def test_no_clean_round_is_unclear() -> None:
    dirty = [{ARM: change(samples[ARM], clean=False)} for samples in seen().timing.rounds]
    none = change(seen(), timing=change(seen().timing, rounds=dirty))
    for claim in CLAIMS:
        assert LAB.finding(claim, none).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(("claim", "figure"), [("4.3-l/1", 15), ("4.3-l/2", 300)])
def test_a_wait_that_does_not_show_breaks_the_judge(claim: str, figure: int) -> None:
    assert outcome(claim, timed(seen(), f"kept-waits-{figure}", "kept", [0.0])) is Outcome.BROKEN


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_there_are_enough_clean_rounds(toolchain: str) -> None:
    assert len(LAB.seen(toolchain).timing.clean()) >= 10
