"""The real pages of a lab that shows every outcome, and a browser; asked for with ``pytest_plugins``.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils
from tests.colours_lab import ReadOnly, write_lab, write_record
from tests.ours import OUR

from claimlab.site.stubs import FOLDERS
from claimlab.trials.record import Record

CLAIMS = [f"1.1-{letter}" for letter in "abcdef"]
"""Those that are judged, one that nobody asks, and one that cannot be tested."""
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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real pages in both languages, of a lab that shows every outcome."""
    root = tmp_path_factory.mktemp("site")
    copytree(OUR.docs, root / "docs", ignore=ignore_patterns("_build", *FOLDERS))
    write_record(Record(root / "record"), write_lab(root))
    settings = {"claimlab_engine": ReadOnly(OUR)}
    for language, folder in {"en": ".", "zh_CN": "zh"}.items():
        said = StringIO()
        docs, out, trees = root / "docs", root / "out" / folder, root / "trees" / language
        with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
            warnings.simplefilter("ignore")
            here = {**settings, "language": language}
            Sphinx(docs, docs, out, trees, "html", here, status=None, warning=said).build()
        assert said.getvalue().splitlines() == []
    return root / "out"


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@contextmanager
def launched() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def _pages_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that nobody looks at any more still has a process of its own."""
    yield
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()


def open_page(browser: Browser, site: Path, name: str, **context: Any) -> Page:
    page = browser.new_context(**context).new_page()
    page.goto(f"{(site / name).as_uri()}.html")
    return page
