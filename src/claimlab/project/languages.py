"""Texts in the languages of an article, and what turns interface words into a reader's language."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
"""The form of a language's code (RFC 5646, section 2.1)."""
Language = str
"""A code such as ``en``, ``zh``, ``fr``, as HTML's ``lang`` and Sphinx's ``language`` begin with."""
Translate = Callable[[str], str]
"""From an English interface word to the reader's; :func:`in_english` where there is no reader of another language."""
_SPHINX: Final = {"zh": "zh_CN"}


class Words(Mapping[Language, str]):
    """The same text in one language or several, which never changes.

    ``Words("a bucket", "一个桶")`` is short for ``Words(en="a bucket", zh="一个桶")``; any other language is named:
    ``Words(fr="un seau")``.
    """

    __slots__ = ("_texts",)

    def __init__(self, en: str | None = None, zh: str | None = None, **others: str) -> None:
        known = {"en": en, "zh": zh, **others}
        self._texts = {language: text for language, text in known.items() if text is not None}
        if not self._texts:
            raise ValueError("a text in no language")

    def of(self, language: Language) -> str:
        """The text in that language, or in the first that it has."""
        return self._texts.get(language, self.first)

    @property
    def first(self) -> str:
        """What is shown where nobody asks for a language: English if there is any."""
        return next(iter(self._texts.values()))

    def language_of(self, language: Language) -> Language:
        """The language that :meth:`of` answers in."""
        return language if language in self._texts else next(iter(self._texts))

    def __getitem__(self, language: Language) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __repr__(self) -> str:
        return f"Words({', '.join(f'{language}={text!r}' for language, text in self._texts.items())})"


def as_builtin(value: object) -> object:
    """What msgspec is to write for values that it does not know, which are Words."""
    if isinstance(value, Words):
        return dict(value)
    raise NotImplementedError(f"there is no JSON for {type(value).__name__}")


def sphinx_language(language: Language) -> str:
    """What Sphinx calls a language."""
    return _SPHINX.get(language, language)


def language_of_sphinx(code: str) -> Language:
    """The language of pages whose ``language`` is that code."""
    return next((ours for ours, theirs in _SPHINX.items() if theirs == code), code)


def in_english(text: str) -> str:
    return text


def N_(text: str) -> str:
    """Marks a text for the catalogues where it is not translated yet."""
    return text
