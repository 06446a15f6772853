"""The judges of select-order on recorded observations with one thing changed, and the models that they use."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"
SCANS = ("4.4-b", "4.4-c", "4.4-d")
SET = "three, random state set"


@pytest.fixture
def seen() -> Any:
    return LAB.seen(NEW)


def outcome(claim: str, seen: Any) -> Any:
    return LAB.ruling(claim, seen).outcome


# --- models ------------------------------------------------------------------------------------------------


def counted(seen: Any, way: str, ready: list[int]) -> Any:
    return next(one for one in seen.counted if (one.way, one.ready) == (way, ready))


def test_the_models_predict_what_a_scan_and_a_permutation_give(seen: Any) -> None:
    own = counted(seen, "started", [0, 1, 2])
    assert own.places == [0, 1, 2, 3]
    assert own.by_scan() == [0.5, 0.25, 0.25, 0]
    assert own.by_address() == [1, 0, 0, 0]
    assert own.by_permutation() == [1 / 3, 1 / 3, 1 / 3, 0]


def test_a_select_that_receives_has_its_cases_in_reverse(seen: Any) -> None:
    real = counted(seen, "select", [0, 1])
    assert real.places == [3, 2, 1, 0]
    assert real.by_scan() == [0.25, 0.75, 0, 0]
    assert real.by_address() == [0, 1, 0, 0]


def test_the_imitations_count_what_their_models_predict(seen: Any) -> None:
    for one in seen.counted:
        predicted = {"started": one.by_scan, "addressed": one.by_address, "select": one.by_permutation}[one.way]()
        assert [count / one.total for count in one.taken] == pytest.approx(predicted, abs=0.02)


# --- the order of the cases --------------------------------------------------------------------------------


def as_model(seen: Any, way: str) -> Any:
    """The select's selects and counts are those of an algorithm of ours."""
    polled = seen.selecting[way]
    own = [one for one in seen.counted if one.way == way]
    rest = [one for one in seen.counted if one.way != "select"]
    return change(
        seen,
        selecting={**seen.selecting, "two of four": polled, "three": polled, SET: polled},
        counted=[*rest, *(change(one, way="select") for one in own)],
    )


def with_counts_of(seen: Any, way: str) -> Any:
    return change(seen, counted=as_model(seen, way).counted)


def with_polled(seen: Any, kind: str, **changes: Any) -> Any:
    """The first select of this kind is another."""
    first, *others = seen.selecting[kind]
    return change(seen, selecting={**seen.selecting, kind: [change(first, **changes), *others]})


def test_a_select_that_started_at_the_address_would_turn_all_three(seen: Any) -> None:
    found = [outcome(claim, as_model(seen, "addressed")) for claim in SCANS]
    assert found == [Outcome.HOLDS, Outcome.HOLDS, Outcome.FAILS]


def test_a_select_that_scanned_from_a_start_by_chance_would_fail_at_the_address(seen: Any) -> None:
    assert [outcome(claim, as_model(seen, "started")) for claim in SCANS[:2]] == [Outcome.FAILS, Outcome.HOLDS]


@pytest.mark.parametrize("claim", SCANS[:2])
def test_counts_that_the_debugger_contradicts_are_unclear(claim: str, seen: Any) -> None:
    assert outcome(claim, with_counts_of(seen, "addressed")) is Outcome.UNCLEAR
    assert outcome(claim, change(as_model(seen, "addressed"), counted=seen.counted)) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", SCANS)
def test_selects_that_were_not_read_are_unclear(claim: str, seen: Any) -> None:
    fewer = {**seen.selecting, "three": seen.selecting["three"][1:]}
    assert outcome(claim, change(seen, selecting=fewer)) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", SCANS)
def test_a_case_that_is_not_the_first_ready_one_is_unclear(claim: str, seen: Any) -> None:
    other = (seen.selecting["three"][0].taken + 1) % 3
    assert outcome(claim, with_polled(seen, "three", taken=other)) is Outcome.UNCLEAR


def test_neighbours_that_were_not_counted_leave_the_scan_unclear(seen: Any) -> None:
    fewer = [one for one in seen.counted if one.way != "select" or one.ready != [1, 2]]
    assert outcome("4.4-c", change(seen, counted=fewer)) is Outcome.UNCLEAR


def test_chance_needs_all_its_marks(seen: Any) -> None:
    same = [seen.selecting["three"][0]] * 8
    assert outcome("4.4-d", change(seen, selecting={**seen.selecting, "three": same})) is Outcome.UNCLEAR
    assert outcome("4.4-d", with_polled(seen, "three", random=0)) is Outcome.UNCLEAR
    assert outcome("4.4-d", with_polled(seen, SET, order=[1, 0, 2], taken=1)) is Outcome.UNCLEAR
    assert outcome("4.4-d", with_counts_of(seen, "started")) is Outcome.UNCLEAR
    held = [change(one, address=8) for one in seen.selecting[SET]]
    assert outcome("4.4-d", change(seen, selecting={**seen.selecting, SET: held})) is Outcome.UNCLEAR


# --- the choice --------------------------------------------------------------------------------------------


def with_later(seen: Any, label: str, later: int) -> Any:
    ordered = [
        change(one, later=later, earlier=one.earlier + one.later - later) if one.label == label else one
        for one in seen.ordered
    ]
    return change(seen, ordered=ordered)


def test_a_select_in_order_of_time_would_fail(seen: Any) -> None:
    one = with_later(seen, "capacity 1", 0)
    assert outcome("4.4-a", one) is Outcome.UNCLEAR
    assert outcome("4.4-a", with_later(one, "unbuffered", 0)) is Outcome.FAILS
    assert outcome("4.4-a", change(seen, ordered=[])) is Outcome.BROKEN
    assert outcome("4.4-a", with_later(seen, "one channel of capacity 2", 3)) is Outcome.BROKEN
    gone = [one for one in seen.ordered if one.label != "unbuffered"]
    assert outcome("4.4-a", change(seen, ordered=gone)) is Outcome.UNCLEAR


def test_a_choice_that_is_unfair_or_always_the_same_would_fail(seen: Any) -> None:
    assert outcome("4.4-i", with_counts_of(seen, "started")) is Outcome.FAILS
    same = {**seen.sequences, "select": [seen.sequences["select"][0]] * 40}
    assert outcome("4.4-i", change(seen, sequences=same)) is Outcome.FAILS
    fewer = {**seen.sequences, "select": seen.sequences["select"][1:]}
    assert outcome("4.4-i", change(seen, sequences=fewer)) is Outcome.UNCLEAR


# --- the table ---------------------------------------------------------------------------------------------


def with_batches(seen: Any, label: str, like: str) -> Any:
    """What was counted of this kind is what was counted of another."""
    other = next(one for one in seen.batches if one.label == like)
    batches = [
        change(one, batch=other.batch, batches=other.batches) if one.label == label else one for one in seen.batches
    ]
    return change(seen, batches=batches)


@pytest.mark.parametrize("direction", ["receiving", "sending"])
def test_shares_as_claimed_in_one_direction_would_hold(direction: str, seen: Any) -> None:
    one = with_batches(seen, f"unbuffered, {direction}", "a coin that falls so in 52.3 %")
    assert outcome("4.4-g", one) is Outcome.FAILS
    both = with_batches(one, f"capacity 1, {direction}", "a coin that falls so in 49.1 %")
    assert outcome("4.4-g", both) is Outcome.HOLDS


def test_deviations_in_the_claimed_ratio_would_hold(seen: Any) -> None:
    one = with_batches(seen, "unbuffered, sending", "capacity 1, receiving, 303 at a time")
    assert outcome("4.4-h", one) is Outcome.FAILS
    both = with_batches(one, "capacity 1, sending", "capacity 1, receiving, 41 at a time")
    assert outcome("4.4-h", both) is Outcome.HOLDS


@pytest.mark.parametrize("claim", ["4.4-g", "4.4-h"])
def test_a_kind_that_was_not_counted_leaves_the_table_unclear(claim: str, seen: Any) -> None:
    fewer = [one for one in seen.batches if one.label != "capacity 1, sending"]
    assert outcome(claim, change(seen, batches=fewer)) is Outcome.UNCLEAR


# --- the program -------------------------------------------------------------------------------------------


def with_printed(seen: Any, program: str, lines: dict[str, int]) -> Any:
    return change(seen, printed=[change(one, lines=lines) if one.program == program else one for one in seen.printed])


def test_ten_lines_each_would_hold_and_in_some_processes_be_unclear(seen: Any) -> None:
    assert outcome("4.4-e", with_printed(seen, "waited", {"10": 100})) is Outcome.HOLDS
    assert outcome("4.4-e", with_printed(seen, "waited", {"2": 99, "10": 1})) is Outcome.UNCLEAR
    assert outcome("4.4-e", with_printed(seen, "enough", {"9": 100})) is Outcome.BROKEN
    gone = [one for one in seen.printed if one.program != "waited"]
    assert outcome("4.4-e", change(seen, printed=gone)) is Outcome.UNCLEAR


@pytest.mark.parametrize("changes", [{"sends": 0, "receives": 2}, {"selects": 10}, {"woken": 0}])
def test_each_part_of_what_the_text_says_is_needed(changes: dict[str, int], seen: Any) -> None:
    text = seen.uses["the text"]
    assert outcome("4.4-f", change(seen, uses={**seen.uses, "the program": text})) is Outcome.HOLDS
    assert outcome("4.4-f", change(seen, uses={**seen.uses, "the program": change(text, **changes)})) is Outcome.FAILS


def test_cases_that_were_not_read_leave_it_unclear(seen: Any) -> None:
    program = change(seen.uses["the program"], sends=None)
    assert outcome("4.4-f", change(seen, uses={**seen.uses, "the program": program})) is Outcome.UNCLEAR


# --- waking ------------------------------------------------------------------------------------------------


def with_situation(seen: Any, number: int, **changes: Any) -> Any:
    situations = list(seen.situations)
    situations[number] = change(situations[number], **changes)
    return change(seen, situations=situations)


def test_a_select_that_woke_somebody_and_never_waited_would_hold(seen: Any) -> None:
    waking = with_situation(seen, 0, woken=1, changed={"waiting → runnable": 1})
    assert outcome("4.4-j", waking) is Outcome.FAILS  # it still waits where nothing is ready
    assert outcome("4.4-j", with_situation(waking, 2, parked=0, changed={})) is Outcome.HOLDS
    assert outcome("4.4-j", with_situation(seen, 2, parked=0, changed={})) is Outcome.FAILS


def test_statuses_that_say_otherwise_than_the_counts_are_unclear(seen: Any) -> None:
    assert outcome("4.4-j", with_situation(seen, 0, woken=1)) is Outcome.UNCLEAR
    assert outcome("4.4-j", with_situation(seen, 2, changed={})) is Outcome.UNCLEAR
    assert outcome("4.4-j", with_situation(seen, 1, woken=0)) is Outcome.BROKEN
