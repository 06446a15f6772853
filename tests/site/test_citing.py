"""What a page says of its verdict to those who find, cite and embed it."""

import json
import re
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from tests.readers_site import ADDRESS, REPOSITORY

from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.site.cards import COLOURS, HEIGHT, WIDTH, badge, card
from claimlab.verdicts.leading import lead
from claimlab.verdicts.ledger import Ledger
from claimlab.verdicts.verdict import Kind

pytest_plugins = ["tests.readers_site"]
HOLDS, FAILS, VOID = Outcome.HOLDS, Outcome.FAILS, Outcome.VOID
A, B, UNTESTABLE = "claims/1.1-a", "claims/1.1-b", "claims/notes/24-c"


def soup(pages: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((pages / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def meta(page: BeautifulSoup, name: str) -> str:
    found = page.find("meta", property=name) or page.find("meta", attrs={"name": name})
    return str(found["content"]) if isinstance(found, Tag) else ""


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (A, "True on Go 1.21–1.23, false on 1.24–1.27: The header is 1.1-a. · 1.1-a - Toys"),
        (f"zh/{A}", "在 Go 1.21–1.23 上成立，在 1.24–1.27 上不成立：这个header是 1.1-a。 · 1.1-a - Toys"),
        (B, "True on Go 1.21–1.23, void on 1.24–1.27: The header is 1.1-b. · 1.1-b - Toys"),
        (UNTESTABLE, "Cannot be tested: The note is 24-c. · 24-c - Toys"),
    ],
)
def test_the_verdict_leads_in_the_title_and_what_is_shared(pages: Path, page: str, title: str) -> None:
    found = soup(pages, page)
    assert found.title and found.title.text.strip() == title
    assert meta(found, "og:title") == title.removesuffix(" - Toys")
    assert meta(found, "og:url") == f"{ADDRESS}{page}.html"
    assert meta(found, "og:locale") == ("zh_CN" if page.startswith("zh") else "en")
    heading = found.find("h1")
    assert heading and "True on" not in heading.text


def test_search_results_and_previews_say_what_should_have_been_said(pages: Path) -> None:
    said = meta(soup(pages, A), "description")
    assert said == (
        "version-dependent: holds on 1.21 – 1.23, fails on 1.24 – 1.27: maps became Swiss tables. It was so up to 1.23."
    )
    assert meta(soup(pages, A), "og:description") == said


def test_the_index_of_the_search_has_the_verdict_in_its_titles(pages: Path) -> None:
    assert '"True on Go 1.21\\u20131.23, false on 1.24\\u20131.27: The header is 1.1-a. \\u00b7 1.1-a"' in (
        pages / "searchindex.js"
    ).read_text(encoding="utf-8").replace("–", "\\u2013").replace("·", "\\u00b7")


def test_the_picture_of_a_preview_has_a_column_for_every_release(pages: Path) -> None:
    image = meta(soup(pages, A), "og:image")
    assert image.startswith(f"{ADDRESS}cards/")
    content = (pages / image.removeprefix(ADDRESS)).read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (WIDTH, HEIGHT)
    assert len(content) < 20_000
    assert [_column(content, 7, place) for place in range(7)] == [COLOURS[HOLDS]] * 3 + [COLOURS[FAILS]] * 4


def _column(content: bytes, count: int, place: int) -> str:
    """The colour at the top of a column of a palette PNG whose lines have no filter."""
    chunks, at = {}, 8
    while at < len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        chunks[name] = content[at + 8 : at + 8 + length]
        assert zlib.crc32(name + chunks[name]) == struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0]
        at += 12 + length
    pixel = zlib.decompress(chunks[b"IDAT"])[1 + WIDTH * place // count + 5]
    return chunks[b"PLTE"][3 * pixel : 3 * pixel + 3].hex()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_sign_on_its_card(outcome: Outcome) -> None:
    lines = zlib.decompress(card([outcome]).partition(b"IDAT")[2][:-16])
    assert 300 < lines.count(bytes([len(COLOURS)])) < 5000


def review(pages: Path, page: str) -> dict[str, object]:
    script = soup(pages, page).find("script", type="application/ld+json")
    return json.loads(script.text) if script else {}


def test_machines_read_a_review_of_the_claim(pages: Path) -> None:
    found = review(pages, A)
    assert found["@type"] == "ClaimReview"
    assert found["claimReviewed"] == "The header is 1.1-a."
    assert found["url"] == f"{ADDRESS}{A}.html"
    assert found["datePublished"] == "2026-11-23"
    assert found["author"] == {"@type": "Organization", "name": "Toys", "url": ADDRESS}
    assert found["reviewRating"]["ratingValue"] == 3  # type: ignore[index]
    assert found["reviewRating"]["alternateName"].startswith("True on Go 1.21–1.23, false")  # type: ignore[index]
    assert found["itemReviewed"]["appearance"] == {"@type": "CreativeWork", "name": "Toys (en)"}  # type: ignore[index]
    assert review(pages, "claims/1.1-d")["reviewRating"]["ratingValue"] == 5  # type: ignore[index]


def test_of_an_author_nothing_is_said_but_the_name(pages: Path) -> None:
    """It may be a person, several, or an organization: nobody has said."""
    made = review(pages, "claims/notes/24-a")["itemReviewed"]
    assert made["author"] == made["appearance"]["author"] == {"name": "Those who write"}  # type: ignore[index]


def test_what_is_not_settled_is_no_review(pages: Path) -> None:
    assert review(pages, UNTESTABLE) == {}
    assert meta(soup(pages, UNTESTABLE), "og:title").startswith("Cannot be tested")


def test_a_citation_has_the_stops_of_its_language(pages: Path) -> None:
    line = soup(pages, f"zh/{A}").select_one(".cl-cite pre")
    assert line is not None
    assert re.search(r"。\S+ 2026-11-23。sha256:[0-9a-f]+。https://", line.text)
    assert ". " not in line.text


def test_a_page_says_how_to_cite_it(pages: Path) -> None:
    page = soup(pages, A)
    line = page.select_one(".cl-cite pre")
    assert line is not None
    digest = page.find(string=re.compile(r"^sha256:[0-9a-f]{64}$"))
    assert digest
    assert line.text.strip() == (
        "Toys, maps:1.1-a: “The header is 1.1-a.” True on Go 1.21–1.23, false on 1.24–1.27. Measured 2026-11-23. "
        f"{str(digest)[:23]}. {ADDRESS}{A}.html"
    )
    text = " ".join(page.find("article").text.split())  # type: ignore[union-attr]
    assert "2026-11-23 · Some CPU, 2 cores" in text
    assert f'<img src="{ADDRESS}badges/1.1-a.svg" alt="True on Go 1.21–1.23, false on 1.24–1.27">' in text
    dispute = page.find("a", string="Dispute this verdict")
    assert isinstance(dispute, Tag) and dispute["href"] == REPOSITORY
    assert "sha256" not in soup(pages, UNTESTABLE).find("article").text  # type: ignore[union-attr]


@pytest.mark.parametrize(("page", "label"), [(A, "1.1-a"), (f"zh/{B}", "1.1-b"), ("claims/notes/24-a", "24-a")])
def test_badge_and_strip_lie_where_the_page_shows_them_and_are_whole(pages: Path, page: str, label: str) -> None:
    images = [str(image["src"]) for image in soup(pages, page).select("article img")]
    assert [image.split("/")[-1] for image in images] == [f"{label}.svg"] * 2
    for image in images:
        path = (pages / f"{page}.html").parent / image
        drawn = ElementTree.parse(path).getroot()
        assert drawn.get("role") == "img"
        assert re.search(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text(encoding="utf-8")) is None


def test_a_badge_has_room_for_chinese() -> None:
    narrow, wide = (ElementTree.fromstring(badge("1-a", words, Kind.REFUTED)) for words in ("ab", "成立"))
    assert int(wide.get("width") or 0) > int(narrow.get("width") or 0)


def test_the_reading_stands_right_under_the_sentence(pages: Path) -> None:
    heading = soup(pages, A).find("h1")
    assert heading is not None
    following = heading.find_next("p")
    assert following and following.text == "Read as The minor release is asked."


def test_the_claims_of_an_article_are_read_one_after_the_other(pages: Path) -> None:
    def links(page: str) -> dict[str, str]:
        return {
            str(one["rel"][0]): str(one["href"]) for one in soup(pages, page).select("link[rel=next], link[rel=prev]")
        }

    assert links(A) == {"next": "1.1-b.html"}
    assert links(B) == {"prev": "1.1-a.html", "next": "1.1-c.html"}
    assert links("claims/1.1-d") == {"prev": "1.1-c.html"}
    assert links("claims/notes/24-a") == {"next": "24-b.html"}


def test_a_verdict_names_the_releases_that_were_asked_and_no_other(readers: Laboratory) -> None:
    """Between 1.21 and 1.23 lies one that was not."""
    asked = [tool for tool in readers.pins.toolchains if tool.series in ("1.21", "1.23", "1.24", "1.26")]
    rows = {row.label: lead(row) for row in Ledger(readers, asked).rows}
    assert rows["1.1-a"] == "True on Go 1.21, 1.23, false on 1.24, 1.26"
    assert rows["1.1-d"] == "True on Go 1.21, 1.23–1.24, 1.26"


def test_places_in_the_go_tree_lead_to_the_newest_release_that_has_them(pages: Path) -> None:
    links = {one.text: one["href"] for one in soup(pages, A).select(".cl-sources a")}
    assert links == {
        "src/runtime/map.go": "https://github.com/golang/go/blob/go1.23.9/src/runtime/map.go",
        "src/internal/runtime/maps/": "https://github.com/golang/go/tree/go1.27.3/src/internal/runtime/maps/",
    }
