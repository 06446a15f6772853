"""The fold of outcomes into a verdict, over every combination."""

from collections.abc import Sequence
from itertools import chain, combinations, permutations, product

import pytest

from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain
from claimlab.verdicts.verdict import Kind, Span, Variant, Verdict, fold

RELEASES = [Release(version, {}) for version in ("1.21.13", "1.22.10", "1.23.9", "1.24.11", "1.25.5", "1.26.6")]
WORDS = ("holds", "fails", "unclear", "void", "broken", "missing")
GAPS = {"unclear", "broken", "missing"}
SUBSETS = list(chain.from_iterable(combinations(WORDS, size) for size in range(1, len(WORDS) + 1)))
DECIDED_SUBSETS = {
    frozenset({"holds"}): "confirmed",
    frozenset({"fails"}): "refuted",
    frozenset({"void"}): "inconclusive",
    frozenset({"fails", "void"}): "refuted",
    frozenset({"holds", "fails"}): "version-dependent",
    frozenset({"holds", "void"}): "holds wherever it exists",
    frozenset({"holds", "fails", "void"}): "version-dependent",
}
"""Every subset without a gap."""


def fold_releases(outcomes: Sequence[str], releases: Sequence[Release] = RELEASES) -> Verdict:
    """The verdict where successive releases have these outcomes."""
    return fold_toolchains(
        [(Toolchain(release), outcome) for release, outcome in zip(releases, outcomes, strict=False)]
    )


def fold_toolchains(pairs: Sequence[tuple[Toolchain, str]]) -> Verdict:
    return fold({tool.name: Outcome(outcome) for tool, outcome in pairs}, {tool.name: tool for tool, _ in pairs})


def test_the_table_covers_every_outcome() -> None:
    assert set(WORDS) == {str(outcome) for outcome in Outcome}
    assert len(SUBSETS) == 2 ** len(WORDS) - 1
    assert set(DECIDED_SUBSETS) == {frozenset(subset) for subset in SUBSETS if not GAPS & set(subset)}


@pytest.mark.parametrize("subset", SUBSETS, ids="+".join)
def test_kind_of_every_subset_in_every_order(subset: tuple[str, ...]) -> None:
    expected = "inconclusive" if GAPS & set(subset) else DECIDED_SUBSETS[frozenset(subset)]
    assert {str(fold_releases(order).kind) for order in permutations(subset)} == {expected}


@pytest.mark.parametrize("subset", SUBSETS, ids="+".join)
def test_repeating_an_outcome_changes_no_kind(subset: tuple[str, ...]) -> None:
    once, last_twice = fold_releases(subset), fold_releases((*subset, subset[-1])[: len(RELEASES)])
    assert last_twice.kind is once.kind


PLAIN, OTHER = Toolchain(RELEASES[3]), Toolchain(RELEASES[4])
UNDONE = Words("maps became Swiss tables", "map 改用了 Swiss 表")
VARIANT, OTHER_VARIANT = (Toolchain(RELEASES[at], "noswissmap", undoes=UNDONE) for at in (3, 4))


def test_a_variant_that_differs_is_the_cause() -> None:
    verdict = fold_toolchains([(PLAIN, "void"), (VARIANT, "holds"), (OTHER, "void"), (OTHER_VARIANT, "holds")])
    assert verdict.variants == (Variant("noswissmap", Outcome.HOLDS, ("1.24", "1.25"), False, UNDONE),)


def test_variants_with_different_outcomes_have_causes_of_their_own() -> None:
    hashtrie = Toolchain(RELEASES[4], "nosynchashtriemap")
    verdict = fold_toolchains([(PLAIN, "void"), (VARIANT, "holds"), (OTHER, "void"), (hashtrie, "fails")])
    assert verdict.variants == (
        Variant("noswissmap", Outcome.HOLDS, ("1.24",), False, UNDONE),
        Variant("nosynchashtriemap", Outcome.FAILS, ("1.25",), False),
    )


def test_a_variant_that_undoes_the_flip_explains_it() -> None:
    before = [(Toolchain(release), "holds") for release in RELEASES[:3]]
    after = [(PLAIN, "void"), (VARIANT, "holds"), (OTHER, "void"), (OTHER_VARIANT, "holds")]
    verdict = fold_toolchains([*before, *after])
    assert verdict.variants == (Variant("noswissmap", Outcome.HOLDS, ("1.24", "1.25"), True, UNDONE),)


def test_a_variant_with_a_third_outcome_explains_nothing() -> None:
    verdict = fold_toolchains([(Toolchain(RELEASES[2]), "holds"), (PLAIN, "void"), (VARIANT, "fails")])
    assert verdict.variants == (Variant("noswissmap", Outcome.FAILS, ("1.24",), False, UNDONE),)


def test_a_variant_that_explains_only_some_releases_explains_nothing() -> None:
    before = (Toolchain(RELEASES[2]), "holds")
    verdict = fold_toolchains([before, (PLAIN, "holds"), (VARIANT, "fails"), (OTHER, "void"), (OTHER_VARIANT, "fails")])
    assert [one.explains for one in verdict.variants] == [False]


def test_a_variant_like_its_plain_build_is_no_cause() -> None:
    verdict = fold_toolchains([(PLAIN, "holds"), (VARIANT, "holds"), (OTHER, "fails"), (OTHER_VARIANT, "holds")])
    assert verdict.variants == (Variant("noswissmap", Outcome.HOLDS, ("1.25",), True, UNDONE),)
    assert fold_toolchains([(PLAIN, "holds"), (VARIANT, "holds")]).variants == ()


@pytest.mark.parametrize(("first", "second", "variant"), list(product(("holds", "fails", "void"), repeat=3)))
def test_a_variant_never_changes_kind_or_range(first: str, second: str, variant: str) -> None:
    without = fold_toolchains([(PLAIN, first), (OTHER, second)])
    beside = fold_toolchains([(PLAIN, first), (VARIANT, variant), (OTHER, second)])
    assert (beside.kind, beside.spans) == (without.kind, without.spans)


@pytest.mark.parametrize("gap", sorted(GAPS))
def test_the_gap_of_a_variant_is_a_gap(gap: str) -> None:
    verdict = fold_toolchains([(PLAIN, "holds"), (VARIANT, gap), (OTHER, "holds")])
    assert verdict == Verdict(Kind.INCONCLUSIVE, gaps=((Outcome(gap), ("1.24.11+noswissmap",)),))


@pytest.mark.parametrize("outcome", ["holds", "fails", "void"])
def test_variants_alone_decide_nothing(outcome: str) -> None:
    """As with ``--go +noswissmap``: no plain build was asked, so nothing is confirmed or refuted."""
    assert fold_toolchains([(VARIANT, outcome), (OTHER_VARIANT, outcome)]).kind is Kind.INCONCLUSIVE


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome.HOLDS, Verdict(Kind.CONFIRMED, (Span(Outcome.HOLDS),))),
        (Outcome.FAILS, Verdict(Kind.REFUTED, (Span(Outcome.FAILS),))),
        (Outcome.VOID, Verdict(Kind.INCONCLUSIVE, (Span(Outcome.VOID),))),
        (Outcome.UNCLEAR, Verdict(Kind.INCONCLUSIVE, gaps=((Outcome.UNCLEAR, ("-",)),))),
        (Outcome.BROKEN, Verdict(Kind.INCONCLUSIVE, gaps=((Outcome.BROKEN, ("-",)),))),
        (Outcome.MISSING, Verdict(Kind.INCONCLUSIVE, gaps=((Outcome.MISSING, ("-",)),))),
    ],
)
def test_a_claim_without_toolchains(outcome: Outcome, verdict: Verdict) -> None:
    assert fold({NO_AXIS: outcome}, {NO_AXIS: None}) == verdict


def test_an_outcome_that_was_left_out_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"1\.25\.5"):
        fold({PLAIN.name: Outcome.HOLDS}, {PLAIN.name: PLAIN, OTHER.name: OTHER})
