"""The ledger: every claim of the project with its rulings and its verdict, from the record alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import msgspec

from claimlab.project.claim import Claim
from claimlab.project.languages import Language, Translate, in_english
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.archives import arch_of
from claimlab.toolchains.toolchain import PLATFORMS, Toolchain, for_all, one_release, this_platform
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation
from claimlab.trials.trial import Trial, on_platform
from claimlab.verdicts.expectations import axis_of, expected_of
from claimlab.verdicts.in_words import host_in_words, verdict_in_words
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ruling import Measured, Ruling
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
    architectures: dict[str, "Row"] = field(default_factory=dict)
    """By GOARCH, what was found on other architectures than this machine's, where anything was."""

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {name: ruling.outcome for name, ruling in self.rulings.items()}

    @property
    def plain(self) -> dict[str, Outcome]:
        """As :attr:`outcomes`, without those of variants."""
        variants = {name for name, tool in self.axis.items() if tool and tool.variant}
        return {name: outcome for name, outcome in self.outcomes.items() if name not in variants}

    @property
    def elsewhere(self) -> dict[str, Measured]:
        """By toolchain, what was not measured on this host as it is now."""
        measured = {name: ruling.measured for name, ruling in self.rulings.items()}
        return {name: one for name, one in measured.items() if one and not one.is_here}

    @property
    def is_pending(self) -> bool:
        """No lab asks it. One that does may be asked on none of the toolchains."""
        return self.lab is None and not self.rulings

    @cached_property
    def verdict(self) -> Verdict:
        if self.claim.untestable:
            return Verdict(Kind.UNTESTABLE)
        if self.is_pending:
            return Verdict(Kind.PENDING)
        return fold(self.outcomes, self.axis)

    def words(self, translate: Translate = in_english, language: Language = "en") -> str:
        """The verdict in words."""
        if self.claim.untestable:
            return self.claim.untestable.of(language)
        if self.is_pending:
            return translate("no lab asks this yet")
        return verdict_in_words(self.verdict, translate, language)

    def machines(self, translate: Translate = in_english) -> list[str]:
        """Where it was measured, in words, if it may come out another way elsewhere; nothing otherwise."""
        if self.lab is None or not self.lab.declared.depends_on_host:
            return []
        hosts = (ruling.measured.host for ruling in self.rulings.values() if ruling.measured)
        return list(dict.fromkeys(filter(None, (host_in_words(host, translate) for host in hosts))))

    @property
    def other_hosts(self) -> list[Outcome]:
        """What other hosts may see, as the claims data says, beside what was measured."""
        if not any(ruling.measured for ruling in self.rulings.values()):
            return []
        rules = [rule for rule in self.claim.expected if rule.other_hosts]
        known = dict.fromkeys(one for rule in rules for one in (rule.outcome, *rule.other_hosts))
        return [one for one in known if one not in self.outcomes.values()]

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
        if machines := self.machines():
            data["machines"] = machines
        if others := self.other_hosts:
            data["other_hosts"] = [str(outcome) for outcome in others]
        if saw := {name: ruling.saw for name, ruling in self.rulings.items() if ruling.saw}:
            data["saw"] = saw
        if self.architectures:
            data["architectures"] = {
                arch: {
                    "verdict": str(one.verdict.kind),
                    "words": one.words(),
                    "outcomes": {name: str(outcome) for name, outcome in one.outcomes.items()},
                    **one.elsewhere_as_data(),
                }
                for arch, one in {arch_of(this_platform()): self, **self.architectures}.items()
            }
        return data | self.elsewhere_as_data()

    def elsewhere_as_data(self) -> dict[str, Any]:
        """With a key of its own; empty where all was measured here."""
        found = {
            name: {"measured_at": one.at, "host": one.host, "place": one.place} for name, one in self.elsewhere.items()
        }
        return {"elsewhere": found} if found else {}


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
        self._rulings: dict[tuple[str, str], dict[str, dict[str, Ruling]]] = {}

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
        return trial.answer(self.record) if trial else None

    def rulings(self, lab: LabFolder, platform: str = "") -> dict[str, dict[str, Ruling]]:
        """By toolchain name, then by claim id; of another platform than this machine's none if nothing is recorded."""
        if (lab.name, platform) not in self._rulings:
            trials = on_platform(self.trials(lab), platform)
            is_asked = not platform or any(one.content(self.record) is not None for one in trials)
            others = on_platform(self._looked_at(lab), platform) if is_asked else []
            self._rulings[lab.name, platform] = {
                trial.toolchain.name: self.kept_rulings.rulings(trial, others) for trial in trials if is_asked
            }
        return self._rulings[lab.name, platform]

    def wanted(self, lab: LabFolder) -> list[Trial]:
        """What has to be measured for the outcomes on the toolchains that are asked: their trials, and those on
        releases that a judge across releases names."""
        asked = self.trials(lab)
        known = {trial.toolchain for trial in asked}
        return [*asked, *(trial for trial in self._looked_at(lab) if trial.toolchain not in known)]

    def _looked_at(self, lab: LabFolder) -> list[Trial]:
        """What the lab's judges across releases look at, oldest first: its trials on the plain releases that are asked,
        and on those that such a judge names."""
        across = [one.across for one in self.kept_rulings.questions(lab) if one.across is not None]
        if not across:
            return []
        asked = {one.toolchain: one for one in self.trials(lab) if not one.toolchain.variant}
        pinned = self.laboratory.pins.toolchains
        named = [one for names in across for name in names if (one := one_release(name, pinned)) and one not in asked]
        more = self.laboratory.trials(lab, list(dict.fromkeys(named))) if named else []
        return sorted([*asked.values(), *more], key=lambda one: one.toolchain.order)

    def row(self, claim: Claim) -> Row:
        lab = self.survey.by_claim.get(claim.ref)
        axis = axis_of(claim, lab.axis(self.toolchains) if lab else for_all(self.toolchains))
        if lab is None:
            return Row(claim, None, axis, {}, self.label(claim))
        if lab.name in self.survey.faults:
            broken = self.survey.ruling(claim, lab)
            return Row(claim, None, axis, dict.fromkeys(axis, broken), self.label(claim), lab.name)
        rulings = self.rulings(lab)
        own = {name: rulings[name][claim.id] for name in axis}
        others = {arch_of(one): self._row_on(one, claim, lab, axis) for one in PLATFORMS if one != this_platform()}
        known = {arch: row for arch, row in others.items() if any(one.measured for one in row.rulings.values())}
        return Row(claim, lab, axis, own, self.label(claim), architectures=known)

    def _row_on(self, platform: str, claim: Claim, lab: LabFolder, axis: dict[str, Toolchain | None]) -> Row:
        """What was found on another platform, of the toolchains that are pinned for it."""
        rulings = self.rulings(lab, platform)
        there = {name: tool for name, tool in axis.items() if name in rulings}
        return Row(claim, lab, there, {name: rulings[name][claim.id] for name in there}, self.label(claim))

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

    def asked_of(self, rows: Iterable[Row]) -> list[Toolchain]:
        """The toolchains that any of these claims is asked on: a setting of GODEBUG may be for others."""
        names = {name for row in rows for name in row.axis}
        return [one for one in self.toolchains if one.name in names]

    def counts(self) -> Counter[Kind]:
        return Counter(row.verdict.kind for row in self.rows)
