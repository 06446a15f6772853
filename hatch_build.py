"""What the package has that no checkout has: the words of its pages, compiled.

hatchling runs this where a wheel is built. An editable install needs none of it: there, ``claimlab.site.messages``
compiles the words in memory.
"""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES: Final = "src"
LOCALE: Final = "claimlab/site/locale"
FIXED: Final = datetime(2020, 2, 2, tzinfo=UTC)
"""Stands in every catalogue, so that the same sources give the same wheel; hatchling's files are of that day too."""


class CompiledCatalogues(BuildHookInterface[Any]):
    """Each catalogue is in the wheel as gettext reads it, in the place of what translators edit."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._made = TemporaryDirectory()  # goes with this object
        sources = sorted(Path(self.root, PACKAGES, LOCALE).glob("*/LC_MESSAGES/*.po"))
        if not sources:
            raise FileNotFoundError(f"there are no catalogues below {PACKAGES}/{LOCALE}")
        for number, source in enumerate(sources):
            with source.open("rb") as opened:
                catalogue = read_po(opened, locale=source.parts[-3])
            catalogue.creation_date = catalogue.revision_date = FIXED
            made = Path(self._made.name, f"{number}.mo")
            with made.open("wb") as opened:
                write_mo(opened, catalogue)
            place = source.relative_to(Path(self.root, PACKAGES)).with_suffix(".mo")
            build_data["force_include"][str(made)] = place.as_posix()
