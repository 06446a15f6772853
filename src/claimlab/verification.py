"""Measured against expected: a trial is as expected, or says readably where it differs. Both directions count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claimlab.claim import Claim
from claimlab.outcome import Outcome
from claimlab.ruling import Ruling
from claimlab.trial import Trial


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim on one toolchain whose outcome is not what the claims data expects."""

    claim: Claim
    trial: Trial
    expected: Outcome | None
    ruling: Ruling

    def __str__(self) -> str:
        finding = self.ruling.finding
        if self.ruling.control is None and finding.outcome in (Outcome.BROKEN, Outcome.MISSING):
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
            f"  claim:    {self.claim.says.en}",
            f"  because:  {finding.because}",
            *(f"            | {line}" for line in finding.shows.splitlines()[:12]),
        ]
        if self.ruling.control:
            lines.append(f"  control:  {self.ruling.control.outcome}: {self.ruling.control.because}")
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
        expected = claim.expectation(trial.toolchain)
        if ruling.outcome is not expected:
            found.append(Difference(claim, trial, expected, ruling))
    return found
