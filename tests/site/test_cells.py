"""What stands in one cell of the matrix."""

from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.site.cells import cells, plain_cells
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.ruling import Ruling

HOLDS, FAILS = Outcome.HOLDS, Outcome.FAILS
RELEASES = [Toolchain(Release(f"1.{minor}.1", {})) for minor in (21, 22, 23, 25)]
VARIANTS = [Toolchain(one.release, godebug=value) for value in ("a=1", "b=1", "c=1") for one in RELEASES[:2]]


def row(found: dict[str, Outcome]) -> Row:
    tools = {tool.name: tool for tool in (*RELEASES, *VARIANTS) if tool.name in found}
    rulings = {name: Ruling("9-a", Finding(outcome, "so it is")) for name, outcome in found.items()}
    return Row(Claim("9-a", "9", Words("so")), None, dict(tools), rulings)


def test_a_release_that_was_not_asked_parts_cells_and_so_does_an_outcome() -> None:
    found = dict(zip((one.name for one in RELEASES), (HOLDS, HOLDS, FAILS, FAILS), strict=True))
    assert [(cell.outcome, cell.range) for cell in plain_cells(row(found))] == [
        (HOLDS, "1.21 – 1.22"),
        (FAILS, "1.23"),
        (FAILS, "1.25"),
    ]


def test_a_variant_that_the_claim_was_not_asked_on_is_a_blank_and_none_at_the_end() -> None:
    plain = {one.name: HOLDS for one in RELEASES}
    asked = {tool.name: FAILS for tool in VARIANTS if tool.godebug == "b=1"}
    found = cells(row(plain | asked), VARIANTS)
    assert [(cell.outcome, [tool.variant for tool in cell.tools]) for cell in found] == [
        (None, ["a=1", "a=1"]),
        (FAILS, ["b=1", "b=1"]),
    ]
    assert cells(row(plain), VARIANTS) == []


def test_what_asks_nothing_of_go_has_one_cell() -> None:
    claim = Claim("9-a", "9", Words("so"), has_axis=False)
    alone = Row(claim, None, {NO_AXIS: None}, {NO_AXIS: Ruling("9-a", Finding(HOLDS, "so it is"))})
    assert [(cell.outcome, cell.tools) for cell in plain_cells(alone)] == [(HOLDS, [])]
