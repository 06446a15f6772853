"""Many differences in few words."""

from collections.abc import Callable

import pytest

from claimlab.benches.engine import Engine
from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.trial import Trial
from claimlab.verdicts.differing import REASONS_SHOWN, told
from claimlab.verdicts.expectations import Difference
from claimlab.verdicts.finding import Finding, fails, holds
from claimlab.verdicts.ruling import Ruling

Differ = Callable[..., Difference]
CLAIMS = [Claim(letter, "", Words(f"The sentence {letter}."), article="labs") for letter in "ab"]


@pytest.fixture
def differ(
    make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]
) -> Differ:
    lab, engine = make_lab(), make_engine()

    def make(at: int, finding: Finding, claim: int = 0, control: Finding | None = None) -> Difference:
        trial = Trial(lab, toolchains[at], engine)
        return Difference(
            CLAIMS[claim],
            trial,
            Outcome.HOLDS,
            Ruling(CLAIMS[claim].id, finding, (control,) if control else ()),
        )

    return make


def test_a_lab_that_broke_is_told_of_once_however_many_claims_it_judges(differ: Differ) -> None:
    broken = Finding(Outcome.BROKEN, "the lab failed", "gdb was eaten")
    (paragraph,) = told([differ(at, broken, claim) for at in (0, 1) for claim in (0, 1)])
    assert paragraph.splitlines() == [
        "toy on Go 1.23.9, 1.24.11 is broken: the lab failed",
        "  | gdb was eaten",
        "  replay: claimlab lab.toy --go 1.23.9 --engine local --fresh",
    ]


def test_labs_that_broke_otherwise_are_told_apart(differ: Differ) -> None:
    one, other = (Finding(Outcome.BROKEN, "the lab failed", why) for why in ("gdb was eaten", "the disk is full"))
    assert [text.splitlines()[1] for text in told([differ(0, one), differ(1, other)])] == [
        "  | gdb was eaten",
        "  | the disk is full",
    ]


def test_a_claim_that_came_out_alike_everywhere_is_told_of_once(differ: Differ) -> None:
    same = fails("it is odd", "n = 3")
    (paragraph,) = told([differ(at, same, control=holds("4 is even")) for at in (0, 1, 2)])
    assert paragraph.splitlines() == [
        "a on Go 1.23.9, 1.24.11, 1.24.11+noswissmap: expected holds, measured fails",
        "  claim:    The sentence a.",
        "  because:  it is odd",
        "            | n = 3",
        "  control:  holds: 4 is even",
        "  replay:   claimlab lab.toy --go 1.23.9 --engine local --fresh",
        "  If the measurement is right, --expect writes it into `expected` of this claim.",
    ]


def test_reasons_that_differ_stand_with_their_toolchains(differ: Differ) -> None:
    (paragraph,) = told([differ(0, fails("3 is odd")), differ(1, fails("5 is odd"))])
    assert "  because:  3 is odd (on Go 1.23.9)\n  because:  5 is odd (on Go 1.24.11)\n" in paragraph


def test_of_many_reasons_some_are_shown_and_the_rest_counted(differ: Differ, monkeypatch: pytest.MonkeyPatch) -> None:
    assert REASONS_SHOWN > 1
    monkeypatch.setattr("claimlab.verdicts.differing.REASONS_SHOWN", 1)
    (paragraph,) = told([differ(at, fails(f"{at} is odd")) for at in (0, 1, 2)])
    assert paragraph.count("because:") == 1
    assert "and 2 more reasons" in paragraph


def test_outcomes_and_claims_are_told_apart(differ: Differ) -> None:
    found = [differ(0, fails("x")), differ(1, Finding(Outcome.VOID, "x")), differ(0, fails("x"), claim=1)]
    assert [text.splitlines()[0] for text in told(found)] == [
        "a on Go 1.23.9: expected holds, measured fails",
        "a on Go 1.24.11: expected holds, measured void",
        "b on Go 1.23.9: expected holds, measured fails",
    ]


def test_what_a_judge_that_failed_on_its_control_measured_is_not_to_be_expected(differ: Differ) -> None:
    broken = Finding(Outcome.BROKEN, "the judge failed on its control: fails instead of holds", "n = 3")
    (paragraph,) = told([differ(0, broken, control=fails("4 is odd", "n = 4"))])
    assert "control:  fails: 4 is odd" in paragraph
    assert "--expect" not in paragraph
