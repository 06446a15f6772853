"""What the checks said of the certificates: the claims 5-e and 5-f."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Check, Dates, Namespace, Seen

judges = Judges()

DAY_S = 86_400
SHELLS = ("sh", "bash -eo pipefail")
AS_DESCRIBED, WHOLE_DATE, CHECKEND = "three", "whole", "checkend"


@dataclass(frozen=True)
class Checked:
    """One check on every namespace that is as plain as can be, and on those that are not."""

    check: str
    plain: dict[str, Namespace]
    manifold: dict[str, Namespace]
    dates: list[Dates]

    def of(self, namespace: Namespace, shell: str) -> Check:
        return namespace.checks[f"{self.check}, {shell}"]


def checked(seen: Seen, check: str) -> Checked:
    plain = {name: found for name, found in seen.namespaces.items() if found.plain}
    manifold = {name: found for name, found in seen.namespaces.items() if not found.plain}
    return Checked(check, plain, manifold, seen.dates)


def is_due(namespace: Namespace) -> bool:
    return any(one.left_s < DAY_S for one in namespace.certificates)


def witnesses_differ(checked: Checked) -> str:
    """Which certificate's expiry is not certain; empty if there is none."""
    for name, namespace in (checked.plain | checked.manifold).items():
        for one in namespace.certificates:
            if one.asked_for != one.found or one.due_by_openssl is not (one.left_s < DAY_S):
                return f"{name}: {one.where} was to end {one.asked_for}, ends {one.found}, openssl: {one.openssl_says}"
    return ""


@judges.of(
    "5-e",
    sees=lambda seen: checked(seen, AS_DESCRIBED),
    control=Control(
        "a check of ours with `openssl x509 -checkend`, on the same certificates",
        lambda seen: checked(seen, CHECKEND),
        Outcome.HOLDS,
    ),
)
def what_is_due_is_reported(checked: Checked) -> Finding:
    """The script prints an alert for a certificate that expires within a day (or has expired), and for no other.

    Judged where it has the least to do: one secret named cacerts with one certificate under ca.crt.
    """
    if why := witnesses_differ(checked):
        return unclear(f"it is not certain when a certificate expires: {why}")
    due = [checked.of(found, "sh") for found in checked.plain.values() if is_due(found)]
    other = [checked.of(found, "sh") for found in checked.plain.values() if not is_due(found)]
    if not due or not other:
        return unclear("there were not certificates of both kinds")
    reported, falsely = (sum(check.alerts > 0 for check in some) for some in (due, other))
    words = f"{reported} of {len(due)} certificates that expire within a day were reported, "
    words += f"{falsely} of {len(other)} others"
    if complaint := next((check.stderr for check in due if check.stderr), ""):
        form = checked.dates[0]
        words += f"; `{complaint.splitlines()[0]}` ({form.taken} of {form.tried} dates of this form are taken)"
    return decided(reported == len(due) and falsely == 0, words, as_table(checked, "sh"))


@judges.of(
    "5-f",
    sees=lambda seen: checked(seen, AS_DESCRIBED),
    control=Control(
        "a check of ours with `openssl x509 -checkend`, on the same certificates",
        lambda seen: checked(seen, CHECKEND),
        Outcome.HOLDS,
    ),
)
def what_is_due_stops_the_release(checked: Checked) -> Finding:
    """In some shell, the script fails where a certificate expires within a day, and only there.

    A step of a pipeline stops a release by an exit status other than 0. A hook that stops every release is none.
    """
    if why := witnesses_differ(checked):
        return unclear(f"it is not certain when a certificate expires: {why}")
    told, right = [], []
    for shell in SHELLS:
        due = [checked.of(found, shell) for found in checked.plain.values() if is_due(found)]
        other = [checked.of(found, shell) for found in checked.plain.values() if not is_due(found)]
        if not due or not other:
            return unclear("there were not certificates of both kinds")
        stopped, needlessly = (sum(check.exit_code != 0 for check in some) for some in (due, other))
        codes = ", ".join(str(code) for code in sorted({check.exit_code for check in [*due, *other]}))
        told.append(
            f"`{shell}` stops {stopped} of {len(due)} releases with a certificate that expires within a day"
            f" and {needlessly} of {len(other)} without (exit status {codes})"
        )
        right.append(stopped == len(due) and needlessly == 0)
    return decided(any(right), "; ".join(told), as_table(checked, "bash -eo pipefail"))


def as_table(checked: Checked, shell: str) -> str:
    """What each check said of each namespace on which it was run in that shell: alerts, and the exit status."""
    rows = [f"under {shell}: alerts/exit status as described | with the whole date | with -checkend"]
    for name, namespace in (checked.plain | checked.manifold).items():
        found = [namespace.checks.get(f"{check}, {shell}") for check in (AS_DESCRIBED, WHOLE_DATE, CHECKEND)]
        said = " | ".join(f"{check.alerts}/{check.exit_code}" for check in found if check)
        rows += [f"{name} ({'due' if is_due(namespace) else 'not due'}): {said}"] if said else []
    return "\n".join(rows)
