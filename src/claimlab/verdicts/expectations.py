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
    variant = rule.experiment in (None, toolchain.experiment) and rule.godebug in (None, toolchain.godebug)
    return variant and toolchain.go in rule.go


def expected_of(claim: Claim, toolchain: Toolchain | None) -> Outcome | None:
    """By the first rule that covers the toolchain; None if none does. Other hosts may see another one."""
    rule = _rule_for(claim, toolchain)
    return rule.outcome if rule else None


def is_expected(claim: Claim, toolchain: Toolchain | None, outcome: Outcome) -> bool:
    """It is the expected outcome there, or one that other hosts may see."""
    rule = _rule_for(claim, toolchain)
    return rule is not None and outcome in (rule.outcome, *rule.other_hosts)


def depends_on_host(claim: Claim) -> bool:
    """It may come out in several ways, by the host alone."""
    return any(rule.other_hosts for rule in claim.expected)


def _rule_for(claim: Claim, toolchain: Toolchain | None) -> Expectation | None:
    return next((rule for rule in claim.expected if covers(rule, toolchain)), None)


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


def differences(trial: Trial, rulings: Mapping[str, Ruling], claims: Iterable[Claim]) -> list[Difference]:
    """Every claim that the trial rules on with another outcome than expected."""
    by_id = {claim.id: claim for claim in claims}
    found = []
    for claim_id, ruling in rulings.items():
        claim = by_id[claim_id]
        if not is_expected(claim, trial.toolchain, ruling.outcome):
            found.append(Difference(claim, trial, expected_of(claim, trial.toolchain), ruling))
    return found
