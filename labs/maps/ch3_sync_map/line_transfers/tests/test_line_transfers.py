"""The judges of line-transfers on a recorded observation with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, Ratio, about, change, kept

LAB = kept(__file__)
COSTS = {"3.3-g": "fail", "3.3-h": "own-swap", "3.3-i": "swap"}
COPIES = ("3.2-b/1", "3.2-i", "3.2-j/1", "3.3-k")


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def costing(seen: Any, cell: str, low: float | None, high: float | None) -> Any:
    """The access takes so many cycles."""
    middle = (low + high) / 2 if low is not None and high is not None else 5.0
    part = "taken" if cell in seen.taken else "costs"
    all_of_them = getattr(seen, part)
    changed = change(all_of_them[cell], median=middle, low=low, high=high, rounds=15 if low else 4)
    return change(seen, **{part: {**all_of_them, cell: changed}})


# b and j: what a store of another core does


def test_a_store_that_took_nothing_away_would_refute_it(seen: Any) -> None:
    calm = costing(seen, "stored-load", 3.9, 4.0)
    assert LAB.ruling("3.2-b/1", calm).outcome is Outcome.FAILS
    assert LAB.ruling("3.2-j/1", calm).outcome is Outcome.FAILS


@pytest.mark.parametrize("span", [(8.0, 20.0), (8.0, 400.0), (None, None)])
def test_a_load_that_is_neither_slow_nor_fast_is_unclear(seen: Any, span: tuple[float | None, float | None]) -> None:
    between = costing(seen, "stored-load", *span)
    assert LAB.ruling("3.2-b/1", between).outcome is Outcome.UNCLEAR
    assert LAB.ruling("3.2-j/1", between).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("cell", ["stored-at--8-load", "stored-at-64-load"])
@pytest.mark.parametrize("span", [(90.0, 95.0), (8.0, 20.0)])
def test_a_store_elsewhere_must_not_disturb(seen: Any, cell: str, span: tuple[float, float]) -> None:
    assert LAB.ruling("3.2-b/1", costing(seen, cell, *span)).outcome is Outcome.UNCLEAR


def test_a_few_cycles_more_are_no_copy_fetched_anew(seen: Any) -> None:
    """After a store right before the line a load took 4.2 to 6.6 cycles where undisturbed ones took 3.6 to 4.0."""
    assert LAB.ruling("3.2-b/1", costing(seen, "stored-at--8-load", 4.2, 6.6)).outcome is Outcome.HOLDS


def test_a_second_load_that_is_slow_too_is_unclear(seen: Any) -> None:
    assert LAB.ruling("3.2-j/1", costing(seen, "stored-load-again", 90, 95)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["3.2-b/1", "3.2-j/1", "3.3-k"])
def test_loads_of_another_core_that_disturb_break_the_judge(seen: Any, claim: str) -> None:
    assert LAB.ruling(claim, costing(seen, "loaded-load", 90, 95)).outcome is Outcome.BROKEN


# i: how far a store reaches


def test_a_store_beyond_64_bytes_that_disturbs_contradicts_cpuid(seen: Any) -> None:
    assert LAB.ruling("3.2-i", costing(seen, "stored-at-72-load", 90, 95)).outcome is Outcome.UNCLEAR


def test_a_longer_line_would_refute_it(seen: Any) -> None:
    long = change(seen, flush_bytes=128, kernel_bytes=128)
    for offset in (64, 72, 120):
        long = costing(long, f"stored-at-{offset}-load", 90, 95)
    found = LAB.ruling("3.2-i", long)
    assert found.outcome is Outcome.BROKEN  # the control says 128, and is right there
    assert found.controls[0].outcome is Outcome.HOLDS


def test_a_shorter_line_refutes_it(seen: Any) -> None:
    short = change(seen, flush_bytes=32, kernel_bytes=32)
    for offset in (48, 56):
        short = costing(short, f"stored-at-{offset}-load", 3.9, 4.0)
    assert LAB.ruling("3.2-i", short).outcome is Outcome.FAILS


@pytest.mark.parametrize("changes", [{"flush_bytes": 32}, {"kernel_bytes": 128}])
def test_another_size_told_is_a_disagreement(seen: Any, changes: dict[str, int]) -> None:
    found = LAB.ruling("3.2-i", change(seen, **changes))
    assert found.outcome is Outcome.UNCLEAR
    assert "disagree" in found.finding.because


def test_a_kernel_that_says_nothing_is_passed_over(seen: Any) -> None:
    found = LAB.ruling("3.2-i", change(seen, kernel_bytes=0))
    assert found.outcome is Outcome.HOLDS
    assert "the kernel nothing" in found.finding.because


def test_an_undecided_store_leaves_it_open(seen: Any) -> None:
    assert LAB.ruling("3.2-i", costing(seen, "stored-at-56-load", 7, 9)).outcome is Outcome.UNCLEAR


# k: the bus, or the line's state


def test_neither_of_the_two_refutes_it(seen: Any) -> None:
    calm = costing(costing(seen, "swapped-load", 3.9, 4.0), "failed-swap-load", 3.9, 4.0)
    assert LAB.ruling("3.3-k", calm).outcome is Outcome.FAILS


def test_one_kind_of_two_is_unclear(seen: Any) -> None:
    assert LAB.ruling("3.3-k", costing(seen, "failed-swap-load", 3.9, 4.0)).outcome is Outcome.UNCLEAR
    assert LAB.ruling("3.3-k", costing(seen, "failed-swap-load", 8, 9)).outcome is Outcome.UNCLEAR


def test_a_locked_bus_would_do_as_well_and_breaks_the_control(seen: Any) -> None:
    found = LAB.ruling("3.3-k", change(seen, beside=Ratio(3.0, 2.9, 3.1, 15, 30, 10)))
    assert found.finding.because.startswith("the judge failed on its control")


@pytest.mark.parametrize("claim", COPIES)
def test_without_a_clean_round_nothing_is_known(seen: Any, claim: str) -> None:
    nothing = change(seen, costs={}, taken={}, beside=None, one_line=None, flush_bytes=0, kernel_bytes=0)
    found = LAB.ruling(claim, nothing)
    assert found.outcome is Outcome.BROKEN
    assert "undisturbed" in found.controls[0].because


# g, h and i: cycles


@pytest.mark.parametrize(
    ("claim", "low", "high", "outcome"),
    [
        ("3.3-g", 8, 49, Outcome.HOLDS),
        ("3.3-g", 40, 60, Outcome.UNCLEAR),
        ("3.3-g", 51, 60, Outcome.FAILS),
        ("3.3-g", 6, 7, Outcome.FAILS),
        ("3.3-h", 7, 23, Outcome.HOLDS),
        ("3.3-h", 5, 12, Outcome.UNCLEAR),
        ("3.3-h", 5, 5.9, Outcome.FAILS),
        ("3.3-h", 25, 28, Outcome.FAILS),
        ("3.3-i", 45, 165, Outcome.HOLDS),
        ("3.3-i", 160, 180, Outcome.UNCLEAR),
        ("3.3-i", 171, 180, Outcome.FAILS),
        ("3.3-i", 40, 42, Outcome.FAILS),
    ],
)
def test_the_interval_decides(seen: Any, claim: str, low: float, high: float, outcome: Outcome) -> None:
    assert LAB.ruling(claim, costing(seen, COSTS[claim], low, high)).outcome is outcome


@pytest.mark.parametrize("claim", COSTS)
def test_without_an_interval_no_figure_is_judged(seen: Any, claim: str) -> None:
    found = LAB.ruling(claim, costing(seen, COSTS[claim], None, None))
    assert found.outcome is Outcome.BROKEN
    assert found.controls[0].outcome is Outcome.UNCLEAR


def test_all_compare_and_swaps_are_told_beside_each(seen: Any) -> None:
    shows = LAB.ruling("3.3-g", seen).finding.shows
    assert "with a PAUSE after it" in shows
    assert len(shows.splitlines()) == 5


# What is recorded


def test_a_cycle_is_one_of_a_core_that_runs_today(seen: Any) -> None:
    assert 0.15 < seen.cycle_ns < 1.0


def test_an_undisturbed_load_takes_what_a_first_level_cache_takes(seen: Any) -> None:
    assert 3 <= seen.costs["untouched-load"].median <= 6


def test_what_is_taken_off_is_what_the_undisturbed_loop_takes_more(seen: Any) -> None:
    for access in ("swap", "fail"):
        parts = [seen.costs[f"{before}-{access}"].median for before in ("own", "stored", "untouched")]
        assert seen.taken[access].median == pytest.approx(parts[0] + parts[1] - parts[2], rel=0.05)


def test_enough_rounds_were_clean(seen: Any) -> None:
    assert len(seen.timing.clean()) >= 10


@pytest.mark.parametrize(("claim", "cycles"), [("3.3-g", (15, 25)), ("3.3-h", (12, 12)), ("3.3-i", (85, 85))])
def test_about_so_many_cycles_is_claimed_with_the_range_that_it_is_judged_by(
    claim: str, cycles: tuple[int, int]
) -> None:
    low, high = about(cycles[0])[0], about(cycles[1])[1]
    assert f"({low:g} to {high:g} " in LAB.claims[claim].says.first
