"""The matrix of the start page in a browser: cells, filters, tiles, without a script, on a phone."""

from itertools import combinations
from pathlib import Path
from typing import Literal

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
    assert found == [["✓", "holds"], ["!", "broken"], ["–", "missing"], ["✓", "holds"]]
    shown = row.locator("td.cl-cell").locator("visible=true")
    columns = "cells => cells.map(cell => cell.colSpan).reduce((some, more) => some + more)"
    assert shown.evaluate_all(columns) == 7
    page.get_by_label("Show variants, too").check()
    assert shown.evaluate_all(columns) == 11


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
    page.get_by_label("Show variants, too").check()
    assert page.locator("thead .cl-variant").first.is_visible()


@pytest.mark.browser
def test_on_a_phone_the_matrix_needs_no_scrolling_at_all(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "index", viewport={"width": 360, "height": 800})
    box = page.locator(".cl-scroll", has=page.locator(".cl-matrix"))
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.locator("td.cl-cell .cl-mark").first.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "ledger"])
@pytest.mark.parametrize("width", [760, 1100, 1440])
def test_the_heads_of_columns_stay_in_view(browser: Browser, site: Path, name: str, width: int) -> None:
    page = open_page(browser, site, name, viewport={"width": width, "height": 260})
    table = page.locator("table.cl-matrix, table.cl-ledger")
    table.locator("tbody tr").last.evaluate("row => row.scrollIntoView({ block: 'center', behavior: 'instant' })")
    head = table.locator("thead th").first
    page.wait_for_function("head => head.getBoundingClientRect().top >= 0", arg=head.element_handle())
    top = head.evaluate("head => head.getBoundingClientRect().top")
    box = head.bounding_box()
    assert box is not None
    hit = "([x, y]) => document.elementFromPoint(x, y).closest('thead') !== null"
    assert page.evaluate(hit, [box["x"] + 3, top + box["height"] / 2]), "nothing lies on it"


NARROW = [{"viewport": {"width": 360, "height": 800}}, {"viewport": {"width": 718, "height": 1000}}]
"""A phone, and what of A4 is printed on."""


@pytest.mark.browser
@pytest.mark.parametrize("narrow", NARROW, ids=["phone", "print"])
@pytest.mark.parametrize("folder", ["", "zh/"])
def test_on_a_phone_and_on_paper_filters_filter(
    browser: Browser, site: Path, folder: str, narrow: dict[str, dict[str, int]]
) -> None:
    page = open_page(browser, site, f"{folder}index", **narrow)
    rows = page.locator("tr[data-verdict]").locator("visible=true")
    assert rows.count() == len(CLAIMS)
    page.locator("select[name=outcome]").select_option("void")
    assert rows.count() == 1
    page.emulate_media(media="print")
    assert rows.count() == 1


@pytest.mark.browser
@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("narrow", NARROW, ids=["phone", "print"])
def test_on_a_phone_and_on_paper_cells_say_their_release_and_nothing_lies_on_anything(
    browser: Browser, site: Path, narrow: dict[str, dict[str, int]], media: Literal["screen", "print"]
) -> None:
    page = open_page(browser, site, "index", **narrow)
    page.emulate_media(media=media)
    row = page.locator("table.cl-matrix tbody tr", has_text="1.1-a")
    said = row.locator("td.cl-cell").evaluate_all(
        "cells => cells.filter(cell => cell.offsetParent).map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert said == ['"1.21 – 1.25"', '"1.26"', '"1.27"']
    boxes = page.locator("table.cl-matrix").evaluate(
        """table => [...table.querySelectorAll("tr[data-verdict]")].map(row =>
            [...row.querySelectorAll("th a, .cl-badge, .cl-cell .cl-mark")].filter(one => one.offsetParent)
                .map(one => one.getBoundingClientRect()).map(box => [box.left, box.top, box.right, box.bottom]))"""
    )
    assert len(boxes) == len(CLAIMS)
    for of_row in boxes:
        for one, other in combinations(of_row, 2):
            apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
            assert apart, (one, other)


@pytest.mark.browser
def test_on_a_phone_a_claim_can_be_hit_with_a_finger(browser: Browser, site: Path) -> None:
    """24 pixels are the least (WCAG 2.2, 2.5.8)."""
    page = open_page(browser, site, "index", viewport={"width": 360, "height": 800})
    for link in page.locator("table.cl-matrix tbody tr[data-verdict] th a").all():
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
