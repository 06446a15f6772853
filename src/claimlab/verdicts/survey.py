"""Which lab judges which claim, and which labs cannot be used: one of these stops no other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from claimlab.project.claim import Claim
from claimlab.project.errors import BadData
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.trials.across import refuse_unknown
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.expectations import depends_on_host
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.judge import Question
from claimlab.verdicts.judges import claims_judged_by
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ruling import Ruling


@dataclass(frozen=True)
class Survey:
    """What is known of all labs without measuring anything."""

    by_claim: dict[str, LabFolder] = field(default_factory=dict)
    """The lab that judges a claim, by the claim's project-wide name."""
    faults: dict[str, str] = field(default_factory=dict)
    """By the name of a lab, why it cannot be used. The claims that it judges are broken."""

    def told(self, labs: Iterable[LabFolder]) -> list[str]:
        """A paragraph for each of these labs that cannot be used."""
        return [f"{lab.name} is broken: {self.faults[lab.name]}" for lab in labs if lab.name in self.faults]

    def sound(self, labs: Iterable[LabFolder]) -> list[LabFolder]:
        """Those of the labs that can be used."""
        return [lab for lab in labs if lab.name not in self.faults]

    def ruling(self, claim: Claim, lab: LabFolder) -> Ruling:
        """What there is to say of a claim whose lab cannot be used."""
        return Ruling(claim.id, Finding(Outcome.BROKEN, f"the lab {lab.name} cannot be used", self.faults[lab.name]))


def survey(laboratory: Laboratory, kept: KeptRulings) -> Survey:
    """Every lab is known with its claims, or with what is wrong with it. Nothing is measured for that, so whoever wants
    to measure asks first."""
    found = Survey()
    for lab in laboratory.labs:
        try:
            if lab.fault:
                raise BadData("", lab.fault)
            refuse_unknown(lab.declared.across, laboratory.pins.toolchains)
            questions = kept.questions(lab)
            claims = [question.claim for question in questions]
            refuse_strangers(lab, questions)
        except (BadData, OSError, UnicodeDecodeError) as error:
            found.faults[lab.name] = str(error).removeprefix(": ")
            claims = claims_judged_by(lab)
        for claim in claims:
            ref = ref_in(lab, claim)
            if (other := found.by_claim.setdefault(ref, lab)) is not lab:
                says = f"{ref} is judged by two labs: {other.name} and {lab.name}"
                found.faults.update({one.name: f"{lab.project.shown(one.path)}: {says}" for one in (other, lab)})
    return found


def refuse_strangers(lab: LabFolder, questions: Iterable[Question]) -> None:
    """Every claim that the lab judges is one of its article's, and as the lab is; :class:`BadData` for others."""
    known = {claim.id: claim for claim in lab.article.claims} if lab.article else {}
    judged = {question.claim for question in questions}
    if strangers := sorted(judged - set(known)):
        where = lab.chapter.file if lab.chapter else "a claims.toml"
        raise BadData(
            str(lab.path),
            f"it judges what is no claim of its article: {', '.join(strangers)}. "
            f"Write the claim into {lab.project.shown(Path(where))}, or let the judge name one that is there.",
        )
    if others := sorted(claim for claim in judged if known[claim].has_axis is not lab.declared.has_axis):
        raise BadData(
            str(lab.path), f"it judges {', '.join(others)}: either both have the axis of toolchains, or neither"
        )
    hosted = sorted(claim for claim in judged if depends_on_host(known[claim]))
    if hosted and not lab.declared.depends_on_host:
        raise BadData(
            str(lab.path),
            f"what is expected of {', '.join(hosted)} names other_hosts, and the lab is neither `timing` nor "
            "`host_matters`: what it sees is the same on every host",
        )


def ref_in(lab: LabFolder, claim: str) -> str:
    """The project-wide name of a claim that a lab of the article calls by its id."""
    return f"{lab.article.name if lab.article else ''}:{claim}"
