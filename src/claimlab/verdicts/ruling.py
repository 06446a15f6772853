"""Judges at work: from an observation to a finding for each claim, each with its controls. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from claimlab.benches.host import host_facts
from claimlab.project.errors import ClaimlabError
from claimlab.project.languages import N_
from claimlab.project.outcome import Outcome
from claimlab.project.theirs import LIMIT_S, theirs
from claimlab.questions.question import Seen
from claimlab.toolchains.toolchain import Toolchain, one_release
from claimlab.trials.record import Observation, Record, address
from claimlab.trials.trial import Trial
from claimlab.verdicts.finding import Finding, void
from claimlab.verdicts.judge import Judge, Known, Question
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.releases import Releases


@dataclass(frozen=True, slots=True)
class Measured:
    """Where an observation comes from."""

    at: str
    """UTC, ISO 8601."""
    host: dict[str, str]
    place: dict[str, str]
    elsewhere: bool
    """It answers the trial's question, and was made in another place than the trial would be measured in now."""

    @property
    def is_here(self) -> bool:
        """On this host and in its place, as both are now. Where no host is recorded, it is not held to be another."""
        return not self.elsewhere and self.host in ({}, host_facts())


def measured_of(trial: Trial, observation: Observation) -> Measured:
    """Where what answers the trial was measured."""
    origin = observation.provenance
    return Measured(origin.measured_at, origin.host, origin.place, address(observation.inputs) != trial.address)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one trial says of one claim."""

    claim: str
    finding: Finding
    controls: tuple[Finding, ...] = ()
    """What the same judge said of each input whose answer is known; none if it was not asked."""
    question: Question | None = None
    saw: dict[str, str] = field(default_factory=dict)
    """Of a judge across releases: the digests of the observations that it looked at beside the trial's own, by the
    names of their toolchains."""
    measured: Measured | None = None
    """None where there is no observation."""

    @property
    def tried(self) -> list[tuple[Known, Finding]]:
        """Each control with what the judge said of it."""
        return list(zip(self.question.controls, self.controls, strict=True)) if self.question and self.controls else []

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome


def rule(judge: Judge, seen: Any, limit_s: float = LIMIT_S, folder: Path = Path("judges.py")) -> Ruling:
    """The judge's finding, which counts only if the same judge answers each of its controls rightly.

    Whatever it raises, it must not pass for an outcome; nor may it take longer than `limit_s`. Its lab is in `folder`.
    """
    try:
        with theirs("the judge", limit_s, folder):
            controls = tuple(_decide(judge, control.sees(seen)) for control in judge.controls)
            finding = _decide(judge, judge.sees(seen))
    except ClaimlabError as error:
        return Ruling(judge.claim, Finding(Outcome.BROKEN, str(error)), (), judge.question)
    ruling = Ruling(judge.claim, finding, controls, judge.question)
    wrong = [(known, said) for known, said in ruling.tried if said.outcome is not known.answer]
    if not wrong:
        return ruling
    failed = "; ".join(f"{known.says}: {said.outcome} instead of {known.answer}" for known, said in wrong)
    shows = "\n".join(text for _, said in wrong for text in (said.because, said.shows) if text)
    return replace(ruling, finding=Finding(Outcome.BROKEN, f"the judge failed on its control, {failed}", shows))


def _decide(judge: Judge, seen: Any) -> Finding:
    finding = judge.decide(seen)
    if not isinstance(finding, Finding):
        raise TypeError(f"a judge gives a Finding, not {finding!r}")
    return finding


Beside = Mapping[Toolchain, Observation | Finding]
"""What a lab saw on releases, oldest first; or why nothing is known of one."""


def rule_all(trial: Trial, observation: Observation, beside: Beside | None = None) -> dict[str, Ruling]:
    """A ruling for every claim that the trial's lab judges, by claim id.

    Of judges across releases only where it is said what there is `beside` the observation.
    """
    lab = trial.lab
    judges = [judge for judge in judges_of(lab) if judge.across is None or beside is not None]
    try:
        seen = msgspec.json.decode(observation.seen, type=lab.lab.seen_type)
    except msgspec.ValidationError as error:
        other = Finding(Outcome.BROKEN, f"what is recorded is not what the lab says that it observes: {error}")
        return {judge.claim: Ruling(judge.claim, other, (), judge.question) for judge in judges}
    if isinstance(seen, Seen) and (seen.refused or seen.lacks):
        lacks, _, shown = seen.lacks.partition("\n")
        other = void(lacks or N_("the sources do not build on this toolchain"), seen.refused or shown)
        return {judge.claim: Ruling(judge.claim, other, (), judge.question) for judge in judges}
    limit_s = lab.project.settings.limits.judge_s
    return {
        judge.claim: rule(judge, seen, limit_s, lab.path)
        if judge.across is None
        else rule_across(judge, seen, trial, beside or {})
        for judge in judges
    }


def rule_across(judge: Judge, seen: Any, trial: Trial, beside: Beside) -> Ruling:
    """The judge's finding on what the trial has seen, beside all that it looks at; missing if any of that is.

    A release on which the sources do not build has nothing that could be compared: among all it is left out.
    """
    wanted = _looked_at(judge, beside)
    if isinstance(wanted, Finding):
        return Ruling(judge.claim, wanted, (), judge.question)
    known = {one: found for one, found in wanted.items() if isinstance(found, Observation)}
    decoded = {one: msgspec.json.decode(found.seen, type=trial.lab.lab.seen_type) for one, found in known.items()}
    refused = [one for one, found in decoded.items() if isinstance(found, Seen) and found.refused]
    if judge.across and refused:
        why = f"the sources do not build on {refused[0].name}, which it is compared with"
        return Ruling(judge.claim, void(why, decoded[refused[0]].refused), (), judge.question)
    built = {one: found for one, found in decoded.items() if one not in refused}
    limit_s = trial.lab.project.settings.limits.judge_s
    ruling = rule(judge, Releases(seen, trial.toolchain, built), limit_s, trial.lab.path)
    return replace(ruling, saw={one.name: found.digest for one, found in known.items()})


def _looked_at(judge: Judge, beside: Beside) -> Beside | Finding:
    """What the judge names, or else all; why there is no finding, if any of it is not known."""
    found = {name: one_release(name, list(beside)) for name in judge.across or ()}
    if strangers := [name for name, one in found.items() if one is None]:
        return Finding(
            Outcome.BROKEN, f"its judge looks at {', '.join(strangers)}, which names no single release that is pinned"
        )
    wanted = {one: beside[one] for one in found.values() if one is not None} or beside
    lacking = [f"{one.name} ({why.because})" for one, why in wanted.items() if isinstance(why, Finding)]
    if lacking:
        says = f"it is judged across releases, and nothing is known of {', '.join(lacking)}"
        return Finding(Outcome.MISSING, says)
    return wanted


def absences(questions: Iterable[Question], trial: Trial, record: Record) -> dict[str, Ruling]:
    """The rulings on a trial without an observation: every claim says why, broken, missing or stale."""
    absent = absence(trial, record)
    return {question.claim: Ruling(question.claim, absent, (), question) for question in questions}


def absence(trial: Trial, record: Record) -> Finding:
    """Why nothing is known of a trial: it is broken, missing or stale."""
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    if breakage := record.breakage(*where, trial.address):
        return Finding(Outcome.BROKEN, N_("the lab failed"), breakage.error)
    if aside := record.set_aside(*where, trial.address):
        return Finding(Outcome.MISSING, f"damaged, or of another trial: the record's file was set aside as {aside[-1]}")
    if record.has_other(*where) and not trial.platform:
        return Finding(Outcome.MISSING, N_("stale: something that goes into the measurement has changed since"))
    return Finding(Outcome.MISSING, N_("not measured yet"))
