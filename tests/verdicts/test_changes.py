"""What changed from one release to the next: claims that flipped, types that are laid out anew."""

import pytest
from packaging.version import Version

from claimlab.instruments.layout import Field, TypeLayout
from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Release, Toolchain
from claimlab.verdicts.changes import Laid, Line, change_between, changes, laid_out, moves
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.ruling import Ruling

HOLDS, FAILS, VOID, MISSING = Outcome.HOLDS, Outcome.FAILS, Outcome.VOID, Outcome.MISSING
RELEASES = [Toolchain(Release(version, {})) for version in ("1.22.1", "1.23.2", "1.24.3")]
VARIANT = Toolchain(RELEASES[2].release, "noswissmap", undoes=Words("maps became Swiss tables", "map 改用了 Swiss 表"))
AXIS = {tool.name: tool for tool in [*RELEASES, VARIANT]}


def row(*outcomes: Outcome, variant: Outcome = HOLDS, name: str = "9-a") -> Row:
    found = dict(zip(AXIS, [*outcomes, variant], strict=True))
    rulings = {tool: Ruling(name, Finding(outcome, "")) for tool, outcome in found.items()}
    return Row(Claim(name, "9", Words("so", "如此")), None, dict(AXIS), rulings)


def test_the_first_release_has_nothing_to_be_compared_with() -> None:
    first = changes([row(HOLDS, FAILS, FAILS)], RELEASES)[0]
    assert (first.release, first.before, first.flips) == (RELEASES[0], None, ())
    assert changes([], []) == []


def test_a_flip_stands_at_the_release_that_brought_it() -> None:
    found = changes([row(HOLDS, FAILS, FAILS)], RELEASES)
    assert [len(change.flips) for change in found] == [0, 1, 0]
    (flip,) = found[1].flips
    assert (flip.was, flip.now, flip.row.claim.id) == (HOLDS, FAILS, "9-a")


@pytest.mark.parametrize("gap", [Outcome.MISSING, Outcome.BROKEN, Outcome.UNCLEAR])
def test_a_gap_is_no_flip(gap: Outcome) -> None:
    assert [change.flips for change in changes([row(HOLDS, gap, HOLDS)], RELEASES)] == [(), (), ()]


def test_a_claim_without_outcomes_never_flips() -> None:
    alone = Row(Claim("9-a", "9", Words("so", "如此")), None, dict(AXIS), {})
    assert all(change.flips == () for change in changes([alone], RELEASES))


def test_an_experiment_that_undoes_the_flip_is_its_reason() -> None:
    rows = [row(HOLDS, HOLDS, VOID), row(FAILS, FAILS, HOLDS, variant=HOLDS, name="9-b")]
    change = changes(rows, RELEASES)[2]
    assert [tuple(tool.variant for tool in flip.undone) for flip in change.flips] == [("noswissmap",), ()]
    reasons = {reason: [flip.row.claim.id for flip in flips] for reason, flips in change.by_reason().items()}
    assert reasons == {"maps became Swiss tables": ["9-a"], "fails → holds": ["9-b"]}


def test_the_largest_group_comes_first() -> None:
    rows = [row(FAILS, FAILS, HOLDS), *(row(HOLDS, HOLDS, VOID, name=f"9-{letter}") for letter in "bc")]
    assert [len(flips) for flips in changes(rows, RELEASES)[2].by_reason().values()] == [2, 1]


def layout(name: str, *fields: tuple[str, int, int], size: int = 16, present: bool = True) -> TypeLayout:
    made = [Field(field, offset, length, "int", "integer") for field, offset, length in fields]
    return TypeLayout(name, present, "struct", size if present else 0, 8, made)


def test_a_moved_field_is_told_line_by_line() -> None:
    before = {"runtime.t": layout("runtime.t", ("a", 0, 8), ("b", 8, 8))}
    after = {"runtime.t": layout("runtime.t", ("b", 0, 8), ("c", 8, 8))}
    (move,) = moves(Laid({"1.22.1": before, "1.23.2": after}, {}), RELEASES[0], RELEASES[1])
    assert move.lines == [
        Line("b", "int", (8, 8), (0, 8)),
        Line("c", "int", None, (8, 8)),
        Line("a", "int", (0, 8), None),
    ]


def test_what_lies_alike_or_was_not_asked_for_on_both_is_no_move() -> None:
    same = layout("runtime.t", ("a", 0, 8))
    laid = Laid({"1.22.1": {"runtime.t": same, "runtime.u": same}, "1.23.2": {"runtime.t": same}}, {})
    assert moves(laid, RELEASES[0], RELEASES[1]) == []
    assert moves(laid, RELEASES[1], RELEASES[2]) == []


def test_a_type_that_comes_or_goes_is_a_move_without_lines() -> None:
    there, gone = layout("runtime.t", ("a", 0, 8)), layout("runtime.t", present=False)
    for was, now in ((there, gone), (gone, there)):
        (move,) = moves(
            Laid({"1.22.1": {"runtime.t": was}, "1.23.2": {"runtime.t": now}}, {}), RELEASES[0], RELEASES[1]
        )
        assert (move.was, move.now, move.lines) == (was, now, [])


def test_types_of_the_labs_own_programs_are_none_of_a_release() -> None:
    seen = {"deep": [{"x": layout("sync.Map")}, layout("main.pair")], "other": Version("1")}
    laid = laid_out({"lab": {"1.22.1": seen}})
    assert list(laid.types["1.22.1"]) == ["sync.Map"]
    assert laid.places == {"1.22.1": {"lab.deep.0.x": "sync.Map"}}


def test_what_a_lab_finds_in_the_place_of_another_type_is_told_with_its_cause() -> None:
    old, new = layout("runtime.hmap", ("count", 0, 8)), layout("internal/runtime/maps.Map", ("used", 0, 8))
    seen = {"1.22.1": [old], "1.23.2": [old], "1.24.3": [new], "1.24.3+noswissmap": [old]}
    (move,) = moves(laid_out({"lab": seen}), RELEASES[1], RELEASES[2], [*RELEASES, VARIANT])
    assert (move.name, move.instead, move.undone, move.lines) == (new.name, old.name, (VARIANT,), [])
    assert moves(laid_out({"lab": seen}), RELEASES[0], RELEASES[1]) == []


@pytest.mark.parametrize(("kept", "undone"), [(HOLDS, (VARIANT,)), (FAILS, ())])
def test_across_several_releases_an_experiment_of_one_between_is_the_reason(
    kept: Outcome, undone: tuple[Toolchain, ...]
) -> None:
    """Only if the build turns it back, and the outcome stays from that release on."""
    last = Toolchain(Release("1.25.4", {}))
    axis = {**AXIS, last.name: last}

    def flip(*plain: Outcome) -> tuple[Toolchain, ...]:
        found = dict(zip([*(one.name for one in RELEASES), last.name], plain, strict=True)) | {VARIANT.name: kept}
        rulings = {name: Ruling("9-a", Finding(found[name], "")) for name in axis}
        one = Row(Claim("9-a", "9", Words("so", "如此")), None, dict(axis), rulings)
        return change_between([one], RELEASES[0], last).flips[0].undone

    assert flip(HOLDS, HOLDS, FAILS, FAILS) == undone
    assert flip(HOLDS, HOLDS, HOLDS, FAILS) == ()
    assert flip(HOLDS, HOLDS, VOID, FAILS) == ()
