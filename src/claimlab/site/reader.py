"""Who reads a page: in which language, and where links lead from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from claimlab.project.claim import Chapter, Claim
from claimlab.project.languages import Language, Words, language_of_sphinx, sphinx_language
from claimlab.project.singular import singular
from claimlab.site.judged import JUDGES, in_other_words

CATALOGUE: Final = "claimlab"
"""The name of the message catalogues under `locale/`."""
_translate = get_translation(CATALOGUE)
_translate_judges = get_translation(JUDGES)


def claim_page(claim: Claim, main: str) -> str:
    """The page of a claim; `1-t4/1` is a part of a row of the article's table, not of a folder."""
    return f"claims/{_below(claim.article, main)}{claim.id.replace('/', '-')}"


def chapter_page_name(chapter: Chapter, main: str) -> str:
    """The page that a chapter's claims are marked in, or else one that lists them."""
    return chapter.page or f"chapters/{_below(chapter.article, main)}{chapter.key}"


def _below(article: str, main: str) -> str:
    """The folder of an article's pages. The project's main article, its first, needs none, and never gets one: what
    other articles there are may change, and addresses must not."""
    return "" if article == main else f"{article}/"


def claim_anchor(claim: str) -> str:
    """The stable anchor of a claim, on its own page and on its chapter's."""
    return "claim-" + claim.replace(".", "-").replace("/", "-")


def article_page(article: str) -> str:
    return f"articles/{article}"


def lab_page_name(lab: str) -> str:
    return f"labs/{lab}"


def release_page(release: str) -> str:
    return f"releases/{release}"


def topic_page(topic: str) -> str:
    return f"topics/{topic}"


LOG: Final = "log/index"
"""The page of what changed in verdicts."""
COMPARED: Final = "compare/index"
"""The page that leads to every pair of releases."""


def comparison_page(before: str, release: str) -> str:
    return f"compare/{before}-{release}"


def say(text: str, **values: object) -> str:
    """An interface word or sentence in the language of the pages that are built, with its gaps filled."""
    said = str(_translate(text))
    return singular(said.format(**values)) if values else said


def judged(text: str) -> str | None:
    """What a judge says, or why there is no outcome, in the language of the pages that are built; None if it is not
    known in it."""
    return in_other_words(text, _known, say)


def _known(clause: str) -> str:
    said = str(_translate_judges(clause))
    return str(_translate(clause)) if said == clause else said


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of one page."""

    language: Language
    uri: Callable[[str], str]
    """The address of another page, by its name, seen from this one."""
    main: str = ""
    """The name of the project's first article."""

    def say(self, text: str, **values: object) -> str:
        """An interface word or sentence in the reader's language, with its gaps filled."""
        return say(text, **values)

    def of(self, words: Words) -> str:
        return words.of(self.language)

    def lang(self, words: Words) -> str:
        """What HTML calls the language of what :meth:`of` gives, if it is not that of the page; empty otherwise."""
        language = words.language_of(self.language)
        return "" if language == self.language else html_language(language)

    def others(self, words: Words) -> list[tuple[str, str]]:
        """The sentence in its other languages, each with what HTML calls that."""
        shown = words.language_of(self.language)
        return [(html_language(language), text) for language, text in words.items() if language != shown]

    def to_claim(self, claim: Claim) -> str:
        return self.uri(claim_page(claim, self.main))

    def row(self, claim: Claim) -> str:
        """The anchor of the claim's row, where claims of all articles stand in one table."""
        article = _below(claim.article, self.main).replace("/", "--")
        return f"row-{article}{claim_anchor(claim.id).removeprefix('claim-')}"

    def to_lab(self, lab: str) -> str:
        return self.uri(lab_page_name(lab))

    def to_release(self, release: str) -> str:
        return self.uri(release_page(release))

    def to_comparison(self, before: str, release: str) -> str:
        return self.uri(comparison_page(before, release))

    def to_topic(self, topic: str) -> str:
        return self.uri(topic_page(topic))

    def to_compared(self) -> str:
        return self.uri(COMPARED)

    def to_article(self, article: str) -> str:
        return self.uri(article_page(article))

    def to_chapter(self, chapter: Chapter) -> str:
        return self.uri(chapter_page_name(chapter, self.main))

    def slug(self, chapter: Chapter) -> str:
        """The chapter's name in addresses."""
        return f"{_below(chapter.article, self.main)}{chapter.key}"

    def chapter(self, chapter: Chapter) -> str:
        """What a chapter is called beside its title; nothing where the article does not count its chapters."""
        return "" if chapter.number is None else self.say("Chapter {number}", number=chapter.number)


def html_language(language: Language) -> str:
    return sphinx_language(language).replace("_", "-")


def reader_of(app: Sphinx, env: BuildEnvironment, main: str, docname: str | None = None) -> Reader:
    """The reader of the page that is being made; `main` is the project's first article."""
    here = docname or env.docname
    language = language_of_sphinx(str(app.config.language))
    return Reader(language, lambda page: app.builder.get_relative_uri(here, page), main)
