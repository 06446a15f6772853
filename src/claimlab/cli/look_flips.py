"""--flip: where the answer to a question turns, down to the patch release."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Final

from claimlab.cli.flipping import Flips, Said
from claimlab.cli.looking import Look
from claimlab.cli.speaking import say
from claimlab.questions.told import Told
from claimlab.questions.turning import namings
from claimlab.toolchains.toolchain import Toolchain
from claimlab.verdicts.flipping import Search

_DOES_NOT_BUILD: Final = "does not build"


@dataclass(frozen=True)
class Flip:
    """Two neighbours that differ, and what was found between them."""

    arch: str
    search: Search
    told: dict[str, Told]
    """All that were asked, with both ends, by release."""

    @property
    def broken(self) -> list[Told]:
        return [one for one in self.told.values() if one.status == "broken"]

    def lines(self, *, with_arch: bool) -> Iterator[str]:
        """A line for each thing that turns. What else has to be known stands behind the only one, or below all."""
        where = f"{self.search.releases[0]} – {self.search.releases[-1]}"
        where = f"{self.arch} {where}" if with_arch else where
        turns, remarks = list(self._turns()), "; ".join(self.search.remarks())
        if len(turns) == 1:
            yield f"{where}  {turns[0]}; {remarks}"
            return
        yield from (f"{where}  {one}" for one in turns)
        yield f"{where}  {remarks}"

    def as_data(self) -> dict[str, Any]:
        answers = [self.told[name].as_data() for name in self.search.asked]
        return {"arch": self.arch, **self.search.as_data(), "words": list(self._turns()), "answers": answers}

    def _turns(self) -> Iterator[str]:
        """``goid: 152 up to 1.22.10, 160 since 1.23.1``."""
        keys: list[object] = []
        for span in self.search.spans:
            if span.says not in keys:
                keys.append(span.says)
        first = [next(span.first for span in self.search.spans if span.says == key) for key in keys]
        for label, names in namings([self.told[release] for release in first]):
            words = self.search.in_words(partial(_called, keys, names))
            yield f"{label}: {words}" if label else words


def flips_of(look: Look, told: Sequence[Told]) -> list[Flip]:
    """What lies between each two neighbouring releases whose answers differ was searched, for each architecture."""
    searches = Flips(look.ours)
    return [
        _between(look, searches, arch, older, newer)
        for arch in look.archs
        for older, newer in _neighbours([one for one in told if one.arch == arch])
    ]


def _neighbours(told: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    plain = [one for one in told if not one.toolchain.variant and not one.toolchain.release.own]
    for older, newer in pairwise(sorted(plain, key=lambda one: one.toolchain.order)):
        broken = [one.toolchain.name for one in (older, newer) if one.status == "broken"]
        if broken:
            say(f"nobody is asked between {older.toolchain} and {newer.toolchain}: {' and '.join(broken)} broke")
        elif _key(older) != _key(newer):
            yield older, newer


def _between(look: Look, searches: Flips, arch: str, older: Told, newer: Told) -> Flip:
    told = {one.toolchain.name: one for one in (older, newer)}
    ends_build = older.status == newer.status == "answered"

    def said(one: Told) -> Said:
        told[one.toolchain.name] = one
        broken = one.status == "broken" or (one.status == "refused" and ends_build)
        return Said(_key(one), one.rows[0].text if broken else "")

    def ask(tool: Toolchain) -> Said:
        (one,) = look.told_by([tool], [arch])
        return said(one)

    def recall(tool: Toolchain) -> Said | None:
        return ask(tool) if look.is_recorded(tool, arch) else None

    found = searches.sought(older.toolchain, newer.toolchain, (_key(older), _key(newer)), recall, ask)
    return Flip(arch, found, told)


def _called(keys: Sequence[object], names: Sequence[str], key: object) -> str:
    return names[keys.index(key)]


def _key(one: Told) -> object:
    """What the compiler says of sources that do not build differs between releases, and makes no difference here."""
    return _DOES_NOT_BUILD if one.status == "refused" else one.key
