"""Verdicts in words."""

import pytest
from tests.verdicts.test_verdict import OTHER, PLAIN, RELEASES, VARIANT, fold_releases, fold_toolchains

from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain
from claimlab.verdicts.in_words import variant_in_words, verdict_in_words
from claimlab.verdicts.verdict import Kind, Variant, Verdict, fold

BEFORE = (Toolchain(RELEASES[2]), "holds")
TEMPLATES = {
    "{outcome} on {toolchains}": "{toolchains} {outcome}",
    " and ": "、",
    "{earlier}, {later}": "{earlier}，{later}",
    "{verdict}: {reason}": "{verdict}：{reason}",
    ", ": "、",
    "holds": "成立",
    "void": "不适用",
}


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ("holds", "holds on 1.21, the only release tested"),
        ("holds holds holds", "holds on every release tested"),
        ("fails fails", "fails on every release tested"),
        ("holds holds holds void void", "holds on 1.21 – 1.23, void on 1.24 – 1.25"),
        ("holds fails", "holds on 1.21, fails on 1.22"),
        ("holds fails holds", "holds on 1.21, fails on 1.22, holds on 1.23"),
        ("void fails fails fails holds", "void on 1.21, fails on 1.22 – 1.24, holds on 1.25"),
        (
            "holds fails void holds holds fails",
            "holds on 1.21, fails on 1.22, void on 1.23, holds on 1.24 – 1.25, fails on 1.26",
        ),
        ("fails void", "fails on 1.21, void on 1.22"),
    ],
)
def test_range_words(outcomes: str, words: str) -> None:
    assert verdict_in_words(fold_releases(outcomes.split())) == words


def test_range_words_tell_two_patches_of_one_release_apart() -> None:
    patches = [Release("1.27.2", {}), Release("1.27.3", {})]
    verdict = fold_releases(["holds", "fails"], patches)
    assert verdict_in_words(verdict) == "holds on 1.27.2, fails on 1.27.3"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({2: "holds", 4: "void"}, "holds on 1.23, void on 1.25; not asked: 1.24"),
        ({0: "holds", 2: "holds", 5: "fails"}, "holds on 1.21 and 1.23, fails on 1.26; not asked: 1.22, 1.24 – 1.25"),
        ({0: "holds", 5: "holds"}, "holds on every release tested; not asked: 1.22 – 1.25"),
    ],
)
def test_what_lies_between_and_was_not_asked_is_said(asked: dict[int, str], words: str) -> None:
    verdict = fold_releases(list(asked.values()), [RELEASES[place] for place in asked])
    assert verdict_in_words(verdict) == words


def test_what_knows_no_toolchain_is_unclear_on_none() -> None:
    assert verdict_in_words(fold({NO_AXIS: Outcome.UNCLEAR}, {NO_AXIS: None})) == "unclear"


def test_gap_words_name_each_gap_and_its_toolchains() -> None:
    verdict = fold_releases(["missing", "broken", "missing", "holds"])
    assert verdict_in_words(verdict) == "broken on 1.22.10; missing on 1.21.13, 1.23.9"


def test_an_experiment_that_undoes_the_flip_is_the_reason() -> None:
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (VARIANT, "holds")])
    assert verdict_in_words(verdict) == "holds on 1.23, void on 1.24: maps became Swiss tables"


def test_the_words_are_the_readers() -> None:
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (VARIANT, "holds")])
    words = verdict_in_words(verdict, lambda text: TEMPLATES[text], "zh")
    assert words == "1.23 成立，1.24 不适用：map 改用了 Swiss 表"


def test_an_experiment_that_undoes_nothing_is_no_reason() -> None:
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (VARIANT, "fails")])
    assert verdict_in_words(verdict) == "holds on 1.23, void on 1.24"


def test_an_experiment_that_nobody_described_gives_no_reason() -> None:
    variant = Toolchain(RELEASES[3], "nosuch")
    verdict = fold_toolchains([BEFORE, (PLAIN, "void"), (variant, "holds")])
    assert verdict.variants[0].explains
    assert verdict_in_words(verdict) == "holds on 1.23, void on 1.24"


def test_what_a_variant_shows() -> None:
    variant = Variant("noswissmap", Outcome.HOLDS, ("1.24", "1.25"), explains=True)
    assert variant_in_words(variant) == "holds on Go 1.24 and 1.25 built with GOEXPERIMENT=noswissmap"


def test_without_toolchains_no_release_is_named() -> None:
    assert verdict_in_words(fold({NO_AXIS: Outcome.FAILS}, {NO_AXIS: None})) == "fails"


def test_variants_alone_have_words_too() -> None:
    assert verdict_in_words(Verdict(Kind.INCONCLUSIVE)) == "no plain build was asked"
    assert OTHER.name not in verdict_in_words(fold_toolchains([(VARIANT, "holds")]))
