"""The judges of slice-escape on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
OLD, NEW = "1.23.9", "1.27.3"


def with_case(seen: Any, label: str, n: int | None = None, **changes: Any) -> Any:
    """The case of this function is another; of several, the one with this number of elements."""
    cases = [change(case, **changes) if case.label == label and n in (None, case.n) else case for case in seen.cases]
    assert any(case.label == label and n in (None, case.n) for case in cases)
    return change(seen, cases=cases)


def lying(seen: Any, label: str, where: str, n: int | None = None) -> Any:
    case = next(case for case in seen.cases if case.label == label and n in (None, case.n))
    return with_case(seen, label, n, array=change(case.array, lies=where))


def allocated(seen: Any, label: str, n: int | None = None) -> Any:
    return with_case(lying(seen, label, "elsewhere", n), label, n, objects=200)


def not_allocated(seen: Any, label: str, n: int | None = None) -> Any:
    return with_case(lying(seen, label, "stack", n), label, n, objects=0)


def said(seen: Any, label: str, old: str, new: str) -> Any:
    lines = [line.replace(old, new) for line in seen.case(label).said]
    return with_case(seen, label, said=lines)


def outcome(claim: str, seen: Any) -> Any:
    return LAB.ruling(claim, seen).outcome


# --- a constant size ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("claim", "label"), [("4.1-c", "tenKept"), ("4.1-i", "bytesKept")])
def test_an_array_that_all_three_witnesses_have_on_the_heap_would_hold(claim: str, label: str) -> None:
    seen = allocated(LAB.seen(NEW), label)
    assert outcome(claim, seen) is Outcome.UNCLEAR  # the compiler says otherwise yet
    assert outcome(claim, said(seen, label, "does not escape", "escapes to heap")) is Outcome.HOLDS


@pytest.mark.parametrize(("claim", "label"), [("4.1-c", "tenKept"), ("4.1-i", "bytesKept"), ("4.1-e", "fiveCalled")])
def test_each_witness_alone_leaves_a_constant_size_unclear(claim: str, label: str) -> None:
    seen = LAB.seen(NEW)
    case = seen.case(label)
    other = {"stack": "elsewhere", "elsewhere": "stack"}[case.array.lies]
    assert outcome(claim, lying(seen, label, other)) is Outcome.UNCLEAR
    assert outcome(claim, lying(seen, label, "data")) is Outcome.UNCLEAR
    assert outcome(claim, with_case(seen, label, objects=200 - case.objects)) is Outcome.UNCLEAR
    assert outcome(claim, with_case(seen, label, objects=100)) is Outcome.UNCLEAR
    assert outcome(claim, with_case(seen, label, said=[])) is Outcome.UNCLEAR


def test_a_few_objects_of_the_runtime_do_not_count() -> None:
    assert outcome("4.1-c", with_case(LAB.seen(NEW), "tenKept", objects=7)) is Outcome.FAILS


def test_a_control_that_stays_on_the_stack_breaks_the_judge() -> None:
    seen = said(not_allocated(LAB.seen(NEW), "tenReturned"), "tenReturned", "escapes to heap", "does not escape")
    assert outcome("4.1-c", seen) is Outcome.BROKEN


def test_a_called_function_whose_array_stayed_on_the_stack_would_fail() -> None:
    seen = not_allocated(LAB.seen(NEW), "fiveCalled")
    assert outcome("4.1-e", said(seen, "fiveCalled", "escapes to heap", "does not escape")) is Outcome.FAILS


def test_what_inlining_does_is_told_only_if_it_was_seen() -> None:
    seen = LAB.seen(NEW)
    assert "allocates nothing (0 objects in 200 calls" in LAB.ruling("4.1-e", seen).finding.because
    for changed in (
        said(seen, "fiveInlined", "inlining call to giveFive", ""),
        allocated(seen, "fiveInlined"),
        not_allocated(seen, "fiveInlinedAndStored"),
    ):
        found = LAB.ruling("4.1-e", changed)
        assert found.outcome is Outcome.HOLDS
        assert "was not seen clearly" in found.finding.because


# --- headers -----------------------------------------------------------------------------------------------

HEADERS = ("headerOverHeap", "headerOverLarge", "headerReturned")


def moved(seen: Any, label: str) -> Any:
    """The header is on the heap, for all witnesses."""
    case = seen.case(label)
    return with_case(
        seen,
        label,
        objects=case.objects + 200,
        header=change(case.header, lies="elsewhere"),
        said=[*case.said, "cases.go:1:2: moved to heap: s"],
    )


def test_headers_that_all_move_to_the_heap_would_hold_and_one_that_stays_is_enough_to_fail() -> None:
    seen = LAB.seen(NEW)
    for label in HEADERS[:2]:
        seen = moved(seen, label)
    found = LAB.ruling("4.1-d", seen)
    assert found.outcome is Outcome.FAILS
    assert "2 of 3 headers" in found.finding.because
    assert outcome("4.1-d", moved(seen, HEADERS[2])) is Outcome.HOLDS


def test_each_witness_alone_leaves_a_header_unclear() -> None:
    seen = LAB.seen(NEW)
    case = seen.case("headerReturned")
    elsewhere = change(case.header, lies="elsewhere")
    assert outcome("4.1-d", with_case(seen, "headerReturned", header=elsewhere)) is Outcome.UNCLEAR
    assert outcome("4.1-d", with_case(seen, "headerReturned", header=None)) is Outcome.UNCLEAR
    assert outcome("4.1-d", with_case(seen, "headerReturned", objects=400)) is Outcome.UNCLEAR
    assert outcome("4.1-d", with_case(seen, "headerReturned", objects=310)) is Outcome.UNCLEAR
    assert outcome("4.1-d", said(seen, "headerReturned", "make([]int, 5) escapes", "s escapes")) is Outcome.UNCLEAR


def test_a_header_over_an_array_on_the_stack_says_nothing() -> None:
    assert outcome("4.1-d", lying(LAB.seen(NEW), "headerOverHeap", "stack")) is Outcome.UNCLEAR


# --- a variable size ---------------------------------------------------------------------------------------


def test_one_size_on_the_stack_is_enough_to_fail() -> None:
    found = LAB.ruling("4.1-k", not_allocated(LAB.seen(OLD), "variable", 1))
    assert found.outcome is Outcome.FAILS
    assert "on the stack for n = 1 and on the heap for n = 2, 3, 4, 5" in found.finding.because


def test_all_sizes_on_the_heap_would_hold() -> None:
    seen = LAB.seen(NEW)
    for case in LAB.seen(NEW).cases:
        if case.label.startswith("variable"):
            seen = allocated(seen, case.label, case.n)
    assert outcome("4.1-k", seen) is Outcome.HOLDS


@pytest.mark.parametrize("toolchain", [OLD, NEW])
def test_counters_and_addresses_that_disagree_on_a_size_leave_it_unclear(toolchain: str) -> None:
    seen = LAB.seen(toolchain)
    assert outcome("4.1-k", lying(seen, "variable", "stack", 100)) is Outcome.UNCLEAR
    assert outcome("4.1-k", with_case(seen, "variableBytes", 33, objects=0)) is Outcome.UNCLEAR


def test_a_returned_array_that_is_not_on_the_heap_leaves_it_unclear() -> None:
    found = LAB.ruling("4.1-k", not_allocated(LAB.seen(NEW), "variableReturned", 1))
    assert found.outcome is Outcome.BROKEN  # the control stands on the same ground
    assert found.controls[0].outcome is Outcome.UNCLEAR
