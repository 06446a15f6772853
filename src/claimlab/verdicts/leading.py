"""The verdict before the claim, as titles and search results have it: "False on Go 1.21–1.27"."""

from typing import Final

from claimlab.project.languages import N_, Translate, in_english
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import Kind, unbroken

FIRST: Final = {
    Outcome.HOLDS: N_("True on Go {releases}"),
    Outcome.FAILS: N_("False on Go {releases}"),
    Outcome.VOID: N_("Void on Go {releases}"),
}
"""In the order in which they are told."""
LATER: Final = {
    Outcome.FAILS: N_("false on {releases}"),
    Outcome.VOID: N_("void on {releases}"),
}
WITHOUT_GO: Final = {Outcome.HOLDS: N_("True"), Outcome.FAILS: N_("False"), Outcome.VOID: N_("Void")}
OPEN: Final = {
    Kind.INCONCLUSIVE: N_("Not settled"),
    Kind.UNTESTABLE: N_("Cannot be tested"),
    Kind.PENDING: N_("Not tested yet"),
}


def lead(row: Row, translate: Translate = in_english) -> str:
    """What came out, and on which of the releases that were asked."""
    if words := OPEN.get(row.verdict.kind):
        return translate(words)
    if not row.claim.has_axis:
        return translate(WITHOUT_GO[next(iter(row.outcomes.values()))])
    told = ""
    for outcome in FIRST:
        if found := [tool for name, seen in row.plain.items() if seen is outcome and (tool := row.axis[name])]:
            words = LATER[outcome] if told else FIRST[outcome]
            clause = translate(words).format(releases=translate(", ").join(_ranges(found)))
            told = translate("{earlier}, {later}").format(earlier=told, later=clause) if told else clause
    return told


def _ranges(tools: list[Toolchain]) -> list[str]:
    """Runs of releases that follow each other: what lies between two of a run was asked, too."""
    runs = unbroken(tools, is_parted)
    return [one[0].series if one[0].series == one[-1].series else f"{one[0].series}–{one[-1].series}" for one in runs]


def is_parted(before: Toolchain, tool: Toolchain) -> bool:
    """They do not follow each other: something lies between them, or may."""
    steps = tool.go.minor - before.go.minor
    return bool(before.release.own or tool.release.own) or before.go.major != tool.go.major or steps not in (0, 1)
