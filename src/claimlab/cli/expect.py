"""--expect: what was measured becomes what is expected, after it has been shown."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from claimlab.project.claim import Claim, Expectation
from claimlab.project.errors import Refused
from claimlab.project.files import write_whole
from claimlab.toolchains.toolchain import Toolchain
from claimlab.verdicts.expectations import depends_on_host, is_expected
from claimlab.verdicts.expecting import as_data, public_of, rules_for
from claimlab.verdicts.ledger import Ledger, Row


def refuse_part(ledger: Ledger) -> None:
    """:class:`Refused` if only a part of the toolchains is asked: what lies between them is not known."""
    if len(ledger.toolchains) != len(ledger.laboratory.pins.toolchains):
        raise Refused("--expect wants every pinned toolchain, and only some were asked.", "Leave out --go and --plain.")


def expect(rows: Sequence[Row], ledger: Ledger, console: Console) -> tuple[int, int]:
    """The claims data expects what was measured; of how many claims, and how many are left to people.

    What agreed is left as it is.
    """
    changed = left = 0
    for row in rows:
        public = public_of(row.axis)
        own = {name: tool for name, tool in row.axis.items() if name not in public}
        if _as_expected(row.claim, row, public):
            left += not _as_expected(row.claim, row, own)
            continue
        if depends_on_host(row.claim):
            says = "nothing is written, it depends on the host: add to `outcome` or `other_hosts` by hand"
            console.print(f"{row.label}: {says}", markup=False)
            left += 1
            continue
        try:
            rules = rules_for(row.outcomes, row.axis)
        except ValueError as error:
            console.print(f"{row.label}: nothing is written, {error}", markup=False)
            left += 1
            continue
        spelled = write_expected(_file(ledger, row.claim), row.claim.id, rules)
        console.print(f"{row.label}: expected = {spelled}", markup=False, soft_wrap=True)
        changed += 1
        left += not _as_expected(replace(row.claim, expected=tuple(rules)), row, own)
    return changed, left


def _as_expected(claim: Claim, row: Row, axis: dict[str, Toolchain | None]) -> bool:
    return all(is_expected(claim, tool, row.outcomes[name]) for name, tool in axis.items())


def _file(ledger: Ledger, claim: Claim) -> Path:
    article = next(one for one in ledger.project.articles if one.name == claim.article)
    return next(chapter.file for chapter in article.chapters if claim in chapter.claims())


def write_expected(path: Path, claim: str, rules: Sequence[Expectation]) -> str:
    """The claim's row in that file has these rules, and all else is as it was; the rules as they are spelled there."""
    import tomlkit  # a tenth of a second, and few commands need it

    data = as_data(rules)
    value = tomlkit.item(data)
    if not isinstance(data, str):
        value = tomlkit.array().multiline(True)
        for rule in data:
            table = tomlkit.inline_table()
            table.update(rule)
            value.append(table)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    next(row for row in document["claim"] if row["id"] == claim)["expected"] = value
    write_whole(path, tomlkit.dumps(document).encode())
    return value.as_string()
