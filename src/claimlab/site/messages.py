"""The words of the pages in the reader's language. Nothing is written: whoever builds pages may not own this folder."""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from sphinx.locale import translators

from claimlab.site.reader import CATALOGUE

LOCALE: Final = Path(__file__).parent / "locale"


def use_language(language: str) -> None:
    """Interface words are in this language from now on, in English where there is no catalogue."""
    translators["general", CATALOGUE] = catalogue(language)


def catalogue(language: str, locale: Path = LOCALE) -> NullTranslations:
    """The words of a language: what translators edit, where that is, else what was compiled from it (hatch_build.py).

    A checkout has the first and an installation the second, so what was compiled earlier never hides an edit.
    """
    edited = locale / language / "LC_MESSAGES" / f"{CATALOGUE}.po"
    if edited.is_file():
        return GNUTranslations(BytesIO(_compiled(edited, language)))
    compiled = edited.with_suffix(".mo")
    if compiled.is_file():
        with compiled.open("rb") as opened:
            return GNUTranslations(opened)
    return NullTranslations()


def _compiled(edited: Path, language: str) -> bytes:
    from babel.messages.mofile import write_mo  # an installation needs neither
    from babel.messages.pofile import read_po

    made = BytesIO()
    with edited.open("rb") as opened:
        write_mo(made, read_po(opened, locale=language))
    return made.getvalue()
