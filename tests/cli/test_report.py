"""Verdicts in the terminal: as a table and as data."""

import json
from collections.abc import Callable
from io import StringIO
from itertools import chain, repeat

import pytest
from packaging.specifiers import SpecifierSet
from rich.console import Console

from claimlab.cli.report import COLOURS, coverage, show_table
from claimlab.project.claim import Claim, Expectation
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.running.signs import SIGNS
from claimlab.toolchains.toolchain import NO_AXIS, Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.ledger import Row, as_json
from claimlab.verdicts.ruling import Ruling
from claimlab.verdicts.verdict import Kind

SAYS = Words("The number is even.", "这个数是偶数。")


def row(
    name: str, *outcomes: Outcome, tools: list[Toolchain], lab: LabFolder | None = None, claim: Claim | None = None
) -> Row:
    """A claim with these outcomes, the last of them on all further toolchains."""
    axis: dict[str, Toolchain | None] = {tool.name: tool for tool in tools}
    all_outcomes = chain(outcomes, repeat(outcomes[-1])) if outcomes else iter(())
    rulings = {
        tool: Ruling(name, Finding(outcome, "so it is")) for tool, outcome in zip(axis, all_outcomes, strict=False)
    }
    return Row(claim or Claim(name, "9", SAYS), lab, axis, rulings)


def untestable(name: str, tools: list[Toolchain]) -> Row:
    return row(name, tools=tools, claim=Claim(name, "9", SAYS, untestable=Words("The secret is kept.", "秘密。")))


def printed(rows: list[Row], tools: list[Toolchain], width: int = 160) -> str:
    out = StringIO()
    show_table(Console(file=out, width=width, highlight=False), rows, [tool.name for tool in tools])
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


# The table


def test_a_variant_has_a_column_where_any_claim_was_asked_on_it(toolchains: list[Toolchain]) -> None:
    variant = Toolchain(toolchains[0].release, godebug="old=1")
    axis = [toolchains[0], variant, *toolchains[1:]]
    both = [
        row("9-a", Outcome.HOLDS, Outcome.FAILS, Outcome.VOID, tools=axis),
        row("9-b", Outcome.HOLDS, tools=toolchains),
    ]
    said = printed(both, axis)
    assert "outcomes, in this order: 1.23.9, 1.23.9+old=1, 1.24.11, 1.24.11+noswissmap" in said
    assert "✔✘∅∅ " in said.splitlines()[1]
    assert "✔ ✔✔ " in said.splitlines()[2]
    alone = printed(both[1:], axis)
    assert "outcomes, in this order: 1.23.9, 1.24.11, 1.24.11+noswissmap" in alone
    assert "✔✔✔ " in alone.splitlines()[1]


@pytest.mark.parametrize(
    ("outcome", "sign"), list(zip(("holds", "fails", "void", "unclear", "broken", "missing"), "✔✘∅?!·", strict=True))
)
def test_each_outcome_has_its_sign(toolchains: list[Toolchain], outcome: str, sign: str) -> None:
    lines = printed([row("9-a", Outcome(outcome), tools=toolchains)], toolchains).splitlines()
    assert lines[0].split() == ["claim", "verdict", "outcomes", "in", "words"]
    assert lines[1].split()[0] == "9-a"
    assert lines[1].split()[2] == 3 * sign
    assert f"{sign} {outcome}" in lines[-1]


def test_signs_stand_in_the_order_of_the_toolchains(toolchains: list[Toolchain]) -> None:
    text = printed([row("9-a", Outcome.HOLDS, Outcome.VOID, Outcome.HOLDS, tools=toolchains)], toolchains)
    assert "9-a    holds wherever it exists  ✔∅✔" in text
    assert "holds on 1.23, void on 1.24: maps became Swiss tables" in text
    assert "outcomes, in this order: 1.23.9, 1.24.11, 1.24.11+noswissmap" in text


def test_claims_without_outcomes_have_no_sign(toolchains: list[Toolchain]) -> None:
    lines = printed([row("9-a", tools=toolchains), untestable("9-b", toolchains)], toolchains).splitlines()
    assert lines[1].split(maxsplit=2) == ["9-a", "pending", "no lab asks this yet"]
    assert lines[2].split(maxsplit=2) == ["9-b", "untestable", "The secret is kept."]


def test_a_narrow_terminal_cuts_no_sign_and_no_word(toolchains: list[Toolchain]) -> None:
    text = printed([row("9-a", Outcome.HOLDS, Outcome.FAILS, tools=toolchains)], toolchains, width=60)
    assert "✔✘✘" in text
    assert "…" not in text
    assert "holds on 1.23, fails on 1.24" in " ".join(text.split())


def test_every_outcome_and_every_kind_can_be_drawn() -> None:
    assert set(SIGNS) == set(Outcome)
    assert len({sign for sign, _ in SIGNS.values()}) == len(Outcome)
    assert set(COLOURS) == set(Kind)


# The sentence


def test_coverage_counts_every_kind(toolchains: list[Toolchain]) -> None:
    rows = [
        row("9-a", Outcome.HOLDS, tools=toolchains),
        row("9-b", Outcome.FAILS, tools=toolchains),
        row("9-c", Outcome.FAILS, tools=toolchains),
        row("9-d", Outcome.HOLDS, Outcome.FAILS, tools=toolchains),
        row("9-e", Outcome.HOLDS, Outcome.MISSING, tools=toolchains),
        row("9-h", Outcome.MISSING, tools=toolchains),
        row("9-f", tools=toolchains),
        untestable("9-g", toolchains),
    ]
    assert coverage(rows) == (
        "8 claims: 5 tested (1 confirmed, 2 refuted, 1 version-dependent, 1 inconclusive), 1 not measured, "
        "1 untestable, 1 pending"
    )


def test_coverage_of_nothing(toolchains: list[Toolchain]) -> None:
    assert coverage([]) == "0 claims: 0 tested, 0 untestable, 0 pending"
    assert coverage([row("9-a", tools=toolchains)]) == "1 claim: 0 tested, 0 untestable, 1 pending"


# The data


def test_data_has_one_object_a_claim(toolchains: list[Toolchain], make_lab: Callable[..., LabFolder]) -> None:
    lab = make_lab()
    expected = Claim("9-a", "9", SAYS, (Expectation(Outcome.HOLDS, SpecifierSet(), None),))
    alone = Claim("9-d", "9", SAYS, has_axis=False)
    rows = [
        row("9-a", Outcome.HOLDS, Outcome.FAILS, tools=toolchains, lab=lab, claim=expected),
        row("9-b", tools=toolchains),
        untestable("9-c", toolchains),
        Row(alone, None, {NO_AXIS: None}, {}),
    ]
    missing = dict.fromkeys(("1.23.9", "1.24.11", "1.24.11+noswissmap"), "missing")
    common = {"article": "", "section": "9", "says": {"en": SAYS["en"], "zh": SAYS["zh"]}, "correction": None}
    pending = {"verdict": "pending", "words": "no lab asks this yet", "expected": None, "lab": None}
    assert json.loads(as_json(rows)) == [
        {
            **common,
            "id": "9-a",
            "verdict": "version-dependent",
            "words": "holds on 1.23, fails on 1.24",
            "expected": "confirmed",
            "outcomes": {"1.23.9": "holds", "1.24.11": "fails", "1.24.11+noswissmap": "fails"},
            "lab": "toy",
        },
        {**common, **pending, "id": "9-b", "outcomes": missing},
        {
            **common,
            "id": "9-c",
            "verdict": "untestable",
            "words": "The secret is kept.",
            "expected": "untestable",
            "outcomes": missing,
            "lab": None,
            "reason": "The secret is kept.",
        },
        {**common, **pending, "id": "9-d", "outcomes": {"-": "missing"}},
    ]


def test_data_of_nothing_is_an_empty_list() -> None:
    assert json.loads(as_json([])) == []
