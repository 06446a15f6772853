"""The matrix for who looks for words, links to a row, and has no mouse."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.site_in_browser import open_page

pytest_plugins = ["tests.readers_site"]
PHONE = {"viewport": {"width": 360, "height": 800}}


def shown(page: Page) -> list[str]:
    return page.locator("tr[data-verdict]").locator("visible=true").locator("th a").all_inner_texts()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name"))


@pytest.mark.browser
@pytest.mark.parametrize("context", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(("folder", "words"), [("", "24-B note"), ("zh/", "24-b note")])
def test_words_narrow_the_matrix_and_stay_in_the_address(
    chromium: Browser, pages: Path, folder: str, words: str, context: dict[str, Any]
) -> None:
    page = open_page(chromium, pages, f"{folder}index", **context)
    page.locator("input[name=text]").press_sequentially(words)
    assert shown(page) == ["24-b"]
    assert page.locator("output").inner_text().split()[0] in ("1", "显示")
    again = chromium.new_context(**context).new_page()
    again.goto(page.url)
    assert shown(again) == ["24-b"]
    again.locator("button[type=reset]").click()
    again.wait_for_function("!location.hash")
    assert len(shown(again)) == 7


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_keyboard_reaches_the_first_row_in_five_stops(chromium: Browser, pages: Path, scripts: bool) -> None:
    page = open_page(chromium, pages, "index", java_script_enabled=scripts)
    for _ in range(5):
        page.keyboard.press("Tab")
        link = page.locator(":focus")
        if "skip" in (link.get_attribute("class") or ""):
            assert link.is_visible()
            page.keyboard.press("Enter")
        elif link.get_attribute("href") == "claims/1.1-a.html":
            break
    assert page.locator(":focus").get_attribute("href") == "claims/1.1-a.html"


@pytest.mark.browser
def test_arrows_move_from_row_to_row_and_pass_over_what_is_hidden(chromium: Browser, pages: Path) -> None:
    page = open_page(chromium, pages, "index")
    page.locator("input[name=text]").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "1.1-a"
    page.locator("select[name=verdict]").select_option("confirmed")
    page.locator("input[name=text]").focus()
    for key, expected in (
        ("ArrowDown", "1.1-d"),
        ("ArrowDown", "24-b"),
        ("ArrowDown", "24-b"),
        ("Home", "1.1-d"),
        ("End", "24-b"),
        ("ArrowUp", "1.1-d"),
        ("ArrowUp", "text"),
    ):
        page.keyboard.press(key)
        assert focused(page) == expected


@pytest.mark.browser
def test_a_row_can_be_linked_to(chromium: Browser, pages: Path) -> None:
    page = open_page(chromium, pages, "index")
    ids = page.locator("tr[data-verdict]").evaluate_all("rows => rows.map(row => row.id)")
    assert len(set(ids)) == len(ids) == 7
    assert ids[0] == "row-1-1-a"
    assert ids[-1] == "row-notes--24-c"
    page.goto(f"{(pages / 'index.html').as_uri()}#row-notes--24-c")
    assert len(shown(page)) == 7
    assert page.locator("#row-notes--24-c").evaluate("row => row.matches(':target')")
