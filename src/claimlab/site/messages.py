"""The words of the pages in the reader's language.

Nothing is written beside claimlab's own: whoever builds pages may not own its folder.
"""

import struct
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.locale import translators

from claimlab.project.files import write_whole
from claimlab.project.languages import N_
from claimlab.site.judged import JUDGES
from claimlab.site.reader import CATALOGUE

THEME: Final = (N_("Back to top"), N_("Skip to content"), N_("On this page"), N_("Next"), N_("Previous"))
"""What the theme says beside what Sphinx does."""
LOCALE: Final = Path(__file__).parent / "locale"


def use_language(language: str) -> None:
    """Interface words are in this language from now on, in English where there is no catalogue."""
    translators["general", CATALOGUE] = catalogue(language)


def use_judges(srcdir: Path, config: Config) -> None:
    """What the project's judges say is translated from now on, if it has a catalogue of that in this language."""
    path = words_of_judges(srcdir, config)
    translators["general", JUDGES] = _read(path) if path else NullTranslations()


def words_of_judges(srcdir: Path, config: Config) -> Path | None:
    """The compiled catalogue; None if the project has none in this language."""
    places = (srcdir / place / config.language / "LC_MESSAGES" / f"{JUDGES}.mo" for place in config.locale_dirs)
    return next((place for place in places if place.is_file()), None)


def lend_words(app: Sphinx) -> None:
    """What the theme says and Sphinx has no words for is in our catalogue."""
    if app.translator is not None:
        app.translator.add_fallback(catalogue(str(app.config.language)))


def catalogue(language: str, locale: Path = LOCALE) -> NullTranslations:
    """The words of a language: what translators edit, where that is, else what was compiled from it (hatch_build.py).

    A checkout has the first and an installation the second, so what was compiled earlier never hides an edit.
    """
    edited = locale / language / "LC_MESSAGES" / f"{CATALOGUE}.po"
    if edited.is_file():
        return GNUTranslations(BytesIO(_compiled(edited, language)))
    compiled = edited.with_suffix(".mo")
    return _read(compiled) if compiled.is_file() else NullTranslations()


def compile_prose(srcdir: Path, config: Config) -> None:
    """The catalogues of an author's own pages are compiled, each whole; a damaged one is made anew, or told of.

    Sphinx writes them where they lie, and one that was cut is to it a language without words: its pages would come out
    in English (sphinx.locale.init).
    """
    for place in config.locale_dirs:
        for path in sorted((srcdir / place / config.language / "LC_MESSAGES").rglob("*.[mp]o")):
            edited, compiled = path.with_suffix(".po"), path.with_suffix(".mo")
            if path == compiled and not edited.exists():
                _read(compiled)
            elif path == edited and not _is_current(compiled, edited):
                content = _compiled(edited, config.language, fuzzy=config.gettext_allow_fuzzy_translations)
                write_whole(compiled, content)


def _is_current(compiled: Path, edited: Path) -> bool:
    try:
        _read(compiled)
        return compiled.stat().st_mtime >= edited.stat().st_mtime
    except (ExtensionError, FileNotFoundError):
        return False


def _read(compiled: Path) -> GNUTranslations:
    """The words of a compiled catalogue; ExtensionError if they cannot be read."""
    with compiled.open("rb") as opened:
        try:
            return GNUTranslations(opened)
        except (OSError, ValueError, struct.error) as error:
            raise ExtensionError(f"The catalogue {compiled} is damaged ({error}): make it again.") from None


def _compiled(edited: Path, language: str, *, fuzzy: bool = False) -> bytes:
    from babel.messages.mofile import write_mo  # an installation needs neither
    from babel.messages.pofile import read_po

    made = BytesIO()
    with edited.open("rb") as opened:
        write_mo(made, read_po(opened, locale=language), use_fuzzy=fuzzy)
    return made.getvalue()
