"""The judges of runtime-says on recorded observations with one thing changed."""

from typing import Any

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def outcome(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def test_a_text_that_is_printed_again_or_without_its_marks_fails() -> None:
    seen = LAB.seen(NEW)
    for old, new in (("panic: ", "panic: THE-TEXT\n"), ("repanicked", "")):
        ran = change(seen.panics["error"], stderr=seen.panics["error"].stderr.replace(old, new, 1))
        assert outcome("1.25-e", change(seen, panics={**seen.panics, "error": ran})) is Outcome.FAILS


def test_a_name_that_the_kernel_is_not_asked_for_is_none() -> None:
    seen = LAB.seen(NEW)
    unasked = [change(one, asked=False) for one in seen.mappings.named]
    assert outcome("1.25-f", change(seen, mappings=change(seen.mappings, named=unasked))) is Outcome.FAILS
    lost = change(seen, mappings=change(seen.mappings, array=0))
    assert LAB.finding("1.25-f", lost).outcome is Outcome.UNCLEAR


def test_waits_without_a_place_fail_and_few_waits_say_nothing() -> None:
    seen = LAB.seen(NEW)
    lost = [one if "main.hold" in one.stack else change(one, stack=["runtime._Lost"]) for one in seen.waited]
    ours = [one for one in seen.waited if "main.hold" in one.stack]
    others = [one for one in lost if "main.hold" not in one.stack]
    assert outcome("1.25-k", change(seen, waited=[*ours, change(others[0], times=100)])) is Outcome.FAILS
    assert LAB.finding("1.25-k", change(seen, waited=ours)).outcome is Outcome.UNCLEAR
    assert LAB.finding("1.25-k", change(seen, books=False)).outcome is Outcome.VOID


def test_places_of_the_scheduler_alone_are_unclear() -> None:
    seen = LAB.seen(NEW)
    waited = [one for one in seen.waited if not {"main.send", "main.receive"} & {*one.stack}]
    more = [change(one, times=20) for one in waited]
    assert LAB.finding("1.25-k", change(seen, waited=more)).outcome is Outcome.UNCLEAR
