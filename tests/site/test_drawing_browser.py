"""Pictures of all kinds in a browser: on a wide page and on a phone, light and dark, without a script, on paper."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
from playwright.sync_api import Browser, Page
from tests.conftest import NoBenches
from tests.ours import write_project
from tests.picture_samples import SAMPLES
from tests.site.test_pages_browser import CONTRASTS, THEMES
from tests.toy_project import JUDGES, LAB, Project

from claimlab.trials.lab import LabFolder

pytest_plugins = ["tests.site_in_browser"]

PICTURES = """
from tests.picture_samples import SAMPLES, words

from claimlab.pictures import Declared, Pictures

pictures = Pictures(
    [
        Declared(name.replace(" ", "-"), ("9.1-a",), words(f"The kind: {name}"), lambda seen, one=sample: one)
        for name, sample in SAMPLES.items()
    ]
)
"""
VISIBLE = "svg => svg.getClientRects().length > 0"
OUTSIDE = """svg => {
  const frame = svg.getBoundingClientRect(), found = []
  for (const shape of svg.querySelectorAll('*')) {
    const box = shape.getBoundingClientRect()
    const out = Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom)
    if (out > 2) found.push([out, shape.outerHTML.slice(0, 120)])
  }
  return found
}"""
OVERLAPPING = """svg => {
  const texts = [...svg.querySelectorAll('text')].map(text => [text.getBoundingClientRect(), text.textContent])
  const found = []
  texts.forEach(([one, says], number) => texts.slice(number + 1).forEach(([other, also]) => {
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left)
    const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
    if (wide > 1.5 && high > 4) found.push([says, also])
  }))
  return found
}"""
LETTERS = """svg => [...svg.querySelectorAll('text')].map(text =>
  [parseFloat(text.getAttribute('font-size')) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
   text.textContent])"""
INKS = """svg => {
  const rgb = colour => (colour.match(/[\\d.]+/g) || []).map(Number)
  const light = colour => {
    const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const page = rgb(getComputedStyle(document.body).backgroundColor)
  return [...svg.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2
    let ground = page
    for (const rect of svg.querySelectorAll('rect')) {
      const style = getComputedStyle(rect), area = rect.getBoundingClientRect()
      const covers = area.left <= x && x <= area.right && area.top <= y && y <= area.bottom
      if (covers && style.fill !== 'none') {
        const share = parseFloat(style.fillOpacity)
        ground = rgb(style.fill).map((part, at) => share * part + (1 - share) * ground[at])
      }
    }
    const lights = [light(rgb(getComputedStyle(text).fill)), light(ground)].sort((a, b) => b - a)
    return [(lights[0] + 0.05) / (lights[1] + 0.05), text.textContent]
  })
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pictures")
    folder = root / "labs" / "ch9_toys" / "toy"
    folder.mkdir(parents=True)
    for name, text in {
        "lab.py": LAB,
        "judges.py": JUDGES,
        "pictures.py": PICTURES,
        "main.go": "package main\n",
    }.items():
        (folder / name).write_text(text)
    project = Project(root, LabFolder(folder, write_project(root)), NoBenches("site"))
    project.put_all()
    built = project.build()
    assert built.warnings == ""
    return built.out


def opened(browser: Browser, site: Path, width: int = 1200, **context: Any) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    page.goto(f"{(site / 'labs' / 'toy').as_uri()}.html")
    return page


def drawings(page: Page) -> list[Any]:
    return [svg for svg in page.locator("svg.cl-drawing").element_handles() if svg.evaluate(VISIBLE)]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "shown"), [(360, "narrow"), (1200, "wide")])
def test_the_drawing_for_this_width_is_shown_and_only_that(
    browser: Browser, site: Path, width: int, shown: str
) -> None:
    found = drawings(opened(browser, site, width))
    assert len(found) == len(SAMPLES) - 1  # code is text
    assert {svg.get_attribute("class") for svg in found} == {f"cl-drawing cl-{shown}"}


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 430, 620, 1024, 1440])
def test_a_picture_never_makes_a_page_scroll_sideways(browser: Browser, site: Path, width: int) -> None:
    page = opened(browser, site, width)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator("figure.cl-picture").element_handles():
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth + 1")


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1200])
def test_everything_is_within_its_frame_apart_from_each_other_and_large_enough(
    browser: Browser, site: Path, width: int
) -> None:
    for svg in drawings(opened(browser, site, width)):
        label = (svg.get_attribute("aria-label") or "")[:40]
        assert svg.evaluate(OUTSIDE) == [], label
        assert svg.evaluate(OVERLAPPING) == [], label
        assert [letters for letters in svg.evaluate(LETTERS) if letters[0] < 7.8] == [], label


@pytest.mark.browser
def test_the_checks_see_what_they_look_for(browser: Browser, site: Path) -> None:
    svg = drawings(opened(browser, site))[0]
    svg.evaluate("svg => { svg.querySelector('text').setAttribute('x', -40) }")
    assert svg.evaluate(OUTSIDE)
    svg.evaluate(
        "svg => { const [one, other] = svg.querySelectorAll('text');"
        " for (const at of ['x', 'y']) other.setAttribute(at, one.getAttribute(at)) }"
    )
    assert svg.evaluate(OVERLAPPING)
    svg.evaluate("svg => { svg.querySelector('text').style.fill = '#999' }")
    assert min(ratio for ratio, _ in svg.evaluate(INKS)) < 4.5


@pytest.mark.browser
@pytest.mark.parametrize(("system", "chosen"), THEMES)
def test_every_letter_has_enough_contrast(browser: Browser, site: Path, system: Any, chosen: str) -> None:
    page = opened(browser, site, color_scheme=system)
    page.evaluate("theme => { document.body.dataset.theme = theme }", chosen)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert [(round(ratio, 2), where) for ratio, where in page.evaluate(CONTRASTS) if ratio < 4.5] == []
    found = [ink for svg in drawings(page) for ink in svg.evaluate(INKS)]
    assert len(found) > 100
    assert [(round(ratio, 2), says) for ratio, says in found if ratio < 4.5] == []


@pytest.mark.browser
def test_words_tables_and_data_are_there_without_a_script(browser: Browser, site: Path) -> None:
    page = opened(browser, site, java_script_enabled=False)
    for figure in page.locator("figure.cl-picture").all():
        assert not figure.locator("table").is_visible()
        figure.locator("summary").click()
        assert figure.locator("table").is_visible()
        assert len(figure.locator(".cl-told > p").inner_text()) > 20
        address = figure.locator("a.cl-picture-data").evaluate("link => link.href")
        assert Path(unquote(urlparse(address).path)).is_file()


@pytest.mark.browser
def test_on_paper_there_is_the_drawing_and_nothing_to_click(browser: Browser, site: Path) -> None:
    page = opened(browser, site, color_scheme="dark")
    page.emulate_media(media="print")
    assert len(drawings(page)) == len(SAMPLES) - 1
    assert not page.locator("figure summary").first.is_visible()
    ink = page.locator("svg.cl-wide text").first.evaluate("text => getComputedStyle(text).fill")
    assert ink == "rgb(0, 0, 0)"
