"""Figures in corrections: each is what kept observations say, by the claim's judge or by what its lab's tests read."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

import pytest
from tests.ours import OUR, TOOLCHAINS

from claimlab.project.claim import Claim
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.trials.lab import find_labs
from claimlab.verdicts.expectations import expected_of
from claimlab.verdicts.kept_observations import Kept
from claimlab.verdicts.stated import NUMBER, Stated, number, stated_of, unseen, without_names

LABS: Final = {folder.name: Kept(folder) for folder in find_labs(OUR)}


def told(lab: Kept, claim: str) -> str:
    """All that the judge says of what is kept and of its controls, excerpts left out."""
    rulings = [lab.ruling(claim, lab.seen(name), name) for name in lab.toolchains]
    findings = [one for ruling in rulings for one in (ruling.finding, *ruling.controls)]
    return "\n".join(one.because for one in findings)


def lacking(lab: Kept, claim: Claim, stated: Stated) -> list[str]:
    """Figures of the claim's correction that nothing kept says."""
    assert claim.correction
    seen = map(lab.seen, lab.toolchains)
    return unseen(claim.correction.first, stated, seen, told(lab, claim.id), claim.says.first)


@pytest.mark.parametrize("lab", LABS)
def test_each_figure_was_seen(lab: str) -> None:
    kept = LABS[lab]
    stated = stated_of(kept.folder)
    corrected = [claim for claim in kept.claims.values() if claim.correction]
    assert set(stated) <= {claim.id for claim in corrected}
    assert {one.id: found for one in corrected if (found := lacking(kept, one, stated.get(one.id, {})))} == {}


SCALES: Final = {"": 1, "M": 10**6, "万": 10**4, "亿": 10**8}
SCALED: Final = re.compile(rf"({NUMBER.pattern})(?:\s([M万亿]))?")


def scaled(text: str) -> set[Decimal]:
    """The figures of a text in any language: 4.7 亿 is 470 M."""
    return {number(figure) * SCALES[scale] for figure, scale in SCALED.findall(without_names(text))}


CLAIMS: Final = {claim.ref: claim for article in OUR.articles for claim in article.claims if claim.correction}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_correction_has_its_figures_in_every_language(claim: str) -> None:
    """A nought may be told in words, and so may a figure that English writes out."""
    told = CLAIMS[claim].correction
    assert told
    first, *others = (scaled(text) for text in told.values())
    assert [first - other - {Decimal(0)} for other in others] == [set()] * len(others)


UP_TO: Final = re.compile(r"\bup to (?:Go )?1\.\d|1\.\d+ ?(?:及以前|及更早|以前)", re.IGNORECASE)
"""Says it of releases that nobody asked."""
RELEASES: Final = re.compile(r"1\.\d+ – 1\.\d+")
TRUE_ON: Final = re.compile(r"True on (?:Go )?(1\.\d+) – (1\.\d+)")


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_correction_names_the_releases_that_were_asked(claim: str) -> None:
    """And where it says that the claim is true on some, these are the ones on which it is expected to be."""
    told = CLAIMS[claim].correction
    assert told
    assert [text for text in told.values() if UP_TO.search(text)] == []
    first, *others = (RELEASES.findall(text) for text in told.values())
    assert [sorted(other) for other in others] == [sorted(first)] * len(others)
    if found := TRUE_ON.match(told.first):
        holds = [
            one.series for one in TOOLCHAINS if not one.variant and expected_of(CLAIMS[claim], one) is Outcome.HOLDS
        ]
        assert (holds[0], holds[-1]) == found.groups()


@pytest.mark.parametrize(
    ("lab", "claim", "seen", "said"),
    [
        ("hchan-ring", "4.3-e", "of 40 bytes 32", "of 40 bytes 33"),
        ("gdb-panic", "2.3-n", "on every assignment", "three times in every assignment"),
        ("growth-write-barriers", "2.4-d", "20 to 44", "22 to 44"),
        ("growth-write-barriers", "2.4-e", "more than 2,300", "more than 2,400"),
    ],
)
def test_a_figure_that_nothing_shows_is_found(lab: str, claim: str, seen: str, said: str) -> None:
    kept = LABS[lab]
    known = kept.claims[claim]
    stated = stated_of(kept.folder).get(claim, {})
    assert known.correction
    text = known.correction.first
    assert seen in text
    assert lacking(kept, known, stated) == []
    turned = {figure.replace(seen, said): read for figure, read in stated.items()}
    other = replace(known, correction=Words(text.replace(seen, said)))
    assert lacking(kept, other, turned)
