"""What a site has that is published at an address, and what one has that is not."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from tests.readers_site import ADDRESS
from tests.toy_project import Project

pytest_plugins = ["tests.readers_site", "tests.toy_project"]
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def links(path: Path, rel: str) -> list[tuple[str, str]]:
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return [
        (str(one.get("hreflang", "")), str(one["href"])) for one in page.select(f"link[rel={rel}]:not([type*=atom])")
    ]


@pytest.mark.parametrize("folder", ["", "zh/"])
@pytest.mark.parametrize("page", ["claims/1.1-a", "compare/1.23-1.26"])
def test_a_page_says_where_it_is_published_and_where_its_twins_are(pages: Path, folder: str, page: str) -> None:
    path = pages / f"{folder}{page}.html"
    assert links(path, "canonical") == [("", f"{ADDRESS}{folder}{page}.html")]
    assert links(path, "alternate") == [
        ("en", f"{ADDRESS}{page}.html"),
        ("zh-CN", f"{ADDRESS}zh/{page}.html"),
        ("x-default", f"{ADDRESS}{page}.html"),
    ]


def test_the_sitemap_has_every_page_in_every_language_and_nothing_else(pages: Path) -> None:
    found = ElementTree.parse(pages / "sitemap.xml").getroot()
    places = [str(one.text).removeprefix(ADDRESS) for one in found.iter(f"{MAP}loc")]
    names = {str(path.relative_to(pages)) for path in pages.rglob("*.html")} - {"404.html"}
    names = {page for page in names if not re.search("(^|/)(search|genindex)", page)}
    assert {place + "index.html" if place in ("", "zh/") else place for place in places} == names
    assert len(places) == len(set(places))
    days = {str(one.findtext(f"{MAP}lastmod")) for one in found.iter(f"{MAP}url")}
    assert days == {"None", "2026-11-23"}
    assert not (pages / "zh" / "sitemap.xml").exists()


def test_what_is_not_there_is_said_in_every_language_and_leads_on(pages: Path) -> None:
    page = BeautifulSoup((pages / "404.html").read_text(encoding="utf-8"), "html.parser")
    base = page.find("base")
    assert base and base["href"] == "/lab/"
    assert page.select(".cl-language") == []
    headings = [one.text for one in page.select("section[lang] > h1, section[lang] > h2")]
    assert headings == ["There is no such page", "没有这个页面"]
    for link in page.select("section[lang] a"):
        assert (pages / str(link["href"])).is_file()
    assert not (pages / "zh" / "404.html").exists()


@pytest.mark.parametrize("page", ["index", "claims/notes/24-a", "zh/claims/1.1-a"])
def test_every_page_has_the_sign(pages: Path, page: str) -> None:
    path = pages / f"{page}.html"
    ((_, icon),) = links(path, "icon")
    assert (path.parent / icon).is_file()


def test_one_that_is_published_nowhere_says_nothing_of_addresses(project: Project) -> None:
    built = project.build()
    assert not (built.out / "sitemap.xml").exists()
    page = built.page("claims/9.1-a")
    assert 'rel="canonical"' not in page
    assert "og:url" not in page
    assert "og:image" not in page
    assert '<link rel="alternate" hreflang="zh-CN" href="../zh/claims/9.1-a.html">' in page
