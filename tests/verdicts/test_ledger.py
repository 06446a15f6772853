"""Every claim with its rulings and its verdict, from the record alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.chapter_text import head
from tests.ours import OUR

from claimlab import change
from claimlab.benches.engine import Engine
from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.project.project import load
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import NO_AXIS, Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Provenance, Record, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.expectations import axis_of
from claimlab.verdicts.finding import holds
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.ruling import Ruling
from claimlab.verdicts.verdict import Kind

CLAIMS = f"""{head(9, "9")}
[[claim]]
id = "9-a"
section = "9"
en = "The number is even."
zh = "该数是偶数。"
expected = "holds"

[[claim]]
id = "9-b"
section = "9"
en = "The number is prime."
zh = "该数是素数。"
expected = [{{ go = "<1.24", outcome = "holds" }}, {{ experiment = "", outcome = "void" }}]

[[claim]]
id = "9-c"
section = "9"
en = "Somebody else's number is even."
zh = "别人的数是偶数。"
untestable = {{ en = "Their number is not public.", zh = "他们的数没有公开。" }}

[[claim]]
id = "9-d"
section = "9"
axis = "none"
en = "Seven is odd."
zh = "七是奇数。"
expected = "fails"
"""
PROVENANCE = Provenance("2026-11-23T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")
KEYS = {"article", "id", "section", "says", "verdict", "words", "expected", "outcomes", "lab", "correction"}


class Asked:
    """A ledger of toys, and what was measured for it."""

    def __init__(self, engine: Engine, toolchains: list[Toolchain], root: Path) -> None:
        self.engine, self.toolchains, self.root = engine, toolchains, root
        self.record = Record(root / "record")

    @property
    def labs(self) -> Path:
        return self.root / "labs"

    def ledger(self) -> Ledger:
        return Ledger(Laboratory(load(self.root), self.engine), self.toolchains)

    def rows(self) -> dict[str, Row]:
        return {row.claim.id: row for row in self.ledger().rows}

    def measure(self, *numbers: int | None) -> None:
        """The toy's number on each toolchain in turn; None leaves one out."""
        ledger = self.ledger()
        (lab,) = ledger.labs
        for trial, number in zip(ledger.trials(lab), numbers, strict=True):
            if number is not None:
                where = (lab.name, trial.toolchain.name, self.engine.name)
                seen = lab.lab.seen_type(number)
                observation = observation_of(*where, trial.inputs, PROVENANCE, seen)
                self.record.put(observation, trial.address)


@pytest.fixture
def asked(
    make_lab: Callable[..., LabFolder],
    make_engine: Callable[..., Engine],
    toolchains: list[Toolchain],
    tmp_path: Path,
) -> Asked:
    lab = make_lab()
    (lab.path.parent / "claims.toml").write_text(CLAIMS)
    return Asked(make_engine(), toolchains, tmp_path)


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
            "holds up to 1.23, fails since 1.24: maps became Swiss tables",
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
    assert [one.experiment for one in row.verdict.variants] == ([cause] if cause else [])


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


def test_a_judge_of_an_unknown_claim_is_named(asked: Asked) -> None:
    judges = asked.labs / "ch9_toys" / "toy" / "judges.py"
    judges.write_text(judges.read_text().replace('"9-a"', '"9-z"'))
    assert "9-z" in asked.ledger().survey.faults["toy"]


def test_a_lab_and_its_claim_agree_on_whether_go_matters(asked: Asked) -> None:
    path = asked.labs / "ch9_toys" / "claims.toml"
    path.write_text(CLAIMS.replace('id = "9-a"\n', 'id = "9-a"\naxis = "none"\n'))
    assert "9-a: either both have the axis of toolchains, or neither" in asked.ledger().survey.faults["toy"]
    assert asked.rows()["9-a"].outcomes == {"-": Outcome.BROKEN}


def test_two_labs_that_judge_one_claim_are_named(asked: Asked, make_lab: Callable[..., LabFolder]) -> None:
    """One of the two would be measured for nothing, and nobody would see which."""
    first = asked.labs / "ch9_toys" / "toy"
    text = (first / "lab.py").read_text().replace('Lab("toy")', 'Lab("other")')
    make_lab(where="labs/ch9_toys/other", lab=text)
    ledger = asked.ledger()
    assert set(ledger.survey.faults) == {"other", "toy"}
    assert all("9-a is judged by two labs" in fault for fault in ledger.survey.faults.values())
    assert set(asked.rows()["9-a"].outcomes.values()) == {Outcome.BROKEN}


def test_an_empty_record_confirms_nothing_of_the_article(make_engine: Callable[..., Engine], tmp_path: Path) -> None:
    """On the labs of this checkout, every row of the ledger is there and none has a verdict."""
    ledger = Ledger(Laboratory(replace(OUR, settings=change(OUR.settings, record=str(tmp_path))), make_engine()))
    listed = (Path(__file__).parents[1] / "resources" / "claim_ids.txt").read_text().split()
    found = {row.claim.id.partition("/")[0]: row.verdict.kind for row in ledger.rows}
    assert set(found) == {claim.partition("/")[0] for claim in listed}
    assert set(ledger.counts()) <= {Kind.PENDING, Kind.INCONCLUSIVE, Kind.UNTESTABLE}
