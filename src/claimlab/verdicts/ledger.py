"""The ledger: every claim of the project with its rulings and its verdict, from the record alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import msgspec

from claimlab.project.claim import Claim
from claimlab.project.languages import Language, Translate, in_english
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import Toolchain, one_release
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation
from claimlab.trials.trial import Trial
from claimlab.verdicts.expectations import axis_of, expected_of
from claimlab.verdicts.in_words import verdict_in_words
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ruling import Ruling
from claimlab.verdicts.survey import survey
from claimlab.verdicts.verdict import Kind, Verdict, fold


@dataclass(frozen=True)
class Row:
    """One claim: what was expected of it, what was found, and the verdict."""

    claim: Claim
    lab: LabFolder | None
    axis: dict[str, Toolchain | None]
    rulings: dict[str, Ruling]
    """By toolchain name; empty where no lab asks."""
    label: str = ""
    """What the claim is called where people read: see :meth:`Ledger.label`."""
    unusable: str = ""
    """The name of the lab that judges it, if that cannot be used."""

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
        found = {name: expected_of(self.claim, tool) for name, tool in self.axis.items()}
        sure = {name: outcome for name, outcome in found.items() if outcome is not None}
        return fold(sure, self.axis).kind if len(sure) == len(self.axis) else None

    def as_data(self) -> dict[str, Any]:
        """The row of ``claimlab verdicts --json``."""
        claim = self.claim
        data: dict[str, Any] = {
            "article": claim.article,
            "id": claim.id,
            "section": claim.section,
            "says": dict(claim.says),
            "verdict": str(self.verdict.kind),
            "words": self.words(),
            "expected": self.expected and str(self.expected),
            "outcomes": {name: str(self.outcomes.get(name, Outcome.MISSING)) for name in self.axis},
            "lab": self.lab.name if self.lab else self.unusable or None,
            "correction": dict(claim.correction) if claim.correction else None,
        }
        if self.claim.untestable:
            data["reason"] = self.claim.untestable.first
        if saw := {name: ruling.saw for name, ruling in self.rulings.items() if ruling.saw}:
            data["saw"] = saw
        return data


def as_json(rows: Iterable[Row]) -> str:
    """What ``claimlab verdicts --json`` prints, and what the site offers."""
    return msgspec.json.format(msgspec.json.encode([row.as_data() for row in rows]), indent=2).decode()


class Ledger:
    """All articles, labs and toolchains of a laboratory, seen through its engine's part of the record."""

    def __init__(
        self,
        laboratory: Laboratory,
        toolchains: Sequence[Toolchain] | None = None,
        broken: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`broken` are trials that count as such, whatever is recorded: see :class:`KeptRulings`."""
        self.laboratory = laboratory
        self.project, self.record = laboratory.project, laboratory.record
        self.kept_rulings = KeptRulings(self.record, broken)
        self.toolchains = list(toolchains or laboratory.toolchains())
        self.survey = survey(laboratory, self.kept_rulings)
        self.labs = self.survey.sound(laboratory.labs)
        self.claims = [claim for article in self.project.articles for claim in article.claims]
        self._by_id: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            self._by_id[claim.id].append(claim)
        self._trials: dict[str, list[Trial]] = {}
        self._rulings: dict[str, dict[str, dict[str, Ruling]]] = {}

    def find(self, name: str) -> list[Claim]:
        """The claims that a name may mean: one for ``maps:2.3-a``, as many as there are articles for ``2.3-a``."""
        article, _, bare = name.rpartition(":")
        return [claim for claim in self._by_id[bare] if article in ("", claim.article)]

    def label(self, claim: Claim) -> str:
        """What the claim is called where people read: without its article where there is no doubt."""
        return claim.id if len(self._by_id[claim.id]) == 1 else claim.ref

    def trials(self, lab: LabFolder) -> list[Trial]:
        """As the lab's files were when they were first asked for."""
        if lab.name not in self._trials:
            self._trials[lab.name] = self.laboratory.trials(lab, self.toolchains)
        return self._trials[lab.name]

    def observation(self, lab: LabFolder, toolchain: Toolchain) -> Observation | None:
        trial = next((trial for trial in self.trials(lab) if trial.toolchain == toolchain), None)
        return trial.recorded(self.record) if trial else None

    def rulings(self, lab: LabFolder) -> dict[str, dict[str, Ruling]]:
        """By toolchain name, then by claim id."""
        if lab.name not in self._rulings:
            others = self._looked_at(lab)
            self._rulings[lab.name] = {
                trial.toolchain.name: self.kept_rulings.rulings(trial, others) for trial in self.trials(lab)
            }
        return self._rulings[lab.name]

    def _looked_at(self, lab: LabFolder) -> list[Trial]:
        """What the lab's judges across releases look at, oldest first: its trials on the plain releases that are asked,
        and on those that such a judge names."""
        across = [one.across for one in self.kept_rulings.questions(lab) if one.across is not None]
        if not across:
            return []
        asked = {one.toolchain: one for one in self.trials(lab) if not one.toolchain.experiment}
        pinned = self.laboratory.pins.toolchains
        named = [one for names in across for name in names if (one := one_release(name, pinned)) and one not in asked]
        more = self.laboratory.trials(lab, list(dict.fromkeys(named))) if named else []
        return sorted([*asked.values(), *more], key=lambda one: one.toolchain.order)

    def row(self, claim: Claim) -> Row:
        lab = self.survey.by_claim.get(claim.ref)
        axis = axis_of(claim, self.toolchains)
        if lab is None:
            return Row(claim, None, axis, {}, self.label(claim))
        if lab.name in self.survey.faults:
            broken = self.survey.ruling(claim, lab)
            return Row(claim, None, axis, dict.fromkeys(axis, broken), self.label(claim), lab.name)
        rulings = self.rulings(lab)
        return Row(claim, lab, axis, {name: rulings[name][claim.id] for name in axis}, self.label(claim))

    def rows_of(self, labs: Sequence[LabFolder]) -> list[Row]:
        """The claims that these labs judge; no other lab's observations are read."""
        names = {lab.name for lab in labs}
        return [self.row(claim) for claim in self.claims if self.judged_by(claim) in names]

    def judged_by(self, claim: Claim) -> str:
        """The name of the lab that judges it, or nothing."""
        lab = self.survey.by_claim.get(claim.ref)
        return lab.name if lab else ""

    @cached_property
    def rows(self) -> list[Row]:
        return [self.row(claim) for claim in self.claims]

    def counts(self) -> Counter[Kind]:
        return Counter(row.verdict.kind for row in self.rows)
