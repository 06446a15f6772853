"""What was measured, as rules of what is to be expected."""

from itertools import product

import pytest
from tests.ours import pins_with

from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain
from claimlab.verdicts.expectations import expected_of
from claimlab.verdicts.expecting import as_data, rules_for

HOLDS, FAILS, VOID, UNCLEAR = Outcome.HOLDS, Outcome.FAILS, Outcome.VOID, Outcome.UNCLEAR
AXIS = {
    tool.name: tool
    for tool in pins_with(
        Release("1.23.9", {}), Release("1.24.11", {}, ("x",)), Release("1.25.4", {}), Release("1.25.5", {}, ("x", "y"))
    ).toolchains
}


def data(*outcomes: Outcome) -> str | list[dict[str, str]]:
    return as_data(rules_for(dict(zip(AXIS, outcomes, strict=True)), AXIS))


def test_the_toolchains_are_those_the_tests_speak_of() -> None:
    assert list(AXIS) == ["1.23.9", "1.24.11", "1.24.11+x", "1.25.4", "1.25.5", "1.25.5+x", "1.25.5+y"]


@pytest.mark.parametrize("first", [HOLDS, FAILS, VOID])
def test_the_rules_say_just_what_was_measured(first: Outcome) -> None:
    """Every combination of three outcomes on all seven toolchains."""
    for others in product((HOLDS, FAILS, VOID), repeat=len(AXIS) - 1):
        measured = dict(zip(AXIS, (first, *others), strict=True))
        claim = Claim("a", "", Words("so"), rules_for(measured, AXIS))
        assert {name: expected_of(claim, tool) for name, tool in AXIS.items()} == measured


@pytest.mark.parametrize(
    ("outcomes", "rules"),
    [
        ([HOLDS] * 7, "holds"),
        ([UNCLEAR] * 7, "unclear"),
        (
            [HOLDS, FAILS, FAILS, FAILS, FAILS, FAILS, FAILS],
            [{"go": "<1.24", "outcome": "holds"}, {"outcome": "fails"}],
        ),
        (
            [HOLDS, VOID, HOLDS, VOID, VOID, HOLDS, VOID],
            [
                {"experiment": "x", "outcome": "holds"},
                {"go": "<1.24", "outcome": "holds"},
                {"outcome": "void"},
            ],
        ),
        (
            [HOLDS, HOLDS, HOLDS, HOLDS, FAILS, FAILS, FAILS],
            [{"go": "<1.25.5", "outcome": "holds"}, {"outcome": "fails"}],
        ),
        (
            [HOLDS, HOLDS, HOLDS, HOLDS, HOLDS, FAILS, HOLDS],
            [{"go": "==1.25.5", "experiment": "x", "outcome": "fails"}, {"outcome": "holds"}],
        ),
    ],
)
def test_rules_are_as_few_as_a_person_would_write(outcomes: list[Outcome], rules: object) -> None:
    assert data(*outcomes) == rules


def test_a_setting_that_turns_it_is_a_rule_of_its_own() -> None:
    releases = [Release("1.23.9", {}), Release("1.24.11", {})]
    tools = [Toolchain(one, godebug=value) for one in releases for value in ("", "old=1")]
    axis = {tool.name: tool for tool in tools}
    measured = dict(zip(axis, [HOLDS, FAILS, HOLDS, FAILS], strict=True))
    rules = rules_for(measured, axis)
    assert as_data(rules) == [{"godebug": "old=1", "outcome": "fails"}, {"outcome": "holds"}]
    claim = Claim("a", "", Words("so"), rules)
    assert {name: expected_of(claim, tool) for name, tool in axis.items()} == measured


def test_what_asks_nothing_of_go_has_one_outcome() -> None:
    assert as_data(rules_for({NO_AXIS: FAILS}, {NO_AXIS: None})) == "fails"


@pytest.mark.parametrize("gap", [Outcome.BROKEN, Outcome.MISSING])
def test_a_gap_is_never_expected(gap: Outcome) -> None:
    with pytest.raises(ValueError, match=r"nothing was measured on 1\.24\.11$"):
        data(HOLDS, gap, HOLDS, HOLDS, HOLDS, HOLDS, HOLDS)


def test_ones_own_go_is_nothing_that_everybody_may_expect() -> None:
    axis = AXIS | {"tip": Toolchain(Release("1.28.dev0", {}, own="tip"))}
    for outcome in (FAILS, Outcome.BROKEN):
        measured = dict.fromkeys(AXIS, HOLDS) | {"tip": outcome}
        assert as_data(rules_for(measured, axis)) == "holds"
