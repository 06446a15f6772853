"""The search for where an answer turns, carried out: releases are looked up, fetched where need be, and asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from packaging.version import Version

from claimlab.cli.speaking import say
from claimlab.project.errors import EnvironmentMissing
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.available import Available, available_to
from claimlab.toolchains.toolchain import Toolchain
from claimlab.toolchains.unpinned import known_release, unpinned
from claimlab.verdicts.flipping import Search, search

FETCHED_AT_MOST: Final = 8
"""Releases, for one flip: each is some 60 MB, and half a minute and more to make ready."""


@dataclass(frozen=True)
class Said:
    """What a release has answered."""

    key: object
    """Two that have the same agree."""
    undecided: str = ""
    """Why it decides nothing, if that is so."""


Ask = Callable[[Toolchain], Said]
Recall = Callable[[Toolchain], Said | None]
"""What the record knows already."""


@dataclass(frozen=True)
class Flips:
    """All searches of one command."""

    ours: Laboratory

    @cached_property
    def _available(self) -> Available:
        return available_to(self.ours.project)

    @cached_property
    def _pinned(self) -> dict[str, Toolchain]:
        return {one.name: one for one in self.ours.pins.toolchains if not one.variant and not one.release.own}

    def sought(
        self, older: Toolchain, newer: Toolchain, ends: tuple[object, object], recall: Recall, ask: Ask
    ) -> Search:
        """The search between two releases that have answered these, as far as it can be brought."""
        between = [one.go for one in self._available.releases if _is_between(one.go, older, newer)]
        known = {name: said.key for name, said in self._recalled(between, recall) if not said.undecided}
        found = search([older.name, *between, newer.name], ends, known)
        fetched = 0
        while (name := found.next) is not None:
            tool = self._at_hand(name)
            if tool is None:
                if fetched == FETCHED_AT_MOST:
                    found = found.ends(f"{fetched} releases were fetched; the same command goes on from here")
                    break
                fetched += 1
            say(f"between {older} and {newer}: asking {name}")
            try:
                tool = tool or Toolchain(unpinned(name, self.ours.project, say))
            except EnvironmentMissing as missing:
                found = found.lacks(name, f"could not be had: {missing.what}")
                continue
            said = ask(tool)
            found = found.ends_at(name, said.undecided) if said.undecided else found.told(name, said.key)
        return found

    def _recalled(self, names: list[str], recall: Recall) -> Iterator[tuple[str, Said]]:
        for name in names:
            if (tool := self._at_hand(name)) and (said := recall(tool)):
                yield name, said

    def _at_hand(self, name: str) -> Toolchain | None:
        """The release, if nothing has to be fetched to know it."""
        if name in self._pinned:
            return self._pinned[name]
        release = known_release(name, self.ours.project)
        return Toolchain(release) if release else None


def _is_between(go: str, older: Toolchain, newer: Toolchain) -> bool:
    """A release proper that lies between."""
    version = Version(go)
    return Version(older.name) < version < Version(newer.name) and not version.is_prerelease
