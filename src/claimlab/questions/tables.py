"""What all tables have that say what to look at and what is claimed of it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from claimlab.project.errors import Refused
from claimlab.questions import sources
from claimlab.questions.kinds import Asked
from claimlab.questions.sources import Sources

Asks = tuple[Asked, Mapping[str, bytes]]
"""The question, and the sources that it is about."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of a claims.toml. Kinds of tables add to it."""

    where: str = msgspec.field(default="", name="in")
    """The .go file, or the folder of the package, relative to the claims.toml; Go itself without one."""
    arch: str = ""

    @property
    def related_to(self) -> tuple[str, ...] | None:
        """The releases that are looked at beside each, all if it is (); None if the claim is about each alone."""
        return None

    def check(self) -> None:
        """ValueError for a table that claims nothing, or has no control."""

    def asks(self, folder: Path) -> Asks:
        """What it asks; its claims.toml lies in that folder. ValueError if the sources are not there."""
        raise NotImplementedError

    def sources(self, folder: Path, given: str, *, tests: bool = False) -> Sources:
        """What it is about, as the table says where that lies; nothing without such a place."""
        if not given:
            return Sources({}, "")
        try:
            return sources.read(str(folder / given), tests=tests)
        except Refused as refused:
            raise ValueError(str(refused)) from None

    def refuse_arch(self) -> None:
        """What it is about is run."""
        if self.arch:
            raise ValueError("what runs, runs on this machine's own processor: leave `arch` out")

    def refuse_in(self, key: str) -> None:
        """The table has no `in` beside this key."""
        if self.where:
            raise ValueError(f"`{key}` itself says where the sources are: leave `in` out")


def one_of(table: Table, *names: str) -> None:
    """The table claims one thing of these."""
    given = [name for name in names if getattr(table, name) not in (None, "")]
    if len(given) != 1:
        raise ValueError(f"it has to claim one thing of {', '.join(names)}, and claims {', '.join(given) or 'nothing'}")
