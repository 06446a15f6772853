"""A ledger of one toy lab with four claims, of which it judges the first, and what was measured for it.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chapter_text import head

from claimlab.benches.engine import Engine
from claimlab.project.project import load
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, Record, observation_of
from claimlab.verdicts.ledger import Ledger, Row

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
