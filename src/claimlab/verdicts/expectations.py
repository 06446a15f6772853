"""What is expected, and what was measured against it: a trial is as expected, or says readably where it differs.

Both directions count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claimlab.project.claim import Claim, Expectation
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import NO_AXIS, Toolchain
from claimlab.trials.trial import Trial
from claimlab.verdicts.ruling import Ruling


def covers(rule: Expectation, toolchain: Toolchain | None) -> bool:
    """The rule says what is expected there; what has no axis of toolchains every rule covers."""
    if toolchain is None or toolchain.bare:
        return True
    return toolchain.go in rule.go and rule.experiment in (None, toolchain.experiment)


def expected_of(claim: Claim, toolchain: Toolchain | None) -> Outcome | None:
    """By the first rule that covers the toolchain; None if none does."""
    return next((rule.outcome for rule in claim.expected if covers(rule, toolchain)), None)


def axis_of(claim: Claim, toolchains: Sequence[Toolchain]) -> dict[str, Toolchain | None]:
    """What the claim is measured on, by the name used for it in data and on pages."""
    if not claim.has_axis:
        return {NO_AXIS: None}
    return {toolchain.name: toolchain for toolchain in toolchains}


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim on one toolchain whose outcome is not what the claims data expects."""

    claim: Claim
    trial: Trial
    expected: Outcome | None
    ruling: Ruling

    def __str__(self) -> str:
        finding = self.ruling.finding
        if not self.ruling.controls and finding.outcome in (Outcome.BROKEN, Outcome.MISSING):
            reason = [f"  | {line}" for line in finding.shows.splitlines()[-25:]]
            return "\n".join(
                [
                    f"{self.trial.name} is {finding.outcome}: {finding.because}",
                    *reason,
                    f"  replay: {self.trial.replay}",
                ]
            )
        where = "without Go" if self.trial.toolchain.bare else f"on Go {self.trial.toolchain.name}"
        expected = self.expected or "nothing (no expectation is written)"
        lines = [
            f"{self.claim.id} {where}: expected {expected}, measured {finding.outcome}",
            f"  claim:    {self.claim.says.first}",
            f"  because:  {finding.because}",
            *(f"            | {line}" for line in finding.shows.splitlines()[:12]),
        ]
        lines += [f"  control:  {said.outcome}: {said.because}" for said in self.ruling.controls]
        lines.append(f"  replay:   {self.trial.replay}")
        if finding.outcome is not Outcome.BROKEN:
            lines.append("  If the measurement is right, change `expected` of this claim in its claims.toml.")
        return "\n".join(lines)


def differences(trial: Trial, rulings: Mapping[str, Ruling], claims: Iterable[Claim]) -> list[Difference]:
    """Every claim that the trial rules on with another outcome than expected."""
    by_id = {claim.id: claim for claim in claims}
    found = []
    for claim_id, ruling in rulings.items():
        claim = by_id[claim_id]
        expected = expected_of(claim, trial.toolchain)
        if ruling.outcome is not expected:
            found.append(Difference(claim, trial, expected, ruling))
    return found
