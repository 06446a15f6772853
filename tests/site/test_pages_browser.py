"""How the site looks and behaves in a browser."""

import csv
import json
import re
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.site_in_browser import CLAIMS, open_page

pytest_plugins = ["tests.site_in_browser"]

THEMES: list[tuple[Literal["light", "dark"], str]] = [
    ("light", "auto"),
    ("dark", "auto"),
    ("light", "dark"),
    ("dark", "light"),
]
"""What the system prefers, and what the reader has chosen."""
CONTRASTS = """() => {
  const rgb = colour => (colour.match(/[\\d.]+/g) || []).map(Number)
  const light = colour => {
    const [r, g, b] = rgb(colour).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor, alpha = rgb(colour)[3]
      if (alpha === undefined || alpha === 1) return colour
    }
    return getComputedStyle(document.documentElement).backgroundColor
  }
  const found = []
  for (const element of document.querySelectorAll('article *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
    if (!own || !element.checkVisibility() || element.matches('.headerlink, .copybtn *')) continue
    const inks = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a)
    const ratio = (inks[0] + 0.05) / (inks[1] + 0.05)
    found.push([ratio, `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`])
  }
  return found.sort((a, b) => a[0] - b[0])
}"""


PAGES = (
    "index",
    "chapters/1",
    "claims/1.1-a",
    "labs/colours",
    "releases/1.24",
    "ledger",
    "compare/1.23-1.24",
    "log/index",
    "articles/labs",
    "404",
    "verdicts",
    "write-a-lab",
    "reference/labs",
    "reference/instruments",
    "reference/instruments-binaries",
    "reference/commands",
    "reference/record",
    "zh/index",
    "zh/claims/1.1-b",
)


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_pages_load_from_disk_without_a_request_elsewhere_or_a_complaint(
    browser: Browser, site: Path, name: str
) -> None:
    page = browser.new_context().new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{(site / name).as_uri()}.html", wait_until="networkidle")
    assert requests
    assert [url for url in requests if not url.startswith(("file://", "data:"))] == []
    assert complaints == []


def test_no_page_uses_a_foreign_host(site: Path) -> None:
    """A reader may be led elsewhere by a link; nothing else of a page comes from there."""
    for path in site.rglob("*.html"):
        kept = re.sub(r"<a\b[^>]*>", "", path.read_text())
        uses = re.findall(r"""<[^>]*?(?:src|href|srcset|action|data)=["']?((?:https?:)?//[^"' >]+)""", kept)
        assert uses == [], path
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", kept), path


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "other"),
    [("index", "zh/index"), ("claims/1.1-a", "zh/claims/1.1-a"), ("zh/labs/colours", "labs/colours")],
)
def test_every_page_leads_to_itself_in_the_other_language(browser: Browser, site: Path, name: str, other: str) -> None:
    page = open_page(browser, site, name)
    page.locator(".cl-language a").click()
    assert page.url == f"{(site / other).as_uri()}.html"
    assert page.locator("html").get_attribute("lang") == ("zh-CN" if other.startswith("zh") else "en")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("folder", "query", "found"),
    [
        ("", "outcome of this claim is void", "claims/1.1-c.html"),
        ("", "mapassign_fast64", "claims/1.1-a.html"),
        ("zh/", "这一条的结果", "claims/1.1-a.html"),
        ("zh/", "结果", "claims/1.1-d.html"),
        ("zh/", "果", "claims/1.1-d.html"),
        ("zh/", "mapassign_fast64", "claims/1.1-b.html"),
    ],
)
def test_search_finds_claims_in_both_languages(
    browser: Browser, site: Path, folder: str, query: str, found: str
) -> None:
    page = browser.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{(site / folder / 'search').as_uri()}.html?q={quote(query)}")
    page.locator("#search-results li a").first.wait_for()
    links = page.locator("#search-results li a").evaluate_all("links => links.map(link => link.href)")
    assert any(f"/{folder}{found}" in link for link in links), links
    assert complaints == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("folder", "query", "first", "verdict"),
    [
        ("", "claim outcome void", "claims/1.1-c.html", "inconclusive"),
        ("", "fails outcome", "claims/1.1-b.html", "inconclusive"),
        ("zh/", "这一条的结果", "claims/1.1-", ""),
    ],
)
def test_the_first_hit_is_what_was_meant_with_its_verdict_and_a_line(
    browser: Browser, site: Path, folder: str, query: str, first: str, verdict: str
) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{(site / folder / 'search').as_uri()}.html?q={quote(query)}")
    hit = page.locator("#search-results li").first
    hit.wait_for()
    assert first in (hit.locator("a").get_attribute("href") or "")
    assert hit.inner_text().startswith(verdict or hit.locator(".cl-badge").inner_text())
    assert hit.locator(".cl-hit").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.browser
def test_chinese_pages_are_chinese_around_the_text_too(browser: Browser, site: Path) -> None:
    page = open_page(browser, site, "zh/claims/1.1-a")
    around = page.locator("body").inner_text()
    assert "由测量记录生成" in around
    assert "Built from" not in around
    assert "回到顶部" in (page.locator(".back-to-top").text_content() or "")


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_that_keeps_a_reader_out(browser: Browser, site: Path, name: str) -> None:
    page = open_page(browser, site, name)
    # The theme's own skip link and drawers are outside of the article, which is ours.
    found = Axe().run(page, context="article", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert [
        (one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found.response["violations"]
    ] == []


@pytest.mark.browser
@pytest.mark.parametrize("folder", ["", "zh/"])
def test_no_link_is_broken(site: Path, folder: str) -> None:
    pages = {path: path.read_text() for path in (site / folder).rglob("*.html") if folder or "zh" not in path.parts}
    broken = []
    for path, text in pages.items():
        for href in re.findall(r'<a\b[^>]*?href="([^"#?]+)[^"]*"', text):
            if not href.startswith(("http", "mailto")) and not (path.parent / unquote(href)).exists():
                broken.append((str(path.relative_to(site)), href))
    assert broken == []


@pytest.mark.browser
def test_the_ledger_can_be_downloaded_as_data(site: Path) -> None:
    rows = json.loads((site / "ledger.json").read_text())
    lines = list(csv.DictReader((site / "ledger.csv").read_text().splitlines()))
    assert [row["id"] for row in rows] == [line["id"] for line in lines] == CLAIMS
    assert lines[1]["1.21.13"] == rows[1]["outcomes"]["1.21.13"] == "fails"
    assert lines[1]["zh"] == rows[1]["says"]["zh"]
    assert "**1.1-c**" in (site / "ledger.md").read_text()


@pytest.mark.browser
def test_pages_can_be_read_without_javascript(browser: Browser, site: Path) -> None:
    claim = open_page(browser, site, "claims/1.1-a", java_script_enabled=False)
    assert claim.get_by_text("the right answer is").first.is_visible()
    page = open_page(browser, site, "labs/colours", java_script_enabled=False)
    for text in ("Which colours are there?", "1.1-a", "package main"):
        assert page.get_by_text(text).first.is_visible()
    assert page.get_by_text("(gdb) run").locator("visible=true").count() == 1
    page.locator("#lab-colours-session label", has_text="1.21.13").click()
    assert page.get_by_text("(gdb) run").locator("visible=true").count() == 1
    page.locator("summary", has_text="Session").click()
    assert page.get_by_text("(gdb) run").locator("visible=true").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_all_text_has_enough_contrast(browser: Browser, site: Path, name: str) -> None:
    page = open_page(browser, site, name)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    for system, chosen in THEMES:
        page.emulate_media(color_scheme=system)
        page.evaluate("theme => { document.body.dataset.theme = theme }", chosen)
        found = page.evaluate(CONTRASTS)
        assert len(found) >= 5
        assert [(system, chosen, round(ratio, 2), where) for ratio, where in found if ratio < 4.5] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(browser: Browser, site: Path, name: str) -> None:
    page = open_page(browser, site, name)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    for width in (360, 760, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.content').scrollWidth") <= width
