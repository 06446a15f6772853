"""What the head of a page says to machines: a description, OpenGraph, and what schema.org calls a ClaimReview."""

import json
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from claimlab.project.languages import Language, sphinx_language
from claimlab.project.project import Project
from claimlab.site.cards import card_name
from claimlab.site.data import SiteData
from claimlab.site.reader import claim_page, html_language, say
from claimlab.verdicts.leading import lead
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import Kind

LONGEST: Final = 300
"""Of a description, in characters; search engines show fewer."""
RATINGS: Final = {Kind.CONFIRMED: 5, Kind.WHEREVER_IT_EXISTS: 5, Kind.VERSION_DEPENDENT: 3, Kind.REFUTED: 1}
"""Of ClaimReview, from 1 (false) to 5 (true). What is not settled has no rating, and no review."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one page in one language."""

    site: SiteData
    language: Language

    @property
    def project(self) -> Project:
        return self.site.project

    def address(self, page: str) -> str:
        """Where the page is published; empty where the project does not say."""
        return address_of(self.project, page, self.language)

    def of_page(self, page: str, title: str) -> Markup:
        """Of any page but a claim's."""
        return self._graph("website", title, "", self.address(page), "")

    def of_claim(self, row: Row) -> Markup:
        address = self.address(claim_page(row.claim, self.site.main))
        image = f"{root_of(self.project)}{card_name(list(row.plain.values()))}" if row.outcomes and address else ""
        title, about = title_of(row, self.language), description_of(row, self.language)
        return self._graph("article", title, about, address, image) + self._review(row, address)

    def _graph(self, kind: str, title: str, about: str, address: str, image: str) -> Markup:
        said = {
            "og:type": kind,
            "og:title": title,
            "og:description": about,
            "og:site_name": self.project.title,
            "og:locale": sphinx_language(self.language),
            "og:url": address,
            "og:image": image,
            "og:image:width": "1200" if image else "",
            "og:image:height": "630" if image else "",
        }
        tags = [Markup('<meta property="{}" content="{}">\n').format(*one) for one in said.items() if one[1]]
        if about:
            tags.append(Markup('<meta name="description" content="{}">\n').format(about))
        if image:
            tags.append(Markup('<meta name="twitter:card" content="summary_large_image">\n'))
        return Markup("").join(tags)

    def _review(self, row: Row, address: str) -> Markup:
        if row.verdict.kind not in RATINGS:
            return Markup("")
        content = json.dumps(self.review(row, address), ensure_ascii=False).replace("<", "\\u003c")
        return Markup('<script type="application/ld+json">{}</script>\n').format(Markup(content))

    def review(self, row: Row, address: str) -> dict[str, Any]:
        """The claim, where it was made, and how it came out (schema.org/ClaimReview)."""
        article = self.site.articles[row.claim.article]
        made = {"url": article.link, "author": article.author, "datePublished": article.date}
        work: dict[str, Any] = {"@type": "CreativeWork", "name": article.title.of(self.language)}
        work |= {key: value for key, value in made.items() if value and key != "author"}
        claim: dict[str, Any] = {"@type": "Claim", "appearance": work}
        if article.author:
            # Of no type: whether it is one person, several or an organization, nobody has said.
            work["author"] = claim["author"] = {"name": article.author}
        found: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "claimReviewed": plain(row.claim.says.of(self.language)),
            "inLanguage": html_language(self.language),
            "itemReviewed": claim,
            "author": {"@type": "Organization", "name": self.project.title},
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": RATINGS[row.verdict.kind],
                "worstRating": 1,
                "bestRating": 5,
                "alternateName": lead(row, say),
            },
        }
        if address:
            found["url"] = address
            found["author"]["url"] = root_of(self.project)
        if dates := dates_of(row):
            found["datePublished"] = dates[-1]
        if self.project.settings.site.licence:
            found["license"] = self.project.settings.site.licence
        return found


def plain(text: str) -> str:
    return text.replace("`", "")


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def title_of(row: Row, language: Language) -> str:
    """The verdict first: who finds a page by its title must not take a false sentence for a true one."""
    sentence = plain(row.claim.says.of(language))
    return "".join([lead(row, say), say(": "), sentence, " · ", row.label])


def description_of(row: Row, language: Language) -> str:
    """What came out, and what should have been said."""
    words = "".join([say(str(row.verdict.kind)), say(": "), plain(row.words(say, language))])
    more = plain(row.claim.correction.of(language)) if row.claim.correction else ""
    return cut(f"{words}. {more}".rstrip(". ") + "." if more else words, LONGEST)


def dates_of(row: Row) -> list[str]:
    """The days on which it was measured, as ISO 8601 has them."""
    return sorted({ruling.measured.at[:10] for ruling in row.rulings.values() if ruling.measured})


def root_of(project: Project) -> str:
    """Where the first page of the site is published, with a slash at its end; empty where nobody says."""
    address = project.settings.site.address
    return f"{address.rstrip('/')}/" if address else ""


def address_of(project: Project, page: str, language: Language) -> str:
    """Where a page is published in a language; empty where the project does not say."""
    root = root_of(project)
    if not root:
        return ""
    name = "" if page == "index" else f"{page}.html"
    return f"{root}{project.folders.get(language, '')}{name}"
