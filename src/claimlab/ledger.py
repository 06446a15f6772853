"""The ledger: every claim of the article with its rulings and its verdict, from the record alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from claimlab.claim import Chapter, Claim, load_chapters
from claimlab.engine import Engine
from claimlab.errors import BadData
from claimlab.lab import LabFolder, find_labs
from claimlab.outcome import Outcome
from claimlab.places import LABS
from claimlab.precedents import Precedents
from claimlab.record import Observation, Record
from claimlab.ruling import Ruling
from claimlab.toolchain import Toolchain, all_toolchains
from claimlab.trial import Trial, trials_on
from claimlab.verdict import Kind, Verdict, fold
from claimlab.wording import verdict_in_words
from claimlab.words import Language, Translate, in_english


@dataclass(frozen=True)
class Row:
    """One claim: what was expected of it, what was found, and the verdict."""

    claim: Claim
    lab: LabFolder | None
    axis: dict[str, Toolchain | None]
    rulings: dict[str, Ruling]
    """By toolchain name; empty where no lab asks."""

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {name: ruling.outcome for name, ruling in self.rulings.items()}

    @cached_property
    def verdict(self) -> Verdict:
        if self.claim.untestable:
            return Verdict(Kind.UNTESTABLE)
        if not self.rulings:
            return Verdict(Kind.PENDING)
        return fold(self.outcomes, self.axis)

    def words(self, translate: Translate = in_english, language: Language = "en") -> str:
        """The verdict in words."""
        if self.claim.untestable:
            return self.claim.untestable.of(language)
        if not self.rulings:
            return translate("no lab asks this yet")
        return verdict_in_words(self.verdict, translate, language)

    @property
    def expected(self) -> Kind | None:
        """The verdict that the claims data expects; None where it expects nothing yet."""
        if self.claim.untestable:
            return Kind.UNTESTABLE
        found = {name: self.claim.expectation(tool) for name, tool in self.axis.items()}
        sure = {name: outcome for name, outcome in found.items() if outcome is not None}
        return fold(sure, self.axis).kind if len(sure) == len(self.axis) else None

    def as_data(self) -> dict[str, Any]:
        """The row of `./inv verdicts --json`."""
        claim = self.claim
        data: dict[str, Any] = {
            "id": claim.id,
            "section": claim.section,
            "says": {"en": claim.says.en, "zh": claim.says.zh},
            "verdict": str(self.verdict.kind),
            "words": self.words(),
            "expected": self.expected and str(self.expected),
            "outcomes": {name: str(self.outcomes.get(name, Outcome.MISSING)) for name in self.axis},
            "lab": self.lab.name if self.lab else None,
            "correction": {"en": claim.correction.en, "zh": claim.correction.zh} if claim.correction else None,
        }
        if self.claim.untestable:
            data["reason"] = self.claim.untestable.en
        return data


class Ledger:
    """All chapters, labs and toolchains, seen through one engine's part of the record."""

    def __init__(
        self,
        engine: Engine,
        record: Record | None = None,
        toolchains: Sequence[Toolchain] | None = None,
        labs: Path = LABS,
    ) -> None:
        self.engine = engine
        self.record = record or Record()
        self.precedents = Precedents(self.record)
        self.toolchains = list(toolchains or all_toolchains())
        self.chapters: list[Chapter] = load_chapters(labs)
        self.labs = find_labs(labs)
        self._labs_by_claim: dict[str, LabFolder] = {}
        for lab in self.labs:
            for question in self.precedents.questions(lab):
                if (other := self._labs_by_claim.setdefault(question.claim, lab)) is not lab:
                    raise BadData(str(labs), f"{question.claim} is judged by two labs: {other.name} and {lab.name}")
        self._trials: dict[str, list[Trial]] = {}
        self._rulings: dict[str, dict[str, dict[str, Ruling]]] = {}
        self.claims = [claim for chapter in self.chapters for claim in chapter.claims()]
        known = {claim.id for claim in self.claims}
        if strangers := sorted(set(self._labs_by_claim) - known):
            raise BadData(str(labs), f"labs judge claims that are in no claims.toml: {strangers}")

    def trials(self, lab: LabFolder) -> list[Trial]:
        """As the lab's files were when they were first asked for."""
        if lab.name not in self._trials:
            self._trials[lab.name] = trials_on(lab, self.toolchains, self.engine)
        return self._trials[lab.name]

    def observation(self, lab: LabFolder, toolchain: Toolchain) -> Observation | None:
        trial = next((trial for trial in self.trials(lab) if trial.toolchain == toolchain), None)
        return trial.recorded(self.record) if trial else None

    def rulings(self, lab: LabFolder) -> dict[str, dict[str, Ruling]]:
        """By toolchain name, then by claim id."""
        if lab.name not in self._rulings:
            self._rulings[lab.name] = {
                trial.toolchain.name: self.precedents.rulings(trial) for trial in self.trials(lab)
            }
        return self._rulings[lab.name]

    def row(self, claim: Claim) -> Row:
        lab = self._labs_by_claim.get(claim.id)
        axis = claim.axis(self.toolchains)
        if lab is None:
            return Row(claim, None, axis, {})
        rulings = self.rulings(lab)
        if set(rulings) != set(axis):
            raise BadData(lab.name, f"it judges {claim.id}: either both have the axis of toolchains, or neither")
        return Row(claim, lab, axis, {name: rulings[name][claim.id] for name in axis})

    def rows_of(self, labs: Sequence[LabFolder]) -> list[Row]:
        """The claims that these labs judge; no other lab's observations are read."""
        names = {lab.name for lab in labs}
        return [self.row(claim) for claim in self.claims if self.judged_by(claim.id) in names]

    def judged_by(self, claim: str) -> str:
        """The name of the lab that judges it, or nothing."""
        lab = self._labs_by_claim.get(claim)
        return lab.name if lab else ""

    @cached_property
    def rows(self) -> list[Row]:
        return [self.row(claim) for claim in self.claims]

    def counts(self) -> Counter[Kind]:
        return Counter(row.verdict.kind for row in self.rows)
