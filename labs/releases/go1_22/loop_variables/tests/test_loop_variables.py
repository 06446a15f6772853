"""The judge of loop-variables on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def with_loop(kind: str, **changes: Any) -> Any:
    seen = LAB.seen(NEW)
    return change(seen, own={**seen.own, kind: change(seen.own[kind], **changes)})


def outcome(seen: Any) -> Outcome:
    return LAB.ruling("1.22-a", seen).outcome


def test_addresses_and_closures_that_disagree_are_unclear() -> None:
    assert outcome(with_loop("range over values", Variables=1)) is Outcome.UNCLEAR
    assert outcome(with_loop("range over values", Values=[4] * 5)) is Outcome.UNCLEAR


def test_one_kind_of_loop_that_shares_its_variable_is_unclear() -> None:
    assert outcome(with_loop("three clauses", Variables=1, Values=[5] * 5)) is Outcome.UNCLEAR


def test_an_old_language_that_shares_nothing_breaks_the_judge() -> None:
    seen = LAB.seen(NEW)
    assert outcome(change(seen, old=seen.own)) is Outcome.BROKEN
