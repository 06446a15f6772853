"""The judge of fused-multiply on recorded observations with one thing changed."""

from typing import Any

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def with_fused(level: str, function: str, found: list[str]) -> Any:
    seen = LAB.seen(NEW)
    return change(seen, fused={**seen.fused, level: {**seen.fused[level], function: found}})


def test_each_of_the_additions_has_to_be_fused() -> None:
    assert LAB.ruling("1.25-m", with_fused("v3", "add32", [])).outcome is Outcome.FAILS


def test_a_fused_product_that_was_to_be_rounded_breaks_the_judge() -> None:
    assert LAB.ruling("1.25-m", with_fused("v3", "rounded64", ["VFMADD231SD X1, X0, X2"])).outcome is Outcome.BROKEN
