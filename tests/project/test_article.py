"""Articles: their settings, their chapters, and the languages of their texts."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.chapter_text import head

from claimlab.project.article import Article, load_article
from claimlab.project.claim import Claim
from claimlab.project.errors import BadData
from claimlab.project.languages import Words

ENGLISH = 'title = "Toys"\n'
BOTH = 'title = { en = "Toys", zh = "玩具" }\nlanguages = ["en", "zh"]\n'
QUESTIONS = '[chapter]\ntitle = "Questions"\n'
CLAIM = """
[[claim]]
id = "even"
en = "The number is even."
"""


def write(folder: Path, article: str = ENGLISH, **chapters: str) -> Article:
    """An article and the claims of each chapter, whose folder is ``.`` for the article's own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.toml").write_text(article, encoding="utf-8")
    for name, text in chapters.items():
        place = folder if name == "own" else folder / name
        place.mkdir(exist_ok=True)
        (place / "claims.toml").write_text(text, encoding="utf-8")
    return replace(load_article(folder), docs=Path())


# Settings


def test_an_article_as_small_as_can_be_has_its_folders_name(tmp_path: Path) -> None:
    article = write(tmp_path / "map_toys")
    assert article == Article("map-toys", tmp_path / "map_toys", Words("Toys"), ("en",))
    assert (article.chapters, article.claims) == ([], [])


def test_an_article_with_everything(tmp_path: Path) -> None:
    more = 'name = "toys"\nauthor = "Ann"\ndate = "2026-11-28"\nlink = "https://toys.test/1"\n'
    article = write(tmp_path / "folder", BOTH + more)
    title = Words("Toys", "玩具")
    where = tmp_path / "folder"
    assert article == Article("toys", where, title, ("en", "zh"), "Ann", "2026-11-28", "https://toys.test/1")


BAD = {
    "no title": ("", "there is no 'title'"),
    "an unknown key": (ENGLISH + 'autor = "Ann"\n', "there is no key autor; did you mean author?"),
    "no TOML": ("title = Toys\n", "line 1"),
    "a wrong type": ("title = 3\n", "title: it has to be a text or a table, and is a whole number"),
    "a name with a colon": (ENGLISH + 'name = "a:b"\n', "'a:b' is no name for an article"),
    "a name in capitals": (ENGLISH + 'name = "Toys"\n', "small letters, digits and hyphens"),
    "one text for two languages": (ENGLISH + 'languages = ["en", "zh"]\n', 'in each language: { en = "…", zh = "…" }'),
    "a title that lacks a language": ('title = { en = "Toys" }\nlanguages = ["en", "zh"]\n', "lacks its zh"),
    "a title in another language": ('title = { en = "Toys", fr = "Jouets" }\n', "has no language fr"),
    "a language twice": ('title = { en = "Toys" }\nlanguages = ["en", "en"]\n', "languages: en stands twice"),
    "no language": ("title = {}\nlanguages = []\n", "languages: an article has at least one"),
    "a language that reads like a key": ('title = "Mainan"\nlanguages = ["id"]\n', "languages: id"),
}


@pytest.mark.parametrize(("text", "reason"), BAD.values(), ids=BAD)
def test_bad_settings_are_named_with_their_file(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadData) as raised:
        write(tmp_path / "toys", text)
    assert raised.value.where == str(tmp_path / "toys" / "article.toml")
    assert reason.replace("\\", "") in raised.value.what


# One language, and several


def test_texts_of_one_language_are_plain_strings(tmp_path: Path) -> None:
    more = 'correction = "It is odd."\nuntestable = "Nobody knows the number."\n'
    article = write(tmp_path, own=QUESTIONS + CLAIM + more)
    (claim,) = article.claims
    assert claim == Claim(
        "even",
        "",
        Words("The number is even."),
        correction=Words("It is odd."),
        untestable=Words("Nobody knows the number."),
        article=article.name,
    )
    assert article.chapters[0].title == Words("Questions")


def test_texts_of_one_language_may_name_it(tmp_path: Path) -> None:
    head_of_one = '[chapter]\ntitle = { en = "Questions" }\n'
    text = f'{head_of_one}{CLAIM}correction = {{ en = "It is odd." }}\n'
    assert write(tmp_path, own=text).claims[0].correction == Words("It is odd.")


def test_the_one_language_need_not_be_english(tmp_path: Path) -> None:
    french = CLAIM.replace("en = ", "fr = ")
    article = write(tmp_path, 'title = "Jouets"\nlanguages = ["fr"]\n', own=QUESTIONS + french)
    assert (article.title, article.claims[0].says) == (Words(fr="Jouets"), Words(fr="The number is even."))
    assert article.title.first == article.title.of("en") == "Jouets"
    with pytest.raises(BadData, match=r"claims\.toml: claim even: there is no key en"):
        _ = write(tmp_path, 'title = "Jouets"\nlanguages = ["fr"]\n', own=QUESTIONS + CLAIM).chapters


BOTH_CLAIM = CLAIM + 'zh = "该数是偶数。"\nsection = "9"\n'
LACKING = {
    "a claim": (
        head(9, "9") + CLAIM + 'section = "9"\n',
        "claim even: it lacks its sentence in 'zh' beside that in en: the article's languages are en, zh",
    ),
    "an empty text": (head(9, "9") + BOTH_CLAIM.replace("该数是偶数。", ""), "claim even: a text lacks its zh"),
    "a correction": (head(9, "9") + BOTH_CLAIM + 'correction = "Odd."\n', "has to be given in each language"),
    "a reason": (head(9, "9") + BOTH_CLAIM + 'untestable = { zh = "没有数。" }\n', "a text lacks its en"),
    "a chapter": (head(9, "9").replace(', zh = "玩具"', "", 1) + BOTH_CLAIM, "a text lacks its zh"),
    "a section": (head(9, "9") + '[[section]]\nid = "10"\ntitle = "Ten"\n', "'Ten' has to be given in each language"),
    "a third language": (head(9, "9") + BOTH_CLAIM + 'fr = "Pair."\n', "claim even: there is no key fr"),
}


@pytest.mark.parametrize(("text", "reason"), LACKING.values(), ids=LACKING)
def test_each_text_is_in_each_of_two_languages_and_in_no_other(tmp_path: Path, text: str, reason: str) -> None:
    assert len(write(tmp_path, BOTH, ch9=head(9, "9") + BOTH_CLAIM).claims) == 1
    with pytest.raises(BadData, match=rf"ch9/claims\.toml: .*{reason}"):
        _ = write(tmp_path, BOTH, ch9=text).chapters


# Chapters


def test_a_chapter_may_have_no_number_and_no_sections(tmp_path: Path) -> None:
    (chapter,) = write(tmp_path, open_questions=QUESTIONS + CLAIM).chapters
    assert (chapter.number, chapter.key, chapter.title) == (None, "open-questions", Words("Questions"))
    (section,) = chapter.sections
    assert (section.id, section.title, [claim.id for claim in section.claims]) == ("", Words("Questions"), ["even"])
    with pytest.raises(BadData, match=r"claims name sections that do not exist: \['9'\]"):
        _ = write(tmp_path, open_questions=f'{QUESTIONS}{CLAIM}section = "9"\n').chapters


def test_numbered_chapters_stand_first(tmp_path: Path) -> None:
    numbered = {f"n{number}": f"[chapter]\nnumber = {number}\ntitle = 'N'\n" for number in (10, 9)}
    article = write(tmp_path, **numbered, a=QUESTIONS, c=QUESTIONS, b=QUESTIONS)
    assert [chapter.key for chapter in article.chapters] == ["9", "10", "a", "b", "c"]
    assert {chapter.article for chapter in article.chapters} == {article.name}


def test_an_article_of_one_chapter_may_keep_its_claims_beside_its_settings(tmp_path: Path) -> None:
    article = write(tmp_path / "toys", own=QUESTIONS + CLAIM)
    assert [(chapter.folder, chapter.key) for chapter in article.chapters] == [(tmp_path / "toys", "toys")]


def test_an_id_that_stands_in_two_chapters_is_refused(tmp_path: Path) -> None:
    article = write(tmp_path, ch8=QUESTIONS + CLAIM, ch9=QUESTIONS + CLAIM)
    with pytest.raises(BadData, match="claim ids stand twice: even"):
        _ = article.chapters


def test_a_number_that_two_chapters_have_is_refused(tmp_path: Path) -> None:
    article = write(tmp_path, **dict.fromkeys(("a", "b"), "[chapter]\nnumber = 1\ntitle = 'N'\n"))
    with pytest.raises(BadData, match="chapters stand twice: 1"):
        _ = article.chapters


def test_two_articles_may_have_claims_with_one_id(tmp_path: Path) -> None:
    articles = [write(tmp_path / name, own=QUESTIONS + CLAIM) for name in ("toys", "games")]
    assert [claim.ref for article in articles for claim in article.claims] == ["toys:even", "games:even"]
