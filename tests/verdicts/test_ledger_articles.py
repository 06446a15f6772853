"""The claims of several articles in one ledger, whose ids are unique within an article only."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chapter_text import head
from tests.ours import write_project

from claimlab.benches.engine import Engine
from claimlab.project.errors import BadData
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, observation_of
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.verdict import Kind

MakeLab = Callable[..., LabFolder]
CLAIM = '\n[[claim]]\nid = "{id}"\nsection = "9"\nen = "The number is even."\nzh = "该数是偶数。"\n'
PROVENANCE = Provenance("2026-11-28T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")


def add_article(make_lab: MakeLab, name: str, claim: str = "9-a", lab: str = "") -> LabFolder:
    """An article with the lab of that name, which judges that claim; another claim is ``9-<name>``."""
    folder = make_lab(where=f"{name}/ch9/toy")
    (folder.path.parent / "claims.toml").write_text(
        head(9, "9") + CLAIM.format(id=claim) + CLAIM.format(id=f"9-{name}"), encoding="utf-8"
    )
    for file, old, new in (("lab.py", '"toy"', f'"{lab or name}"'), ("judges.py", '"9-a"', f'"{claim}"')):
        text = (folder.path / file).read_text()
        assert old in text
        (folder.path / file).write_text(text.replace(old, new))
    return folder


@pytest.fixture
def ledger(
    make_lab: MakeLab, make_engine: Callable[..., Engine], toolchains: list[Toolchain], tmp_path: Path
) -> Callable[[], Ledger]:
    """The ledger of two articles, as it is now."""

    def look() -> Ledger:
        return Ledger(Laboratory(write_project(tmp_path, ("toys", "games")), make_engine()), toolchains)

    return look


def measure(ledger: Ledger, lab: str, number: int) -> None:
    (folder,) = [folder for folder in ledger.labs if folder.name == lab]
    for trial in ledger.trials(folder):
        where = (lab, trial.toolchain.name, trial.engine.name)
        seen = folder.lab.seen_type(number)
        ledger.record.put(observation_of(*where, trial.inputs, PROVENANCE, seen), trial.address)


def rows(ledger: Ledger) -> dict[str, Row]:
    return {row.claim.ref: row for row in ledger.rows}


def test_claims_of_two_articles_may_have_one_id(make_lab: MakeLab, ledger: Callable[[], Ledger]) -> None:
    """Each is judged by the lab of its own article."""
    for name in ("toys", "games"):
        add_article(make_lab, name)
    measure(ledger(), "toys", 2)
    measure(ledger(), "games", 3)
    found = rows(ledger())
    assert list(found) == ["toys:9-a", "toys:9-toys", "games:9-a", "games:9-games"]
    assert {ref: str(row.verdict.kind) for ref, row in found.items()} == {
        "toys:9-a": "confirmed",
        "toys:9-toys": "pending",
        "games:9-a": "refuted",
        "games:9-games": "pending",
    }
    assert [row.as_data()["article"] for row in found.values()] == ["toys", "toys", "games", "games"]
    assert [row.as_data()["lab"] for row in found.values()] == ["toys", None, "games", None]


def test_a_claim_is_called_without_its_article_where_there_is_no_doubt(
    make_lab: MakeLab, ledger: Callable[[], Ledger]
) -> None:
    for name in ("toys", "games"):
        add_article(make_lab, name)
    labels = [row.label for row in ledger().rows]
    assert labels == ["toys:9-a", "9-toys", "games:9-a", "9-games"]


@pytest.mark.parametrize(
    ("name", "refs"),
    [
        ("9-a", ["toys:9-a", "games:9-a"]),
        ("toys:9-a", ["toys:9-a"]),
        ("games:9-a", ["games:9-a"]),
        ("9-toys", ["toys:9-toys"]),
        ("toys:9-toys", ["toys:9-toys"]),
        ("games:9-toys", []),
        ("9-z", []),
        ("toys:", []),
        ("", []),
    ],
)
def test_a_name_means_every_claim_that_it_can_mean(
    make_lab: MakeLab, ledger: Callable[[], Ledger], name: str, refs: list[str]
) -> None:
    for article in ("toys", "games"):
        add_article(make_lab, article)
    assert [claim.ref for claim in ledger().find(name)] == refs


def test_the_lab_of_a_claim_is_its_own_articles(make_lab: MakeLab, ledger: Callable[[], Ledger]) -> None:
    for name in ("toys", "games"):
        add_article(make_lab, name)
    asked = ledger()
    assert [asked.judged_by(claim) for claim in asked.claims] == ["toys", "", "games", ""]
    (games,) = [lab for lab in asked.labs if lab.name == "games"]
    assert [row.claim.ref for row in asked.rows_of([games])] == ["games:9-a"]
    assert asked.counts() == {Kind.PENDING: 2, Kind.INCONCLUSIVE: 2}


def test_a_lab_does_not_judge_another_articles_claim(make_lab: MakeLab, ledger: Callable[[], Ledger]) -> None:
    add_article(make_lab, "toys")
    folder = add_article(make_lab, "games")
    judges = folder.path / "judges.py"
    judges.write_text(judges.read_text().replace('"9-a"', '"9-toys"'))
    (fault,) = ledger().survey.faults.values()
    assert "games/ch9/toy: it judges what is no claim of its article: 9-toys. " in fault


def test_labs_of_two_articles_have_two_names(make_lab: MakeLab, ledger: Callable[[], Ledger]) -> None:
    """A lab's name is its place in the record and on the command line."""
    for name in ("toys", "games"):
        add_article(make_lab, name, lab="same")
    with pytest.raises(BadData, match="the name same is taken by"):
        ledger()
