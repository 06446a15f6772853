"""Claims in an author's own text: each sentence with its verdict, in real builds of a project of two pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.prose_project import CHECKS, ProseProject
from tests.site.test_pages_browser import CONTRASTS
from tests.site_in_browser import launched, open_page

from claimlab.project.project import load
from claimlab.trials.lab import find_labs

pytest_plugins = ["tests.toy_project", "tests.prose_project"]

OURS = {"index", "checks", "more", "claims/n-even", "claims/n-positive", "claims/n.unasked", "claims/n-secret"}
BADGE = re.compile(
    r'<a class="cl-here cl-badge cl-([\w-]+)" href="([^"]+)" aria-label="([^"]+)" title="\3">([^<]+)</a>'
)
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid ""
"Some say much. {claimlab:says}``The number `n` is even. <n-even>`` Others say nothing."
msgstr "众说纷纭。{claimlab:says}``数字 `n` 是偶数。 <n-even>`` 也有人不说。"
"""


def badges(page: str) -> list[tuple[str, str, str, str]]:
    """The kind, the link, the words for who cannot see it, and what is seen."""
    return BADGE.findall(page)


def test_a_sentence_has_its_verdict_where_it_stands(prose: ProseProject) -> None:
    prose.put_everywhere(2)
    built = prose.build()
    assert built.warnings == ""
    even, unasked = badges(built.page("checks"))
    words = "confirmed: holds on every release tested"
    assert even == ("confirmed", "claims/n-even.html", words, "confirmed")
    assert unasked == ("pending", "claims/n.unasked.html", "pending: no lab asks this yet", "pending")
    assert "Some say much. The number n is even. confirmed Others say nothing." in built.text("checks")


def test_restructured_text_has_it_too_and_keeps_its_markup(prose: ProseProject) -> None:
    prose.put_everywhere(2)
    page = prose.build().page("more")
    positive, secret = badges(page)
    assert positive[:2] == ("confirmed", "claims/n-positive.html")
    assert secret[2:] == ("untestable: The secret is not public.", "untestable")
    assert re.search(r'<div class="cl-marked docutils container" id="claim-n-positive">', page)
    assert "<em>greater</em> than zero. <a" in page


def test_a_badge_turns_when_the_outcome_turns(prose: ProseProject) -> None:
    prose.put_everywhere(2)
    assert prose.build().read >= OURS
    assert prose.build().read == set()
    prose.put("1.27.3", 5)
    built = prose.build()
    assert built.read & OURS == {"checks", "claims/n-even"}
    words = "version-dependent: holds on 1.21 – 1.26, fails on 1.27"
    assert badges(built.page("checks"))[0] == ("version-dependent", "claims/n-even.html", words, "version-dependent")
    assert badges(built.page("more"))[0][0] == "confirmed"
    prose.put("1.27.3", 2)
    assert badges(prose.build().page("checks"))[0][0] == "confirmed"


def test_the_page_of_a_claim_leads_back_to_its_sentence(prose: ProseProject) -> None:
    prose.put_everywhere(2)
    built = prose.build()
    assert 'href="../checks.html#claim-n-even"' in built.page("claims/n-even")
    assert 'id="claim-n-even"' in built.page("checks")
    assert "n-even The number n is even. ¶ Read as Even means divisible by two. About numbers" in built.text(
        "claims/n-even"
    )
    assert "It is even since 1.24." in built.text("claims/n-even")
    assert not (prose.root / "docs" / "chapters").exists()
    assert 'href="../checks.html"' in built.page("articles/labs")


def test_a_chinese_page_says_what_is_english_and_has_chinese_verdicts(prose: ProseProject) -> None:
    prose.put_everywhere(2)
    built = prose.build(language="zh_CN")
    assert built.warnings == ""
    assert badges(built.page("checks"))[0][2:] == ("属实：在所有受测版本上成立", "属实")
    assert '<span class="cl-marked" id="claim-n-even" lang="en">' in built.page("checks")
    assert 'id="claim-n-positive" lang="en"' in built.page("more")


def test_a_translated_sentence_keeps_its_verdict(prose: ProseProject) -> None:
    prose.put_everywhere(2)
    where = prose.root / "docs" / "locale" / "zh_CN" / "LC_MESSAGES"
    where.mkdir(parents=True)
    (where / "checks.po").write_text(CATALOGUE)
    page = prose.build(language="zh_CN", locale_dirs=["locale"], gettext_compact=False).page("checks")
    assert '<span class="cl-marked" id="claim-n-even">数字' in page
    assert [badge[0] for badge in badges(page)] == ["confirmed", "pending"]


def test_a_page_that_no_article_names_says_what_to_add(prose: ProseProject) -> None:
    prose.page("notes.md", "---\norphan: true\n---\n# Notes\n\n{claimlab:says}`It is so. <n-so>`\n")
    built = prose.build()
    assert "notes.md:6: WARNING: this page is in no article, so nothing is known of n-so" in built.warnings
    assert 'put it into an article.toml, pages = ["notes.md"]' in built.warnings
    assert "It is so." in built.text("notes")


def test_a_claim_that_was_not_found_in_the_page_is_a_warning(prose: ProseProject) -> None:
    prose.page("part.txt", "{claimlab:says}`It is included. <n-in>`\n")
    prose.page("checks.md", f"{CHECKS}\n```{{include}} part.txt\n```\n")
    assert "the article labs has no claim n-in: claims are found in the page's own text" in prose.build().warnings


@pytest.mark.parametrize("sentence", ["It has no id.", "It has a bad one. <n even>"])
def test_a_mark_that_cannot_be_read_stops_the_build_with_its_place(prose: ProseProject, sentence: str) -> None:
    prose.page("checks.md", f"# A\n\nx\n{{claimlab:says}}`{sentence}`\n")
    with pytest.raises(Exception, match=r"checks\.md: line 4: .* id"):
        prose.build()


def test_labs_lie_in_the_folder_of_the_article(prose: ProseProject) -> None:
    (lab,) = find_labs(load(prose.root))
    assert lab.is_found
    assert lab.chapter is None  # two pages share it
    assert lab.path == Path(prose.root / "labs" / "toy")


def test_labs_are_listed_under_the_page_whose_claims_they_judge(prose: ProseProject) -> None:
    prose.page("index.md", "# Toys\n\n```{claimlab:labs}\n```\n\n```{claimlab:matrix}\n```\n")
    prose.put_everywhere(2)
    text = prose.build().text("index")
    assert "About numbers toy Is the toy's number even?" in text
    assert "More about numbers n-positive The number n is greater than zero." in text


# In a browser


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.mark.browser
def test_badges_can_be_read_in_both_themes_and_on_a_phone(opened: Browser, prose: ProseProject) -> None:
    prose.put_everywhere(2)
    prose.put("1.27.3", 5)
    out = prose.build().out
    for theme in ("light", "dark"):
        for name in ("checks", "more"):
            page = open_page(opened, out, name, viewport={"width": 320, "height": 640}, color_scheme=theme)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert [(ratio, what) for ratio, what in page.evaluate(CONTRASTS) if ratio < 4.5] == []
            badge = page.locator(".cl-here").first
            assert badge.bounding_box()["height"] < 40  # type: ignore[index]
            assert badge.evaluate("badge => getComputedStyle(badge).textDecorationLine") == "none"
            page.context.close()
