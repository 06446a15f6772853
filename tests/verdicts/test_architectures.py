"""Records of two architectures side by side: each has its verdict, and none is folded into the other's.

What was observed on arm64 is made here of what is said of this machine, with the hash of the other wheel among its
inputs: that is the form such an observation has, and nothing about Go.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chapter_text import NUMBERS, head
from tests.ours import TOOLCHAINS, toolchain
from tests.records import reobserved

from claimlab.benches.engine import Engine
from claimlab.cli import report
from claimlab.cli.terminal import Terminal
from claimlab.project.project import load
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.archives import arch_of
from claimlab.toolchains.toolchain import PLATFORMS, this_platform
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record, address
from claimlab.trials.trial import Trial, on_platform
from claimlab.verdicts.ledger import Ledger, Row, as_json

OTHER = next(one for one in PLATFORMS if one != this_platform())
HERE, THERE = arch_of(this_platform()), arch_of(OTHER)
PLAIN = [one for one in TOOLCHAINS if not one.variant]
MONDAY, TUESDAY = "2026-11-23T12:00:00+00:00", "2026-11-24T12:00:00+00:00"
CLAIM = f"""{head(9, "9", of=NUMBERS)}
[[claim]]
id = "9-a"
section = "9"
en = "The number is even."
zh = "该数是偶数。"
"""


class Toys:
    def __init__(self, lab: LabFolder, engine: Engine) -> None:
        (lab.path.parent / "claims.toml").write_text(CLAIM)
        self.lab, self.engine = lab, engine
        self.record = Record(lab.project.record)

    def trial(self, name: str) -> Trial:
        return Trial(self.lab, toolchain(name), self.engine)

    def here(self, name: str, number: int) -> None:
        self._put(self.trial(name), {}, number)

    def there(self, name: str, number: int, measured_at: str = MONDAY, **inputs: str) -> Path:
        release = toolchain(name).release
        others = {"toolchain": f"{name} {release.hashes[OTHER]}", "place": "a desk of arm", **inputs}
        return self._put(self.trial(name), others, number, measured_at)

    def _put(self, trial: Trial, others: dict[str, str], number: int, measured_at: str = MONDAY) -> Path:
        found = reobserved(trial, {**trial.inputs, **others}, number, measured_at)
        return self.record.put(found, address(found.inputs))

    @property
    def row(self) -> Row:
        laboratory = Laboratory(load(self.lab.project.root), self.engine)
        (row,) = Ledger(laboratory, PLAIN).rows
        return row


@pytest.fixture
def toys(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine]) -> Toys:
    return Toys(make_lab(), make_engine())


def test_each_architecture_has_its_own_verdict(toys: Toys, capsys: pytest.CaptureFixture[str]) -> None:
    for one in PLAIN:
        toys.here(one.name, 2)
        toys.there(one.name, 3)
    (found,) = json.loads(as_json([toys.row]))
    assert found["verdict"] == "confirmed"
    assert {arch: one["verdict"] for arch, one in found["architectures"].items()} == {
        HERE: "confirmed",
        THERE: "refuted",
    }
    assert set(found["architectures"][THERE]["outcomes"].values()) == {"fails"}
    report.show_table(Terminal(highlight=False), [toys.row], [one.name for one in PLAIN])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:2] == ["9-a", "confirmed"]
    assert lines[2].split()[:3] == ["on", THERE, "refuted"]


def test_what_one_lacks_the_other_does_not_fill(toys: Toys) -> None:
    first, *rest = [one.name for one in PLAIN]
    toys.there(first, 2)
    for name in rest:
        toys.here(name, 2)
    row = toys.row
    assert {name: str(outcome) for name, outcome in row.outcomes.items()} == {
        **{first: "missing"},
        **dict.fromkeys(rest, "holds"),
    }
    others = row.architectures[THERE].outcomes
    assert {name: str(outcome) for name, outcome in others.items()} == {
        **{first: "holds"},
        **dict.fromkeys(rest, "missing"),
    }
    assert row.verdict.kind == row.architectures[THERE].verdict.kind == "inconclusive"


def test_where_there_is_no_other_nothing_is_said_of_it(toys: Toys) -> None:
    toys.here("1.27.3", 2)
    assert toys.row.architectures == {}
    assert "architectures" not in toys.row.as_data()


def test_the_newest_of_the_other_counts_and_says_its_host(toys: Toys) -> None:
    toys.there("1.27.3", 3, MONDAY, **{"host machine": "aarch64", "host cpu": "an older one"})
    toys.there("1.27.3", 2, TUESDAY, **{"host machine": "aarch64", "host cpu": "a newer one"})
    ruling = toys.row.architectures[THERE].rulings["1.27.3"]
    assert ruling.outcome == "holds"
    assert ruling.measured
    assert ruling.measured.host == {"machine": "aarch64", "cpu": "a newer one"}
    assert report.hosts([toys.row]) == ["measured on a newer one, aarch64: 1 trial"]
    (found,) = json.loads(as_json([toys.row]))
    assert found["architectures"][THERE]["elsewhere"]["1.27.3"]["host"] == ruling.measured.host
    assert "elsewhere" not in found["architectures"][HERE]


@pytest.mark.parametrize("name", ["sources", "instruments", "python"])
def test_of_another_question_nothing_is_said(toys: Toys, name: str) -> None:
    toys.there("1.27.3", 2, **{name: "another"})
    assert toys.row.architectures == {}


def test_a_package_is_known_by_its_version_there(toys: Toys) -> None:
    """What is installed of it is built for that architecture."""
    lab = toys.lab.path / "lab.py"
    lab.write_text(lab.read_text().replace("import msgspec", "import capstone\nimport msgspec"))
    toys.lab = LabFolder(toys.lab.path, toys.lab.project)
    version = toys.trial("1.27.3").inputs["distribution capstone"].partition(" ")[0]
    toys.there("1.27.3", 2, **{"distribution capstone": f"{version} {'0' * 16}"})
    assert THERE in toys.row.architectures
    toys.record.root.rename(toys.record.root.with_name("away"))
    toys.there("1.27.3", 2, **{"distribution capstone": f"0.1 {'0' * 16}"})
    assert toys.row.architectures == {}


def test_it_is_never_measured_or_taken_for_ones_own(toys: Toys) -> None:
    toys.there("1.27.3", 2)
    trial = toys.trial("1.27.3")
    assert (trial.recorded(toys.record), trial.answer(toys.record)) == (None, None)
    (foreign,) = on_platform([trial], OTHER)
    assert foreign.recorded(toys.record) is None
    assert foreign.answer(toys.record) is not None


def test_what_breaks_here_says_nothing_of_there(toys: Toys) -> None:
    toys.there("1.27.3", 2)
    laboratory = Laboratory(load(toys.lab.project.root), toys.engine)
    (row,) = Ledger(laboratory, PLAIN, {toys.trial("1.27.3").name: "it broke"}).rows
    assert (row.outcomes["1.27.3"], row.architectures[THERE].outcomes["1.27.3"]) == ("broken", "holds")


def test_nothing_of_ones_own_is_read_for_it(toys: Toys, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in PLAIN:
        toys.here(one.name, 2)
    opened: list[Path] = []
    monkeypatch.setattr("claimlab.trials.elsewhere.read_regular", opened.append)
    assert toys.row.architectures == {}
    assert opened == []
