"""Who reads a page: in which language, and where links lead from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from claimlab.project.languages import Language, Words

CATALOGUE: Final = "claimlab"
"""The name of the message catalogues under `locale/`."""
_translate = get_translation(CATALOGUE)


def claim_page(claim: str) -> str:
    """The page of a claim; `1-t4/1` is a part of a row of the article's table, not of a folder."""
    return f"claims/{claim.replace('/', '-')}"


def claim_anchor(claim: str) -> str:
    """The stable anchor of a claim, on its own page and on its chapter's."""
    return "claim-" + claim.replace(".", "-").replace("/", "-")


def lab_page_name(lab: str) -> str:
    return f"labs/{lab}"


def release_page(release: str) -> str:
    return f"releases/{release}"


def chapter_page_name(number: int) -> str:
    return f"chapters/{number}"


def say(text: str, **values: object) -> str:
    """An interface word or sentence in the language of the pages that are built, with its gaps filled."""
    said = str(_translate(text))
    return said.format(**values) if values else said


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of one page."""

    language: Language
    uri: Callable[[str], str]
    """The address of another page, by its name, seen from this one."""

    def say(self, text: str, **values: object) -> str:
        """An interface word or sentence in the reader's language, with its gaps filled."""
        return say(text, **values)

    def of(self, words: Words) -> str:
        return words.of(self.language)

    def also(self, words: Words) -> str:
        """The sentence in the other language."""
        return words.en if self.language == "zh" else words.zh

    @property
    def other_lang(self) -> str:
        """What HTML calls the other language."""
        return "en" if self.language == "zh" else "zh-CN"

    def to_claim(self, claim: str) -> str:
        return self.uri(claim_page(claim))

    def to_lab(self, lab: str) -> str:
        return self.uri(lab_page_name(lab))

    def to_release(self, release: str) -> str:
        return self.uri(release_page(release))

    def to_chapter(self, number: int) -> str:
        return self.uri(chapter_page_name(number))


def reader_of(app: Sphinx, env: BuildEnvironment, docname: str | None = None) -> Reader:
    """The reader of the page that is being made."""
    here = docname or env.docname
    language: Language = "zh" if str(app.config.language).startswith("zh") else "en"
    return Reader(language, lambda page: app.builder.get_relative_uri(here, page))
