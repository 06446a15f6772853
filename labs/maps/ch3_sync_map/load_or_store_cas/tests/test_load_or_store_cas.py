"""The judges of load-or-store-cas on recorded observations, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Outcome, Touch, change, kept

LAB = kept(__file__)
OLD, NEW = "1.23.9", "1.27.3"
WATCHED = ("absent", "present", "deleted", "expunged", "first", "stored", "succeeds")
FORCED = ("reloads", "mended", "another value", "another value, emptied again")
"""In the order of the sessions."""
ANOTHER, EMPTIED = FORCED[2:]
OF_A_FAILURE = ("3.3-a/2", "3.3-e/1", "3.3-e/2", "3.3-f")
CMPXCHG, MOV = "lock cmpxchg %rcx,(%rdx)", "mov (%rax),%rdx"


def touch(instruction: str, before: int = 0, after: int = 0) -> Touch:
    return Touch("word", 2, instruction, 1, "main.f", "main.go", 1, ["main.f"], before, after)


def at_the_end(seen: Any, session: str, place: int, **changes: Any) -> Any:
    """The last stop of a run is another."""
    found = getattr(seen, session)
    runs = list(found.runs)
    stops = runs[place].stops
    runs[place] = change(runs[place], stops=[*stops[:-1], change(stops[-1], **changes)])
    return change(seen, **{session: change(found, runs=runs)})


def watched(seen: Any, name: str, **changes: Any) -> Any:
    return at_the_end(seen, "watched", WATCHED.index(name), **changes)


def touched(seen: Any, name: str, *touches: Touch) -> Any:
    """These alone touched the word from the failing compare-and-swap on."""
    place = FORCED.index(name)
    run = seen.forced.runs[place]
    stops = [change(stop, touches=list(touches) if stop is run.stops[-1] else []) for stop in run.stops]
    runs = list(seen.forced.runs)
    runs[place] = change(run, stops=stops)
    return change(seen, forced=change(seen.forced, runs=runs))


def traced(seen: Any, name: str, edit: Callable[[list[Any]], list[Any]], **changes: Any) -> Any:
    trace = seen.traces[name]
    return change(seen, traces={**seen.traces, name: change(trace, steps=edit(list(trace.steps)), **changes)})


def like_pause(step: Any) -> Any:
    return change(step, text="pause", touches_word=False)


def swaps_of(seen: Any, name: str) -> list[int]:
    return [place for place, step in enumerate(seen.traces[name].steps) if step.compares]


@pytest.mark.parametrize("claim", ["3.3-b", "3.3-l", *OF_A_FAILURE])
def test_without_a_compare_and_swap_the_claim_is_void(claim: str) -> None:
    found = LAB.ruling(claim, LAB.seen(NEW))
    assert found.outcome is Outcome.VOID
    assert "no pointer" in found.finding.because


# a/1: whether there is a compare-and-swap


def test_a_call_that_touches_the_word_otherwise_is_a_disagreement() -> None:
    seen = LAB.seen(OLD)
    for name in ("deleted", "expunged", "first"):
        seen = watched(seen, name, touches=[touch(MOV)])
    assert LAB.ruling("3.3-a/1", seen).outcome is Outcome.UNCLEAR


def test_a_compare_and_swap_that_nobody_counted_is_a_disagreement() -> None:
    assert LAB.ruling("3.3-a/1", watched(LAB.seen(NEW), "deleted", touches=[touch(CMPXCHG)])).outcome is Outcome.UNCLEAR


def test_a_call_of_our_own_that_is_not_seen_breaks_the_judge() -> None:
    seen = LAB.seen(NEW)
    counted = [change(one, hits=0) for one in seen.end("succeeds").counted]
    assert LAB.ruling("3.3-a/1", watched(seen, "succeeds", touches=[], counted=counted)).outcome is Outcome.BROKEN


# b: the instruction


def test_an_exchange_would_refute_it() -> None:
    xchg = touch("xchg %rbx,(%rax)", 0, 8)
    seen = watched(LAB.seen(OLD), "deleted", touches=[touch(CMPXCHG), xchg])
    assert LAB.ruling("3.3-b", seen).outcome is Outcome.FAILS


def test_a_compare_and_swap_without_lock_would_refute_it() -> None:
    seen = watched(LAB.seen(OLD), "deleted", touches=[touch("cmpxchg %rcx,(%rdx)", 0, 8)])
    assert LAB.ruling("3.3-b", seen).outcome is Outcome.FAILS


def test_an_instruction_that_capstone_does_not_find_is_unclear() -> None:
    assert LAB.ruling("3.3-b", change(LAB.seen(OLD), code=[])).outcome is Outcome.UNCLEAR


def test_a_word_that_nothing_changed_is_unclear() -> None:
    assert LAB.ruling("3.3-b", watched(LAB.seen(OLD), "deleted", touches=[touch(CMPXCHG)])).outcome is Outcome.UNCLEAR


# l: what is returned


def test_an_existing_value_would_hold() -> None:
    seen = watched(LAB.seen(OLD), "deleted", values={"returned": 2, "loaded": 1})
    assert LAB.ruling("3.3-l", seen).outcome is Outcome.HOLDS


@pytest.mark.parametrize("values", [{"returned": 1, "loaded": 1}, {"returned": 2, "loaded": 0}])
def test_a_result_that_contradicts_itself_is_unclear(values: dict[str, int]) -> None:
    assert LAB.ruling("3.3-l", watched(LAB.seen(OLD), "deleted", values=values)).outcome is Outcome.UNCLEAR


def test_a_found_value_that_is_not_returned_breaks_the_judge() -> None:
    seen = at_the_end(LAB.seen(OLD), "forced", FORCED.index(ANOTHER), values={"returned": 1, "loaded": 0})
    assert LAB.ruling("3.3-l", seen).outcome is Outcome.BROKEN


# a/2, e and f: after a failure


@pytest.mark.parametrize("claim", ["3.3-a/2", "3.3-e/2", "3.3-f"])
def test_what_only_the_debug_registers_saw_is_a_disagreement(claim: str) -> None:
    seen = touched(LAB.seen(OLD), ANOTHER, touch(CMPXCHG, 8, 8), touch(MOV, 8, 8), touch(CMPXCHG, 8, 9))
    assert LAB.ruling(claim, seen).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", OF_A_FAILURE)
def test_a_trace_that_was_cut_decides_nothing(claim: str) -> None:
    assert LAB.ruling(claim, traced(LAB.seen(OLD), EMPTIED, list, ended=False)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", OF_A_FAILURE)
def test_a_first_compare_and_swap_that_worked_is_no_failure(claim: str) -> None:
    seen = LAB.seen(OLD)
    first = swaps_of(seen, EMPTIED)[0]

    def worked(steps: list[Any]) -> list[Any]:
        return [*steps[:first], change(steps[first], swapped=True), *steps[first + 1 :]]

    assert LAB.ruling(claim, traced(seen, EMPTIED, worked)).outcome is Outcome.UNCLEAR


def trying_again(seen: Any, expected: int) -> Any:
    """After another value has been found, there is one more compare-and-swap, in both instruments."""
    first = swaps_of(seen, ANOTHER)[0]
    found = seen.traces[ANOTHER].steps[first].found
    seen = touched(seen, ANOTHER, touch(CMPXCHG, found, found), touch(MOV, found, found), touch(CMPXCHG, found, 9))

    def again(steps: list[Any]) -> list[Any]:
        return [*steps, change(steps[first], expected=expected, swapped=True)]

    return traced(seen, ANOTHER, again)


def test_a_second_try_after_another_value_would_hold() -> None:
    assert LAB.ruling("3.3-a/2", trying_again(LAB.seen(OLD), 0)).outcome is Outcome.HOLDS


def test_a_second_try_that_expects_what_was_found_would_hold() -> None:
    seen = LAB.seen(OLD)
    found = seen.traces[ANOTHER].steps[swaps_of(seen, ANOTHER)[0]].found
    assert LAB.ruling("3.3-e/2", trying_again(seen, found)).outcome is Outcome.HOLDS
    assert LAB.ruling("3.3-e/2", trying_again(seen, 77)).outcome is Outcome.UNCLEAR
    assert LAB.ruling("3.3-e/2", trying_again(seen, 0)).outcome is Outcome.FAILS


def forget_the_word(steps: list[Any]) -> list[Any]:
    return [step if step.compares else change(step, touches_word=False) for step in steps]


def test_a_second_try_without_a_look_would_refute_it() -> None:
    seen = touched(LAB.seen(OLD), EMPTIED, touch(CMPXCHG, 8, 8), touch(CMPXCHG, 0, 9))
    assert LAB.ruling("3.3-e/1", traced(seen, EMPTIED, forget_the_word)).outcome is Outcome.FAILS


def test_a_look_that_only_one_saw_is_a_disagreement() -> None:
    assert LAB.ruling("3.3-e/1", traced(LAB.seen(OLD), EMPTIED, forget_the_word)).outcome is Outcome.UNCLEAR


def test_without_a_second_try_there_is_nothing_before_it() -> None:
    seen = touched(LAB.seen(OLD), EMPTIED, touch(CMPXCHG, 8, 8), touch(MOV, 0, 0))
    second = swaps_of(seen, EMPTIED)[1]
    assert LAB.ruling("3.3-e/1", traced(seen, EMPTIED, lambda steps: steps[:second])).outcome is Outcome.UNCLEAR


def pausing(seen: Any, name: str) -> Any:
    place = swaps_of(seen, name)[0] + 1
    return traced(seen, name, lambda steps: [*steps[:place], like_pause(steps[place]), *steps[place + 1 :]])


def test_a_pause_after_every_failure_would_hold_and_after_one_is_unclear() -> None:
    seen = pausing(LAB.seen(OLD), ANOTHER)
    assert LAB.ruling("3.3-f", seen).outcome is Outcome.UNCLEAR
    assert LAB.ruling("3.3-f", pausing(seen, EMPTIED)).outcome is Outcome.HOLDS


def test_a_pause_that_was_not_executed_is_unclear() -> None:
    seen = LAB.seen(OLD)
    paused = {**seen.paused, "sync.(*Map).LoadOrStore": 1}
    assert LAB.ruling("3.3-f", change(seen, paused=paused)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(("claim", "name"), [("3.3-a/2", "reloads"), ("3.3-e/2", "reloads"), ("3.3-f", "mended")])
def test_a_loop_of_our_own_that_is_not_seen_breaks_the_judge(claim: str, name: str) -> None:
    assert LAB.ruling(claim, touched(LAB.seen(OLD), name)).outcome is Outcome.BROKEN


# d: the listing


def test_a_failing_call_that_tries_again_and_pauses_would_hold() -> None:
    seen = LAB.seen(NEW)
    code = [function for function in seen.code if "mended" in function.name]
    real = [function for function in seen.code if "mended" not in function.name]
    renamed = [change(function, name="sync/atomic.CompareAndSwapPointer") for function in code]
    seen = change(seen, traces={**seen.traces, "call fails": seen.traces["mended"]}, code=[*renamed, *code])
    assert LAB.ruling("3.3-d/1", seen).outcome is Outcome.HOLDS
    assert LAB.ruling("3.3-d/1", change(seen, code=[*real, *code])).outcome is Outcome.UNCLEAR


def test_a_pause_alone_is_unclear() -> None:
    seen = traced(LAB.seen(NEW), "call fails", lambda steps: [*steps[:-1], like_pause(steps[-1])])
    assert LAB.ruling("3.3-d/1", seen).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(
    "edit",
    [
        lambda steps: [step for step in steps if not step.compares],
        lambda steps: [change(step, swapped=True) if step.compares else step for step in steps],
    ],
)
def test_a_call_whose_failure_was_not_seen_is_unclear(edit: Callable[[list[Any]], list[Any]]) -> None:
    assert LAB.ruling("3.3-d/1", traced(LAB.seen(NEW), "call fails", edit)).outcome is Outcome.UNCLEAR


def test_a_loop_of_our_own_without_a_jump_back_breaks_the_judge() -> None:
    seen = LAB.seen(NEW)
    assert (
        LAB.ruling("3.3-d/1", change(seen, code=[one for one in seen.code if "mended" not in one.name])).outcome
        is Outcome.BROKEN
    )


def tried(seen: Any, loop: str, **swapped: bool) -> Any:
    """What became of the loop's words, by what they held."""
    changes = {name.replace("_", " "): value for name, value in swapped.items()}
    return change(
        seen,
        loops=[
            change(one, swapped=changes.get(one.holds, one.swapped)) if one.loop == loop else one for one in seen.loops
        ],
    )


def test_a_listing_that_swaps_what_it_should_would_hold() -> None:
    right = tried(LAB.seen(NEW), "listed", the_expected_value=True, its_own_address=False)
    assert LAB.ruling("3.3-d/2", right).outcome is Outcome.HOLDS


def test_one_wrong_swap_is_enough() -> None:
    assert LAB.ruling("3.3-d/2", tried(LAB.seen(NEW), "listed", the_expected_value=True)).outcome is Outcome.FAILS


def test_loops_that_were_not_tried_decide_nothing() -> None:
    seen = LAB.seen(NEW)
    loops = [one for one in seen.loops if one.loop == "mended"]
    assert LAB.ruling("3.3-d/2", change(seen, loops=loops)).outcome is Outcome.UNCLEAR


def test_a_mended_loop_that_does_not_work_breaks_the_judge() -> None:
    assert LAB.ruling("3.3-d/2", tried(LAB.seen(NEW), "mended", the_expected_value=False)).outcome is Outcome.BROKEN


def test_the_first_new_key_tries_each_deleted_entry_and_not_its_own() -> None:
    because = LAB.ruling("3.3-a/1", LAB.seen(OLD)).finding.because
    assert "0 for a key never seen, 0 for a key that is there, 1 for a deleted key, 2 for a deleted key" in because
    assert because.endswith("3 for a key never seen, the first one since three others were deleted")
