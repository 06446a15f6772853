"""Verdicts in words."""

import pytest
from tests.verdicts.test_verdict import OTHER, PLAIN, RELEASES, VARIANT, fold_releases, fold_toolchains

from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain
from claimlab.verdicts.in_words import variant_in_words, verdict_in_words
from claimlab.verdicts.verdict import Kind, Variant, Verdict, fold

BEFORE = (Toolchain(RELEASES[2]), "holds")
TEMPLATES = {
    "{outcome} up to {last}": "{last} 及以前{outcome}",
    "{outcome} since {first}": "{first} 起{outcome}",
    "{earlier}, {later}": "{earlier}，{later}",
    "{verdict}: {reason}": "{verdict}：{reason}",
    ", ": "、",
    "holds": "成立",
    "void": "不适用",
}


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
    assert verdict_in_words(fold_releases(outcomes.split())) == words


def test_range_words_tell_two_patches_of_one_release_apart() -> None:
    patches = [Release("1.27.2", {}), Release("1.27.3", {})]
    verdict = fold_releases(["holds", "fails"], patches)
    assert verdict_in_words(verdict) == "holds up to 1.27.2, fails since 1.27.3"


def test_gap_words_name_each_gap_and_its_toolchains() -> None:
    verdict = fold_releases(["missing", "broken", "missing", "holds"])
    assert verdict_in_words(verdict) == "broken on 1.22.10; missing on 1.21.13, 1.23.9"


def test_an_experiment_that_undoes_the_flip_is_the_reason() -> None:
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (VARIANT, "holds")])
    assert verdict_in_words(verdict) == "holds up to 1.23, void since 1.24: maps became Swiss tables"


def test_the_words_are_the_readers() -> None:
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (VARIANT, "holds")])
    words = verdict_in_words(verdict, lambda text: TEMPLATES[text], "zh")
    assert words == "1.23 及以前成立，1.24 起不适用：map 改用了 Swiss 表"


def test_an_experiment_that_undoes_nothing_is_no_reason() -> None:
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (VARIANT, "fails")])
    assert verdict_in_words(verdict) == "holds up to 1.23, void since 1.24"


def test_an_experiment_that_nobody_described_gives_no_reason() -> None:
    variant = Toolchain(RELEASES[3], "nosuch")
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (variant, "holds")])
    assert verdict.variants[0].explains
    assert verdict_in_words(verdict) == "holds up to 1.23, void since 1.24"


def test_what_a_variant_shows() -> None:
    variant = Variant("noswissmap", Outcome.HOLDS, ("1.24", "1.25"), explains=True)
    assert variant_in_words(variant) == "built with GOEXPERIMENT=noswissmap, Go 1.24, 1.25: holds"


def test_without_toolchains_no_release_is_named() -> None:
    assert verdict_in_words(fold({NO_AXIS: Outcome.FAILS}, {NO_AXIS: None})) == "fails"


def test_variants_alone_have_words_too() -> None:
    assert verdict_in_words(Verdict(Kind.INCONCLUSIVE)) == "no plain build was asked"
    assert OTHER.name not in verdict_in_words(fold_toolchains([(VARIANT, "holds")]))
