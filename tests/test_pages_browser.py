"""How the site looks and behaves in a browser."""

import re
import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils
from tests.colours_lab import JUDGED, ReadOnly, write_lab, write_record

from claimlab.places import DOCS
from claimlab.record import Record

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
THEMES = [("light", "auto"), ("dark", "auto"), ("light", "dark"), ("dark", "light")]
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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real pages, of a lab that shows every outcome."""
    root = tmp_path_factory.mktemp("site")
    copytree(DOCS, root / "docs", ignore=ignore_patterns("_build", "chapters", "labs"))
    write_record(Record(root / "record"), write_lab(root / "labs_here"))
    settings = {"claimlab_engine": ReadOnly(), "claimlab_labs": "../labs_here", "claimlab_record": "../record"}
    said = StringIO()
    docs, out = root / "docs", root / "out"
    with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
        warnings.simplefilter("ignore")
        Sphinx(docs, docs, out, root / "trees", "html", settings, status=None, warning=said).build()
    assert said.getvalue() == ""
    return out


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


PAGES = ("index", "chapters/1", "labs/colours", "verdicts")


def _open(browser: Browser, site: Path, name: str, **context: Any) -> Page:
    page = browser.new_context(**context).new_page()
    page.goto(f"{(site / name).as_uri()}.html")
    return page


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


def test_no_page_names_a_foreign_host(site: Path) -> None:
    for path in site.rglob("*.html"):
        hosts = set(re.findall(r"(?:https?:)?//([\w.-]+\.\w+)", path.read_text()))
        assert hosts <= {"www.w3.org"}, path  # the namespace of SVG


@pytest.mark.browser
def test_every_row_of_the_matrix_leads_to_its_claim(browser: Browser, site: Path) -> None:
    page = _open(browser, site, "index")
    links = page.locator("table.cl-matrix th.cl-claim a")
    assert links.all_inner_texts() == [f"1.1-{letter}" for letter in JUDGED]
    for href in links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        target, _, anchor = href.partition("#")
        assert _open(browser, site, target.removesuffix(".html")).locator(f"#{anchor}").is_visible()


@pytest.mark.browser
def test_cells_of_the_matrix_say_their_outcome_in_words_and_signs(browser: Browser, site: Path) -> None:
    page = _open(browser, site, "index")
    row = page.locator("table.cl-matrix tbody tr", has_text="1.1-a")
    found = [text.split() for text in row.locator("td .cl-mark").all_inner_texts()]
    assert found == 9 * [["✓", "holds"]] + [["!", "broken"], ["–", "missing"]]


@pytest.mark.browser
def test_pages_can_be_read_without_javascript(browser: Browser, site: Path) -> None:
    page = _open(browser, site, "labs/colours", java_script_enabled=False)
    for text in ("Which colours are there?", "1.1-a", "The right answer is", "package main"):
        assert page.get_by_text(text).first.is_visible()
    assert page.get_by_text("(gdb) run").locator("visible=true").count() == 1
    page.locator("#lab-colours-session label", has_text="1.21.13").click()
    assert page.get_by_text("(gdb) run").locator("visible=true").count() == 1
    page.locator("summary", has_text="Session").click()
    assert page.get_by_text("(gdb) run").locator("visible=true").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    ("system", "chosen"), [("light", "auto"), ("dark", "auto"), ("light", "dark"), ("dark", "light")]
)
@pytest.mark.parametrize("name", PAGES)
def test_all_text_has_enough_contrast(browser: Browser, site: Path, name: str, system: Any, chosen: str) -> None:
    page = _open(browser, site, name, color_scheme=system)
    page.evaluate("theme => { document.body.dataset.theme = theme }", chosen)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    found = page.evaluate(CONTRASTS)
    assert len(found) > 10
    assert [(round(ratio, 2), where) for ratio, where in found if ratio < 4.5] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [360, 760, 1024, 1440])
def test_no_page_scrolls_sideways(browser: Browser, site: Path, name: str, width: int) -> None:
    page = _open(browser, site, name, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.content').scrollWidth") <= width


@pytest.mark.browser
def test_on_a_phone_the_matrix_needs_no_scrolling_at_all(browser: Browser, site: Path) -> None:
    page = _open(browser, site, "index", viewport={"width": 360, "height": 800})
    box = page.locator(".cl-scroll", has=page.locator(".cl-matrix"))
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.locator("td .cl-cell-name", has_text="+noswissmap").first.is_visible()
