"""The claims data, and the rules by which it is read."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from tests.chapter_text import head
from tests.ours import OUR, PINS, TOOLCHAINS

from claimlab.project.claim import Chapter, Claim, load_chapter
from claimlab.project.errors import BadData
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain, variant_of
from claimlab.verdicts.expectations import axis_of, covers, expected_of
from claimlab.verdicts.verdict import Kind, fold

LISTED = (Path(__file__).parents[1] / "resources" / "claim_ids.txt").read_text().split()
ARTICLE = OUR.articles[0]
CHAPTERS = ARTICLE.chapters
CLAIMS = {claim.id: claim for chapter in CHAPTERS for claim in chapter.claims()}
EVERY_CHAPTER = [chapter for article in OUR.articles for chapter in article.chapters]
EVERY_CLAIM = {claim.ref: claim for chapter in EVERY_CHAPTER for claim in chapter.claims()}
CHINESE = re.compile(r"[\u4e00-\u9fff]")

HEAD = head(9, "9")
CLAIM = """
[[claim]]
id = "9-a"
section = "9"
en = "The number is even."
zh = "该数是偶数。"
"""


def parts_of(claim: str) -> list[str]:
    """The ids that stand for a listed claim: its own, or those of its parts."""
    return [known for known in CLAIMS if known == claim or known.startswith(f"{claim}/")]


def words_of(chapter: Chapter) -> list[Words]:
    claims = chapter.claims()
    optional = [words for claim in claims for words in (claim.correction, claim.untestable) if words]
    return [
        *([] if chapter.number is None else [chapter.title]),  # one that is not counted may have a name: Go 1.22
        *(section.title for section in chapter.sections),
        *(claim.says for claim in claims),
        *optional,
    ]


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], list[Claim]]:
    """The claims of a chapter whose claims.toml has this text."""

    def from_text(text: str) -> list[Claim]:
        path = tmp_path / "ch9_toys" / "claims.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return load_chapter(path).claims()

    return from_text


# The article's own data


def test_the_five_chapters_in_order() -> None:
    assert ARTICLE.name == "maps"
    assert [chapter.number for chapter in CHAPTERS] == [1, 2, 3, 4, 5]
    assert all((chapter.folder / "claims.toml").is_file() for chapter in CHAPTERS)


def test_every_listed_claim_is_there() -> None:
    assert len(LISTED) == len(set(LISTED))
    assert len({claim.partition("/")[0] for claim in LISTED}) == 196  # however many parts some of them have
    assert [claim for claim in LISTED if not parts_of(claim)] == []


def test_no_claim_is_there_that_the_list_lacks() -> None:
    assert set(CLAIMS) - {part for claim in LISTED for part in parts_of(claim)} == set()


def test_no_id_stands_in_two_chapters() -> None:
    assert len(CLAIMS) == sum(len(chapter.claims()) for chapter in CHAPTERS)


def test_every_claim_stands_in_the_section_its_id_names() -> None:
    assert [claim.id for claim in CLAIMS.values() if claim.id.partition("-")[0] != claim.section] == []


@pytest.mark.parametrize("chapter", EVERY_CHAPTER, ids=lambda chapter: chapter.folder.name)
def test_every_sentence_is_there_in_both_languages(chapter: Chapter) -> None:
    for words in words_of(chapter):
        assert set(words) == {"en", "zh"}, words
        assert words["en"].strip(), words
        assert not CHINESE.search(words["en"]), words
        assert CHINESE.search(words["zh"]), words


def test_an_untestable_claim_has_its_reason_and_nothing_is_expected_of_it() -> None:
    untestable = {claim.ref: claim for claim in EVERY_CLAIM.values() if claim.untestable}
    assert {"maps:5-n", *(f"maps:5-o/{number}" for number in range(1, 8))} <= set(untestable)
    for claim in untestable.values():
        assert claim.untestable
        assert len(claim.untestable["en"].split()) > 5, claim.id
        assert claim.expected == (), claim.id


def test_every_rule_of_an_expectation_covers_some_toolchain() -> None:
    """A misspelt experiment, or a range no release is in, would be a rule that never counts."""
    dead = [
        (claim.ref, rule)
        for claim in EVERY_CLAIM.values()
        for rule in claim.expected
        if not any(covers(rule, tool) for tool in axis_of(claim, TOOLCHAINS).values())
    ]
    assert dead == []


def test_what_is_expected_to_be_wrong_somewhere_has_its_correction() -> None:
    lacking = []
    for claim in EVERY_CLAIM.values():
        axis = axis_of(claim, TOOLCHAINS)
        expected = {name: expected_of(claim, tool) for name, tool in axis.items()}
        sure = {name: outcome for name, outcome in expected.items() if outcome is not None}
        if len(sure) == len(axis) and fold(sure, axis).kind in (Kind.REFUTED, Kind.VERSION_DEPENDENT):
            lacking += [] if claim.correction else [claim.ref]
    assert lacking == []


# How a claim is read


def toolchain(version: str, experiment: str = "") -> Toolchain:
    return Toolchain(Release(version, {}), experiment)


def test_a_claim_as_small_as_can_be(load: Callable[[str], list[Claim]]) -> None:
    (claim,) = load(HEAD + CLAIM)
    assert claim == Claim("9-a", "9", Words("The number is even.", "该数是偶数。"))
    assert expected_of(claim, toolchain("1.24.11")) is None


def test_a_claim_with_everything(load: Callable[[str], list[Claim]]) -> None:
    (claim,) = load(
        f'{HEAD}{CLAIM}expected = "fails"\ncorrection = {{ en = "Odd.", zh = "奇数。" }}\n'
        'untestable = { en = "No number.", zh = "没有数。" }\naxis = "none"'
    )
    assert claim.correction == Words("Odd.", "奇数。")
    assert claim.untestable == Words("No number.", "没有数。")
    assert not claim.has_axis


def test_one_word_is_expected_everywhere(load: Callable[[str], list[Claim]]) -> None:
    (claim,) = load(f'{HEAD}{CLAIM}expected = "fails"')
    everywhere = [None, *TOOLCHAINS]
    assert {expected_of(claim, tool) for tool in everywhere} == {Outcome.FAILS}


def test_the_first_rule_that_covers_a_toolchain_counts(load: Callable[[str], list[Claim]]) -> None:
    (claim,) = load(
        HEAD + CLAIM + 'expected = [{ go = "<1.24", outcome = "holds" }, { go = "<1.26", outcome = "void" }, '
        '{ outcome = "fails" }]'
    )
    found = [expected_of(claim, toolchain(version)) for version in ("1.23.9", "1.24.0", "1.25.5", "1.26.0")]
    assert found == [Outcome.HOLDS, Outcome.VOID, Outcome.VOID, Outcome.FAILS]


@pytest.mark.parametrize(
    ("go", "inside", "outside"),
    [
        ("<1.24", ["1.21.13", "1.23.9"], ["1.24.0", "1.24.11", "1.27.3"]),
        (">=1.24", ["1.24.0", "1.24.11", "1.27.3"], ["1.23.9"]),
        (">=1.22,<1.25", ["1.22.10", "1.24.11"], ["1.21.13", "1.25.0", "1.25.5"]),
        ("==1.24.*", ["1.24.0", "1.24.11"], ["1.23.9", "1.25.5"]),
        ("!=1.24.11", ["1.24.10", "1.23.9"], ["1.24.11"]),
        ("", ["1.21.13", "1.27.3"], []),
    ],
)
def test_go_ranges(load: Callable[[str], list[Claim]], go: str, inside: list[str], outside: list[str]) -> None:
    (claim,) = load(f'{HEAD}{CLAIM}expected = [{{ go = "{go}", outcome = "holds" }}]')
    assert {expected_of(claim, toolchain(version)) for version in inside} == {Outcome.HOLDS}
    assert {expected_of(claim, toolchain(version)) for version in outside} <= {None}


def test_a_rule_may_name_an_experiment_or_a_setting_and_an_empty_one_means_none(
    load: Callable[[str], list[Claim]],
) -> None:
    plain, built, run = (variant_of(Release("1.23.9", {}), name) for name in ("", "nofoo", "old=1"))
    for rule, covered in {
        "": [plain, built, run],
        'experiment = "", ': [plain, run],
        'experiment = "nofoo", ': [built],
        'godebug = "", ': [plain, built],
        'godebug = "old=1", ': [run],
        'godebug = "", experiment = "", ': [plain],
    }.items():
        (claim,) = load(f'{HEAD}{CLAIM}expected = [{{ {rule}outcome = "holds" }}]')
        assert [tool for tool in (plain, built, run) if expected_of(claim, tool)] == covered


def test_the_axis_is_the_toolchains_or_one_dash(load: Callable[[str], list[Claim]]) -> None:
    with_axis, without = load(f'{HEAD}{CLAIM}{CLAIM.replace("9-a", "9-b")}axis = "none"')
    tools = [toolchain("1.24.11"), toolchain("1.24.11", "noswissmap")]
    assert axis_of(with_axis, tools) == {"1.24.11": tools[0], "1.24.11+noswissmap": tools[1]}
    assert axis_of(without, tools) == {NO_AXIS: None} == {"-": None}


def test_claims_stand_in_their_sections_in_the_order_of_the_file(tmp_path: Path) -> None:
    second = '\n[[section]]\nid = "9.1"\ntitle = { en = "More", zh = "更多" }\n'
    rows = [CLAIM.replace("9-a", name) for name in ("9-b", "9-a")]
    other = CLAIM.replace("9-a", "9.1-a").replace('section = "9"', 'section = "9.1"')
    path = tmp_path / "claims.toml"
    path.write_text(HEAD + second + rows[0] + other + rows[1])
    chapter = load_chapter(path)
    assert [[claim.id for claim in section.claims] for section in chapter.sections] == [
        ["9-b", "9-a"],
        ["9.1-a"],
    ]
    assert [claim.id for claim in chapter.claims()] == ["9-b", "9-a", "9.1-a"]


BAD_CLAIMS = {
    "unknown outcome": CLAIM + 'expected = "hold"',
    "rule without outcome": CLAIM + 'expected = [{ go = "<1.24" }]',
    "outcome that other hosts have not measured": CLAIM
    + 'expected = [{ outcome = "holds", other_hosts = ["broken"] }]',
    "the same outcome on other hosts": CLAIM + 'expected = [{ outcome = "holds", other_hosts = ["holds"] }]',
    "no version range": CLAIM + 'expected = [{ go = "before 1.24", outcome = "holds" }]',
    "misspelt key of a rule": CLAIM + 'expected = [{ experimnt = "", outcome = "holds" }]',
    "misspelt key of a claim": CLAIM + 'expectd = "holds"',
    "expectation of a wrong type": CLAIM + "expected = 3",
    "unknown axis": CLAIM + 'axis = "nonne"',
    "reason of a wrong type": CLAIM + 'untestable = "no hardware"',
    "reason in one language": CLAIM + 'untestable = { en = "No hardware." }',
    "a third language": CLAIM + 'correction = { en = "Odd.", zh = "奇数。", fr = "Impair." }',
    "no Chinese": CLAIM.replace("zh =", "cn ="),
    "no section": CLAIM.replace("section =", "chapter ="),
    "id twice": CLAIM + CLAIM,
}


@pytest.mark.parametrize("row", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_bad_claim_is_named_with_its_file(load: Callable[[str], list[Claim]], row: str) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/claims\.toml: .*9-a"):
        load(HEAD + row)


def test_a_section_that_is_not_there_is_named(load: Callable[[str], list[Claim]]) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/claims\.toml: .*'8'"):
        load(HEAD + CLAIM.replace('section = "9"', 'section = "8"'))


def test_a_claim_without_an_id_is_refused(load: Callable[[str], list[Claim]]) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/claims\.toml: claim None"):
        load(HEAD + CLAIM.replace("id =", "ident ="))


@pytest.mark.parametrize(
    "text",
    ["no toml", CLAIM, HEAD.replace("number", "no") + CLAIM, HEAD.replace("id =", "ident =") + CLAIM],
    ids=["not TOML", "no chapter", "chapter without number", "section without id"],
)
def test_a_bad_file_is_named(load: Callable[[str], list[Claim]], text: str) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/claims\.toml"):
        load(text)


def test_a_chapter_may_have_no_claims_yet(load: Callable[[str], list[Claim]]) -> None:
    assert load(HEAD) == []


SOURCES = {(source.go, file) for claim in EVERY_CLAIM.values() for source in claim.sources for file in source.files}


@pytest.mark.parametrize(("go", "file"), sorted(SOURCES, key=str), ids=lambda one: str(one) or "all")
def test_the_sources_named_are_in_every_toolchain(go: SpecifierSet, file: str) -> None:
    roots = {one.version: ensure(one, OUR, print) for one in PINS.releases if one.version in go}
    assert roots
    assert [version for version, root in roots.items() if not (root / "src" / file).exists()] == []


def test_five_corrections_surprise_most() -> None:
    surprising = sorted((claim for claim in CLAIMS.values() if claim.surprise), key=lambda claim: claim.surprise)
    assert [claim.surprise for claim in surprising] == [1, 2, 3, 4, 5]
    assert all(claim.correction for claim in surprising)
