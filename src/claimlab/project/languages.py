"""A sentence in the two languages of the pages, and what turns interface words into either."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")

Translate = Callable[[str], str]
"""From an English interface word to the reader's; :func:`in_english` where there is no reader of another language."""


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in both languages."""

    en: str
    zh: str

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def in_english(text: str) -> str:
    return text


def N_(text: str) -> str:
    """Marks a text for the catalogues where it is not translated yet."""
    return text
