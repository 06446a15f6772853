"""Releases as people name them."""

from pathlib import Path

import pytest
from packaging.version import Version

from claimlab.project.claim import load_chapter
from claimlab.project.errors import BadData
from claimlab.project.releases import releases

KNOWN = ("1.21.13", "1.24.11", "1.25.0", "1.25.5", "1.26.6")


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("", KNOWN),
        ("1.25", ("1.25.0", "1.25.5")),
        ("==1.25", ("1.25.0", "1.25.5")),
        ("= 1.25", ("1.25.0", "1.25.5")),
        ("==1.25.5", ("1.25.5",)),
        ("==1.25.*", ("1.25.0", "1.25.5")),
        ("!=1.25", ("1.21.13", "1.24.11", "1.26.6")),
        ("<1.25", ("1.21.13", "1.24.11")),
        ("<=1.25", ("1.21.13", "1.24.11", "1.25.0", "1.25.5")),
        (">1.24", ("1.25.0", "1.25.5", "1.26.6")),
        (">=1.24, <1.26", ("1.24.11", "1.25.0", "1.25.5")),
    ],
)
def test_a_release_without_a_patch_is_all_of_it(text: str, covers: tuple[str, ...]) -> None:
    assert tuple(one for one in KNOWN if Version(one) in releases(text)) == covers


@pytest.mark.parametrize("text", ["1.25.5", "go1.25", "=1.25.5", "new", "<", "1.24 - 1.26"])
def test_what_names_none_is_refused_with_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="names no releases: write it as") as raised:
        releases(text)
    assert repr(text) in str(raised.value)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ('{ outcome = "viod" }', "expected 1.outcome: there is no viod; did you mean void?"),
        ('{ outcome = "xxxxx" }', "expected 1.outcome: there is no xxxxx; there are "),
        ('{ go = "=<1.25", outcome = "holds" }', "'=<1.25' names no releases: write it as"),
    ],
)
def test_a_rule_that_says_nothing_is_told_what_there_is(tmp_path: Path, rule: str, says: str) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(f'[chapter]\ntitle = "x"\n\n[[claim]]\nid = "a"\nen = "It is."\nexpected = [{rule}]\n', "utf-8")
    with pytest.raises(BadData) as raised:
        load_chapter(path, languages=("en",))
    assert says in str(raised.value)


def test_a_rule_about_a_release_covers_all_of_it(tmp_path: Path) -> None:
    """To packaging 1.25.5 is not ==1.25: such a rule covered nothing, and nobody was told."""
    path = tmp_path / "claims.toml"
    rule = '{ go = "==1.25", outcome = "holds" }'
    path.write_text(f'[chapter]\ntitle = "x"\n\n[[claim]]\nid = "a"\nen = "It is."\nexpected = [{rule}]\n', "utf-8")
    (claim,) = load_chapter(path, languages=("en",)).claims()
    assert Version("1.25.5") in claim.expected[0].go
    assert Version("1.26.0") not in claim.expected[0].go
