"""The fold of outcomes into a verdict, over every combination."""

from collections.abc import Sequence
from itertools import chain, combinations, permutations, product

import pytest

from claimlab.outcome import Outcome
from claimlab.toolchain import NO_AXIS, Release, Toolchain
from claimlab.verdict import Kind, Verdict, fold

RELEASES = [Release(version, {}) for version in ("1.21.13", "1.22.10", "1.23.9", "1.24.11", "1.25.5", "1.26.6")]
WORDS = ("holds", "fails", "unclear", "void", "broken", "missing")
GAPS = {"unclear", "broken", "missing"}
SUBSETS = list(chain.from_iterable(combinations(WORDS, size) for size in range(1, len(WORDS) + 1)))
DECIDED_SUBSETS = {
    frozenset({"holds"}): "confirmed",
    frozenset({"fails"}): "refuted",
    frozenset({"void"}): "refuted",
    frozenset({"fails", "void"}): "refuted",
    frozenset({"holds", "fails"}): "version-dependent",
    frozenset({"holds", "void"}): "version-dependent",
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


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ("holds", "holds on every release tested"),
        ("holds holds holds", "holds on every release tested"),
        ("fails fails", "fails on every release tested"),
        ("holds holds holds void void", "holds up to 1.23, void since 1.24"),
        ("holds fails", "holds up to 1.21, fails since 1.22"),
        ("holds fails holds", "holds up to 1.21, fails in 1.22, holds since 1.23"),
        ("void fails fails fails holds", "void up to 1.21, fails from 1.22 to 1.24, holds since 1.25"),
        (
            "holds fails void holds holds fails",
            "holds up to 1.21, fails in 1.22, void in 1.23, holds from 1.24 to 1.25, fails since 1.26",
        ),
        ("fails void", "fails up to 1.21, void since 1.22"),
    ],
)
def test_range_words(outcomes: str, words: str) -> None:
    assert fold_releases(outcomes.split()).words == words


def test_range_words_tell_two_patches_of_one_release_apart() -> None:
    patches = [Release("1.27.2", {}), Release("1.27.3", {})]
    assert fold_releases(["holds", "fails"], patches).words == "holds up to 1.27.2, fails since 1.27.3"


def test_gap_words_name_each_gap_and_its_toolchains() -> None:
    verdict = fold_releases(["missing", "broken", "missing", "holds"])
    assert verdict == Verdict(Kind.INCONCLUSIVE, "broken on 1.22.10; missing on 1.21.13, 1.23.9")


PLAIN, OTHER = Toolchain(RELEASES[3]), Toolchain(RELEASES[4])
VARIANT, OTHER_VARIANT = Toolchain(RELEASES[3], "noswissmap"), Toolchain(RELEASES[4], "noswissmap")


def test_a_variant_that_differs_is_the_cause() -> None:
    verdict = fold_toolchains([(PLAIN, "void"), (VARIANT, "holds"), (OTHER, "void"), (OTHER_VARIANT, "holds")])
    assert verdict.cause == "built with noswissmap (1.24, 1.25) the outcome is holds"


def test_variants_with_different_outcomes_have_causes_of_their_own() -> None:
    hashtrie = Toolchain(RELEASES[4], "nosynchashtriemap")
    verdict = fold_toolchains([(PLAIN, "void"), (VARIANT, "holds"), (OTHER, "void"), (hashtrie, "fails")])
    assert verdict.cause.split("; ") == [
        "built with noswissmap (1.24) the outcome is holds",
        "built with nosynchashtriemap (1.25) the outcome is fails",
    ]


def test_a_variant_like_its_plain_build_is_no_cause() -> None:
    verdict = fold_toolchains([(PLAIN, "holds"), (VARIANT, "holds"), (OTHER, "fails"), (OTHER_VARIANT, "holds")])
    assert verdict.cause == "built with noswissmap (1.25) the outcome is holds"
    assert fold_toolchains([(PLAIN, "holds"), (VARIANT, "holds")]).cause == ""


@pytest.mark.parametrize(("first", "second", "variant"), list(product(("holds", "fails", "void"), repeat=3)))
def test_a_variant_never_changes_kind_or_range(first: str, second: str, variant: str) -> None:
    without = fold_toolchains([(PLAIN, first), (OTHER, second)])
    beside = fold_toolchains([(PLAIN, first), (VARIANT, variant), (OTHER, second)])
    assert (beside.kind, beside.words) == (without.kind, without.words)


@pytest.mark.parametrize("gap", sorted(GAPS))
def test_the_gap_of_a_variant_is_a_gap(gap: str) -> None:
    verdict = fold_toolchains([(PLAIN, "holds"), (VARIANT, gap), (OTHER, "holds")])
    assert verdict == Verdict(Kind.INCONCLUSIVE, f"{gap} on 1.24.11+noswissmap")


@pytest.mark.parametrize("outcome", ["holds", "fails", "void"])
def test_variants_alone_decide_nothing(outcome: str) -> None:
    """As with ``--go +noswissmap``: no plain build was asked, so nothing is confirmed or refuted."""
    assert fold_toolchains([(VARIANT, outcome), (OTHER_VARIANT, outcome)]).kind is Kind.INCONCLUSIVE


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome.HOLDS, Verdict(Kind.CONFIRMED, "holds")),
        (Outcome.FAILS, Verdict(Kind.REFUTED, "fails")),
        (Outcome.VOID, Verdict(Kind.REFUTED, "void")),
        (Outcome.UNCLEAR, Verdict(Kind.INCONCLUSIVE, "unclear on -")),
        (Outcome.BROKEN, Verdict(Kind.INCONCLUSIVE, "broken on -")),
        (Outcome.MISSING, Verdict(Kind.INCONCLUSIVE, "missing on -")),
    ],
)
def test_a_claim_without_toolchains(outcome: Outcome, verdict: Verdict) -> None:
    assert fold({NO_AXIS: outcome}, {NO_AXIS: None}) == verdict


def test_an_outcome_that_was_left_out_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"1\.25\.5"):
        fold({PLAIN.name: Outcome.HOLDS}, {PLAIN.name: PLAIN, OTHER.name: OTHER})
