"""Two releases beside each other as a reader has them: on a wide screen, on a phone, on paper, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.site_in_browser import open_page

pytest_plugins = ["tests.readers_site"]
PHONE = {"viewport": {"width": 360, "height": 800}}
PAPER = {"viewport": {"width": 718, "height": 1000}}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("folder", "first", "cause"),
    [
        ("", "True before, false now (1)", "maps became Swiss tables (1)"),
        ("zh/", "以前成立，现在不成立 (1)", "map 改用了 Swiss 表 (1)"),
    ],
)
def test_what_is_true_no_longer_comes_first_and_what_is_gone_is_folded_under_its_cause(
    chromium: Browser, pages: Path, folder: str, first: str, cause: str
) -> None:
    page = open_page(chromium, pages, f"{folder}compare/1.23-1.26", java_script_enabled=False)
    assert page.locator("h2").first.inner_text().startswith(first)
    assert page.locator(".cl-card .cl-id").all_inner_texts() == ["1.1-a"]
    gone = page.locator("details", has_text=cause)
    assert gone.locator(".cl-id").is_hidden()
    gone.locator("summary").click()
    assert gone.locator(".cl-id").is_visible()


@pytest.mark.browser
def test_the_new_type_lies_beside_the_one_whose_place_it_took_and_below_it_on_a_phone(
    chromium: Browser, pages: Path
) -> None:
    for context, beside in (({}, True), (PHONE, False)):
        page = open_page(chromium, pages, "compare/1.23-1.26", **context)
        old, new = (page.locator(".cl-beside > div").nth(place).bounding_box() for place in (0, 1))
        assert old is not None and new is not None
        assert (old["y"] == new["y"]) is beside
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "runtime.hmap" in page.locator(".cl-beside > div").nth(0).inner_text()
    assert "In the place of runtime.hmap: 40 bytes." in page.locator(".cl-beside > div").nth(1).inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("folder", ["", "zh/"])
def test_on_paper_nothing_is_folded_away(chromium: Browser, pages: Path, folder: str) -> None:
    page = open_page(chromium, pages, f"{folder}compare/1.23-1.26", **PAPER)
    page.emulate_media(media="print")
    box = page.locator("details.cl-printed li").first.bounding_box()
    assert box is not None
    assert box["height"] > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 718


@pytest.mark.browser
def test_every_pair_is_reached_from_the_start_page_by_way_of_one_table(chromium: Browser, pages: Path) -> None:
    page = open_page(chromium, pages, "index", java_script_enabled=False)
    page.locator(".sidebar-tree a", has_text="Compare two releases").click()
    links = page.locator(".cl-pairs td a")
    assert links.count() == 21
    page.get_by_role("link", name="Go 1.23 beside Go 1.26: 1").click()
    assert page.locator("h1").inner_text().startswith("Go 1.23 beside Go 1.26")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["compare/1.23-1.24", "zh/compare/1.23-1.24", "releases/1.24"])
def test_each_count_leads_to_as_many_claims(chromium: Browser, pages: Path, name: str) -> None:
    """What is claimed about a release is in none of the counts of turns, and the page says so."""
    page = open_page(chromium, pages, name, java_script_enabled=False)
    jumps = page.locator(".cl-jumps a")
    counted = {one.get_attribute("href"): int(one.locator("strong").inner_text()) for one in jumps.all()}
    assert counted["#about-1-24"] == 3
    for target, count in counted.items():
        heading = page.locator(f"h2[id='{(target or '')[1:]}']")
        assert heading.count() == (count > 0 or target == "#lost")
        if heading.count():
            assert heading.inner_text().rstrip("¶").endswith(f"({count})")
    assert page.locator(".cl-jumps + .cl-where").count() == 1


def test_a_page_says_the_command_that_says_the_same(pages: Path) -> None:
    assert "<code>claimlab compare 1.23 1.26</code>" in (pages / "compare/1.23-1.26.html").read_text(encoding="utf-8")


@pytest.mark.browser
def test_the_start_page_presents_every_article(chromium: Browser, pages: Path) -> None:
    page = open_page(chromium, pages, "index", java_script_enabled=False)
    cards = page.locator(".cl-articles > li")
    assert [text.split("\n")[0] for text in cards.all_inner_texts()] == ["Toys (en)", "Toys (en)"]
    assert "4 claims" in cards.nth(0).inner_text()
    cards.nth(1).locator("a").first.click()
    assert page.url.endswith("articles/notes.html")


@pytest.mark.browser
def test_the_page_of_a_release_gathers_what_all_articles_say_of_it(chromium: Browser, pages: Path) -> None:
    page = open_page(chromium, pages, "releases/1.24", java_script_enabled=False)
    assert page.locator("table", has_text="By article").locator("tbody tr").count() == 2
    assert page.locator("#about-1-24").inner_text() == "What is claimed about Go 1.24 (3)"
    text = page.locator("article").inner_text()
    for said in ("True now, and not before (1)", "True before, too (1)", "It was so before, too.", "Not known (1)"):
        assert said in text, said
    assert "What is claimed about" not in open_page(chromium, pages, "releases/1.25").locator("article").inner_text()
