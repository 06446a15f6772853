"""Measured against expected, over every pair of outcomes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from packaging.specifiers import SpecifierSet

from claimlab.benches.engine import Engine
from claimlab.project.claim import Claim, Expectation
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Record
from claimlab.trials.trial import Trial
from claimlab.verdicts.differing import told
from claimlab.verdicts.expectations import differences
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ruling import Ruling

CONTROL = Finding(Outcome.FAILS, "the control is as it should be")
REPLAY = "claimlab lab.toy --go 1.23.9 --engine local --fresh"


@pytest.fixture
def trial(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(), toolchains[0], make_engine())


def claim_that(outcome: Outcome | None, name: str = "9-a", go: str = "") -> Claim:
    """A claim whose outcome is expected to be that."""
    expected = (Expectation(outcome, SpecifierSet(go), None),) if outcome else ()
    return Claim(name, "9", Words("The number is even.", "这个数是偶数。"), expected)


def ruling(outcome: Outcome, shows: str = "", *controls: Finding) -> Ruling:
    return Ruling("9-a", Finding(outcome, "the number is 2", shows), controls or (CONTROL,))


@pytest.mark.parametrize(("expected", "measured"), list(product([*Outcome, None], Outcome)))
def test_every_pair_differs_unless_equal(trial: Trial, expected: Outcome | None, measured: Outcome) -> None:
    found = differences(trial, {"9-a": ruling(measured)}, [claim_that(expected)])
    assert bool(found) == (expected is not measured)
    for difference in found:
        assert (difference.expected, difference.ruling.outcome) == (expected, measured)


@pytest.mark.parametrize("measured", Outcome)
def test_what_other_hosts_have_seen_is_expected_too_and_nothing_else(trial: Trial, measured: Outcome) -> None:
    claim = claim_that(Outcome.FAILS)
    rule = replace(claim.expected[0], other_hosts=(Outcome.HOLDS,))
    found = differences(trial, {"9-a": ruling(measured)}, [replace(claim, expected=(rule,))])
    assert bool(found) == (measured not in (Outcome.FAILS, Outcome.HOLDS))


@pytest.mark.parametrize(
    ("expected", "measured", "words"),
    [
        (Outcome.HOLDS, Outcome.FAILS, "expected holds, measured fails"),
        (Outcome.FAILS, Outcome.HOLDS, "expected fails, measured holds"),
        (Outcome.HOLDS, Outcome.VOID, "expected holds, measured void"),
        (Outcome.HOLDS, Outcome.UNCLEAR, "expected holds, measured unclear"),
        (None, Outcome.HOLDS, "expected nothing (no expectation is written), measured holds"),
    ],
)
def test_a_difference_says_all_one_needs(trial: Trial, expected: Outcome | None, measured: Outcome, words: str) -> None:
    (found,) = differences(trial, {"9-a": ruling(measured, "n = 2\nm = 3")}, [claim_that(expected)])
    assert told([found])[0].splitlines() == [
        f"9-a on Go 1.23.9: {words}",
        "  claim:    The number is even.",
        "  because:  the number is 2",
        "            | n = 2",
        "            | m = 3",
        "  control:  fails: the control is as it should be",
        f"  replay:   {REPLAY}",
        "  If the measurement is right, --expect writes it into `expected` of this claim.",
    ]


def test_a_judge_that_fails_on_its_control_is_told_with_the_control(trial: Trial) -> None:
    control = Finding(Outcome.HOLDS, "the number is 3")
    broken = Ruling("9-a", Finding(Outcome.BROKEN, "the judge failed on its control"), (control,))
    (found,) = differences(trial, {"9-a": broken}, [claim_that(Outcome.HOLDS)])
    assert "9-a on Go 1.23.9: expected holds, measured broken" in told([found])[0]
    assert "  control:  holds: the number is 3" in told([found])[0]
    assert "--expect" not in told([found])[0]


def test_a_long_excerpt_is_cut(trial: Trial) -> None:
    (found,) = differences(
        trial, {"9-a": ruling(Outcome.FAILS, "\n".join(map(str, range(100))))}, [claim_that(Outcome.HOLDS)]
    )
    assert "            | 11\n  control" in told([found])[0]


def test_the_expectation_is_that_of_the_trials_toolchain(trial: Trial) -> None:
    rulings = {"9-a": ruling(Outcome.HOLDS)}
    assert differences(trial, rulings, [claim_that(Outcome.HOLDS, go="<1.24")]) == []
    (found,) = differences(trial, rulings, [claim_that(Outcome.HOLDS, go=">=1.24")])
    assert found.expected is None


def test_only_ruled_claims_are_compared_and_each_is(trial: Trial) -> None:
    claims = [claim_that(Outcome.HOLDS, name) for name in ("9-a", "9-b", "9-c")]
    rulings = {"9-a": ruling(Outcome.FAILS), "9-b": ruling(Outcome.FAILS)}
    assert [found.claim.id for found in differences(trial, rulings, claims)] == ["9-a", "9-b"]


def test_a_broken_trial_collapses_to_one_text(trial: Trial, record: Record) -> None:
    error = "the build failed\n  ran:  go build\n  exit: 1\n  | syntax error"
    record.put_breakage(Breakage(SCHEMA, "toy", "1.23.9", "local", error), trial.address)
    texts = texts_of_two_claims(trial, record)
    assert texts == {
        "toy[1.23.9] is broken: the lab failed\n"
        "  | the build failed\n  |   ran:  go build\n  |   exit: 1\n  |   | syntax error\n"
        f"  replay: {REPLAY}"
    }


def test_a_missing_trial_collapses_to_one_text(trial: Trial, record: Record) -> None:
    assert texts_of_two_claims(trial, record) == {f"toy[1.23.9] is missing: not measured yet\n  replay: {REPLAY}"}


def texts_of_two_claims(trial: Trial, record: Record) -> set[str]:
    one = KeptRulings(record).rulings(trial)["9-a"]
    claims = [claim_that(Outcome.HOLDS, name) for name in ("9-a", "9-b")]
    found = differences(trial, {"9-a": one, "9-b": one}, claims)
    assert len(found) == 2
    return set(told(found))


@pytest.fixture
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return Record(tmp_path_factory.mktemp("record"))
