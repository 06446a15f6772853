"""Every claim with its rulings and its verdict, from the record alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.asked_ledger import CLAIMS, Asked
from tests.ours import OUR

from claimlab import change
from claimlab.benches.engine import Engine
from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import NO_AXIS
from claimlab.trials.record import SCHEMA, Breakage
from claimlab.trials.trial import Trial
from claimlab.verdicts.expectations import axis_of
from claimlab.verdicts.finding import holds
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.ruling import Ruling
from claimlab.verdicts.verdict import Kind

KEYS = {"article", "id", "section", "says", "verdict", "words", "expected", "outcomes", "lab", "correction"}

pytest_plugins = ["tests.asked_ledger"]


def test_there_is_a_row_for_every_claim_in_order(asked: Asked) -> None:
    assert list(asked.rows()) == ["9-a", "9-b", "9-c", "9-d"]


def test_a_claim_that_no_lab_asks_is_pending(asked: Asked) -> None:
    row = asked.rows()["9-b"]
    assert row.lab is None
    assert row.verdict.kind is Kind.PENDING
    nothing = dict.fromkeys(row.axis, "missing")
    assert row.as_data() == {
        "article": "labs",
        "id": "9-b",
        "section": "9",
        "says": {"en": "The number is prime.", "zh": "该数是素数。"},
        "verdict": "pending",
        "words": "no lab asks this yet",
        "expected": None,
        "outcomes": nothing,
        "lab": None,
        "correction": None,
    }


def test_a_claim_that_was_asked_on_nothing_is_not_pending(asked: Asked) -> None:
    ledger = asked.ledger()
    row = replace(next(row for row in ledger.rows if row.lab), axis={}, rulings={})
    assert row.verdict.kind is Kind.INCONCLUSIVE
    assert "no lab asks" not in row.words()


def test_an_untestable_claim_says_why(asked: Asked) -> None:
    data = asked.rows()["9-c"].as_data()
    assert set(data) == KEYS | {"reason"}
    assert data["verdict"] == data["expected"] == "untestable"
    assert data["reason"] == "Their number is not public."
    assert asked.rows()["9-c"].words() == "Their number is not public."


def test_what_was_measured_everywhere_has_a_verdict(asked: Asked) -> None:
    asked.measure(2, 4, 6)
    assert asked.rows()["9-a"].as_data() == {
        "article": "labs",
        "id": "9-a",
        "section": "9",
        "says": {"en": "The number is even.", "zh": "该数是偶数。"},
        "verdict": "confirmed",
        "words": "holds on every release tested",
        "expected": "confirmed",
        "outcomes": {"1.23.9": "holds", "1.24.11": "holds", "1.24.11+noswissmap": "holds"},
        "lab": "toy",
        "correction": None,
    }


@pytest.mark.parametrize(
    ("numbers", "kind", "words", "cause"),
    [
        ((2, 2, 2), Kind.CONFIRMED, "holds on every release tested", ""),
        ((3, 3, 3), Kind.REFUTED, "fails on every release tested", ""),
        (
            (2, 3, 2),
            Kind.VERSION_DEPENDENT,
            "holds on 1.23, fails on 1.24: maps became Swiss tables",
            "noswissmap",
        ),
        ((2, 2, 3), Kind.CONFIRMED, "holds on every release tested", "noswissmap"),
        ((2, None, 2), Kind.INCONCLUSIVE, "missing on 1.24.11", ""),
        ((2, 2, None), Kind.INCONCLUSIVE, "missing on 1.24.11+noswissmap", ""),
        ((3, None, 3), Kind.INCONCLUSIVE, "missing on 1.24.11", ""),
    ],
)
def test_the_verdict_follows_the_record(
    asked: Asked, numbers: tuple[int | None, ...], kind: Kind, words: str, cause: str
) -> None:
    asked.measure(*numbers)
    row = asked.rows()["9-a"]
    assert (row.verdict.kind, row.words()) == (kind, words)
    assert [one.name for one in row.verdict.variants] == ([cause] if cause else [])


def test_a_broken_trial_is_no_verdict(asked: Asked) -> None:
    asked.measure(2, 2, None)
    ledger = asked.ledger()
    trial = ledger.trials(ledger.labs[0])[2]
    breakage = Breakage(SCHEMA, "toy", trial.toolchain.name, asked.engine.name, "gdb ended with 1")
    asked.record.put_breakage(breakage, trial.address)
    row = asked.rows()["9-a"]
    assert row.outcomes["1.24.11+noswissmap"] is Outcome.BROKEN
    assert row.verdict.kind is Kind.INCONCLUSIVE
    assert row.rulings["1.24.11+noswissmap"].finding.shows == "gdb ended with 1"


def test_another_engines_observations_do_not_count(asked: Asked) -> None:
    asked.measure(2, 2, 2)
    asked.engine.name = "docker"
    assert set(asked.rows()["9-a"].outcomes.values()) == {Outcome.MISSING}


def test_one_toolchain_more_asks_only_for_itself(asked: Asked) -> None:
    every = asked.toolchains
    asked.toolchains = every[:2]
    asked.measure(2, 2)
    asked.toolchains = every
    assert [str(outcome) for outcome in asked.rows()["9-a"].outcomes.values()] == ["holds", "holds", "missing"]


def test_an_observation_is_found_for_its_toolchain_only(asked: Asked) -> None:
    asked.measure(2, None, None)
    ledger = asked.ledger()
    (lab,) = ledger.labs
    assert [ledger.observation(lab, tool) is not None for tool in asked.toolchains] == [True, False, False]


def test_the_trials_of_a_lab_are_of_one_moment_and_have_the_addresses_they_have_alone(asked: Asked) -> None:
    ledger = asked.ledger()
    (lab,) = ledger.labs
    first, *others = ledger.trials(lab)
    alone = [Trial(lab, trial.toolchain, trial.engine).address for trial in [first, *others]]
    assert first.address == alone[0]
    (lab.path / "more.go").write_text("package main\n")
    assert [trial.address for trial in ledger.trials(lab)] == alone
    assert [trial.address for trial in asked.ledger().trials(lab)] != alone


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("", None),
        ('expected = "void"', Kind.INCONCLUSIVE),
        ('expected = [{ go = "<1.24", outcome = "holds" }]', None),
        ('expected = [{ go = "<1.24", outcome = "holds" }, { outcome = "void" }]', Kind.WHEREVER_IT_EXISTS),
        ('expected = [{ experiment = "", outcome = "holds" }, { outcome = "fails" }]', Kind.CONFIRMED),
        ('expected = [{ go = "<1.24", outcome = "holds" }, { outcome = "unclear" }]', Kind.INCONCLUSIVE),
    ],
)
def test_the_expected_verdict_is_folded_from_the_rules(asked: Asked, rules: str, expected: Kind | None) -> None:
    path = asked.labs / "ch9_toys" / "claims.toml"
    path.write_text(CLAIMS.replace('expected = "holds"\n', f"{rules}\n"))
    row = asked.rows()["9-a"]
    assert row.expected == expected
    assert row.as_data()["expected"] == (expected and str(expected))


def test_a_claim_without_toolchains_has_a_dash() -> None:
    claim = Claim("9-d", "9", Words("Seven is odd.", "七是奇数。"), has_axis=False)
    row = Row(claim, None, axis_of(claim, []), {NO_AXIS: Ruling("9-d", holds("7 = 2 * 3 + 1"))})
    assert row.as_data()["outcomes"] == {"-": "holds"}
    assert row.verdict.kind is Kind.CONFIRMED


def test_what_is_expected_of_a_claim_without_toolchains(asked: Asked) -> None:
    assert asked.rows()["9-d"].expected is Kind.REFUTED


def test_rows_are_plain_data(asked: Asked) -> None:
    asked.measure(2, 3, None)
    data = [row.as_data() for row in asked.ledger().rows]
    assert json.loads(json.dumps(data)) == data
    assert all(set(row) - {"reason"} == KEYS for row in data)
    assert [row["id"] for row in data if "reason" in row] == ["9-c"]


def test_counts(asked: Asked) -> None:
    asked.measure(2, 2, 2)
    assert asked.ledger().counts() == {Kind.CONFIRMED: 1, Kind.PENDING: 2, Kind.UNTESTABLE: 1}


def test_an_empty_record_confirms_nothing_of_the_article(make_engine: Callable[..., Engine], tmp_path: Path) -> None:
    """On the labs of this checkout, every row of the ledger is there and none has a verdict."""
    ledger = Ledger(Laboratory(replace(OUR, settings=change(OUR.settings, record=str(tmp_path))), make_engine()))
    listed = (Path(__file__).parents[1] / "resources" / "claim_ids.txt").read_text().split()
    first = [row.claim.id for row in ledger.rows if row.claim.article == "maps"]
    assert {claim.partition("/")[0] for claim in first} == {claim.partition("/")[0] for claim in listed}
    assert len(ledger.rows) == sum(len(article.claims) for article in OUR.articles)
    assert set(ledger.counts()) <= {Kind.PENDING, Kind.INCONCLUSIVE, Kind.UNTESTABLE}
