"""The matrix of the start page in a browser: cells, filters, tiles, without a script, on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.site_in_browser import CLAIMS, open_page

pytest_plugins = ["tests.site_in_browser"]


@pytest.mark.browser
@pytest.mark.parametrize("folder", ["", "zh/"])
def test_every_row_of_the_matrix_leads_to_its_claim(browser: Browser, site: Path, folder: str) -> None:
    page = open_page(browser, site, f"{folder}index")
    links = page.locator("table.cl-matrix tbody tr[data-verdict] th a")
    assert links.all_inner_texts() == CLAIMS
    for href in links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        assert open_page(browser, site, f"{folder}{href.removesuffix('.html')}").locator("h1").is_visible()


@pytest.mark.browser
def test_cells_of_the_matrix_say_their_outcome_in_words_and_signs(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "index")
    row = page.locator("table.cl-matrix tbody tr", has_text="1.1-a")
    found = [text.split() for text in row.locator("td.cl-cell .cl-mark").all_text_contents()]
    assert found == 9 * [["✓holds"]] + [["!broken"], ["–missing"]]
    shown = row.locator("td.cl-cell").locator("visible=true")
    assert shown.count() == 7
    page.get_by_label("with an experiment switched off").check()
    assert shown.count() == 11


@pytest.mark.browser
def test_filters_are_kept_in_the_address(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "index")
    rows = page.locator("tr[data-verdict]").locator("visible=true")
    assert rows.count() == len(CLAIMS)
    page.get_by_label("Outcome there").select_option("void")
    assert rows.count() == 1
    assert page.url.endswith("#outcome=void")
    page.get_by_role("combobox", name="Go release").select_option("1.24")
    assert page.url.endswith("#go=1.24&outcome=void")
    again = browser.new_context().new_page()
    again.goto(page.url)
    assert again.locator("tr[data-verdict]").locator("visible=true").all_inner_texts() == rows.all_inner_texts()
    assert again.get_by_role("combobox", name="Go release").input_value() == "1.24"
    again.wait_for_function("document.querySelector('.cl-matrix-box').getBoundingClientRect().top < innerHeight / 2")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("!location.hash")
    assert rows.count() == len(CLAIMS)


@pytest.mark.browser
def test_a_tile_leads_to_the_claims_it_counts(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "index")
    page.locator(".cl-tiles a", has_text="inconclusive").click()
    assert page.get_by_label("Verdict").input_value() == "inconclusive"
    shown = page.locator("tr[data-verdict]").locator("visible=true").count()
    assert str(shown) == page.locator(".cl-tiles a", has_text="inconclusive").locator(".cl-number").inner_text()


@pytest.mark.browser
def test_without_a_script_every_row_is_shown_and_no_form(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "index", java_script_enabled=False)
    assert page.locator("tr[data-verdict]").locator("visible=true").count() == len(CLAIMS)
    assert page.locator("#cl-filters").is_hidden()
    page.get_by_label("with an experiment switched off").check()
    assert page.locator("thead .cl-variant").first.is_visible()


@pytest.mark.browser
def test_on_a_phone_the_matrix_needs_no_scrolling_at_all(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "index", viewport={"width": 360, "height": 800})
    box = page.locator(".cl-scroll", has=page.locator(".cl-matrix"))
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.locator("td.cl-cell .cl-mark").first.is_visible()
