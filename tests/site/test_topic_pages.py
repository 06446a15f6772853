"""A reader's question, with an answer that stands as long as its claims come out as it needs them."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from packaging.specifiers import SpecifierSet
from playwright.sync_api import Browser
from tests.site.test_pages_browser import CONTRASTS, THEMES
from tests.site_in_browser import open_page

from claimlab.project.claim import Expectation
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.site.data import SiteData
from claimlab.site.topic_view import otherwise, unborne
from claimlab.verdicts.ledger import Ledger

pytest_plugins = ["tests.readers_site"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("folder", "now", "answer"),
    [("", "Go 1.27, now", "It is another one."), ("zh/", "Go 1.27 的现状", "换了一个。")],
)
def test_the_start_page_answers_and_leads_to_the_claims_behind_it(
    chromium: Browser, pages: Path, folder: str, now: str, answer: str
) -> None:
    page = open_page(
        chromium, pages, f"{folder}index", java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    first = page.locator(".cl-topics dd").first.inner_text()
    assert first.startswith(now)
    assert first.endswith(answer)
    page.locator(".cl-topics a").first.click()
    assert page.locator(".cl-answer").inner_text().split("\n")[-1] == answer
    assert page.locator(".cl-card .cl-id").all_inner_texts() == ["1.1-a", "24-a"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.browser
def test_an_answer_that_is_not_borne_out_is_shown_nowhere(chromium: Browser, pages: Path) -> None:
    page = open_page(chromium, pages, "topics/overtaken")
    assert "does not bear out the answer that stood here" in page.locator(".cl-gaps").inner_text()
    assert page.locator(".cl-gaps .cl-id").all_inner_texts() == ["1.1-a"]
    for name in ("topics/overtaken", "index"):
        assert "It is what it was." not in open_page(chromium, pages, name).locator("article").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize(("system", "chosen"), THEMES)
@pytest.mark.parametrize("folder", ["", "zh/"])
def test_all_text_has_enough_contrast(
    chromium: Browser, pages: Path, folder: str, system: Literal["light", "dark"], chosen: str
) -> None:
    for name in ("topics/overtaken", "topics/header"):
        page = open_page(chromium, pages, f"{folder}{name}", color_scheme=system)
        page.evaluate("theme => { document.body.dataset.theme = theme }", chosen)
        found = page.evaluate(CONTRASTS)
        assert len(found) >= 5
        assert [(name, round(ratio, 2), where) for ratio, where in found if ratio < 4.5] == []


def test_a_strict_build_is_told(readers: Laboratory) -> None:
    assert list(unborne(SiteData(Ledger(readers)))) == [
        "the answer of the topic overtaken is not borne out: 1.1-a fails and not holds"
    ]


@pytest.mark.parametrize(
    ("allowed", "count"),
    [((Outcome.HOLDS,), 0), ((Outcome.HOLDS, Outcome.UNCLEAR), 0), ((Outcome.UNCLEAR,), 1), ((), 1)],
)
def test_a_strict_build_is_not_told_of_what_is_so_on_this_host_alone(
    readers: Laboratory, allowed: tuple[Outcome, ...], count: int
) -> None:
    site = SiteData(Ledger(readers))
    [(row, _)] = otherwise(site, next(topic for topic in site.project.topics if topic.id == "overtaken"))
    hosts_differ = Expectation(Outcome.FAILS, SpecifierSet(), None, other_hosts=allowed)
    site.rows[row.claim.ref] = replace(row, claim=replace(row.claim, expected=(hosts_differ,)))
    assert len(list(unborne(site))) == count
