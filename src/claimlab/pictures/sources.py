"""Whose a part of a picture is: the article's, or that of the toolchains that showed it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from claimlab.project.languages import Words

Said = Words | str
"""What a reader reads: words in both languages, or an identifier, which is the same in both."""
Seen = TypeVar("Seen")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Article:
    """The article says so. It stands above what was measured, and looks different."""

    article: bool = True


@dataclass(frozen=True, slots=True)
class On:
    """So it was on these toolchains, by their names in the order of releases."""

    toolchains: tuple[str, ...]


Whose = Article | On
ARTICLE: Final = Article()


def alike(
    seen: Mapping[str, Seen],
    show: Callable[[Seen], Shown | None],
    same: Callable[[Shown], object] = lambda shown: shown,
) -> list[tuple[On, Shown]]:
    """What `show` picks out of what each toolchain saw; toolchains with the same of it stand together.

    In the order in which each first came. Toolchains of which `show` says None are left out. `same` picks out what has
    to be the same, if that is not all of it; what is returned is then that of the group's newest toolchain, of a plain
    build if there is one.
    """
    groups: list[tuple[list[str], Shown]] = []
    for name, one in seen.items():
        shown = show(one)
        if shown is None:
            continue
        place = next((at for at, (_, other) in enumerate(groups) if same(other) == same(shown)), None)
        if place is None:
            groups.append(([name], shown))
        else:
            names, other = groups[place]
            variant = "+" in name and not all("+" in known for known in names)
            groups[place] = ([*names, name], other if variant else shown)
    return [(On(tuple(names)), shown) for names, shown in groups]


def most(
    seen: Mapping[str, Seen],
    show: Callable[[Seen], Shown | None],
    same: Callable[[Shown], object] = lambda shown: shown,
) -> tuple[On, Shown] | None:
    """Of :func:`alike`'s groups the one with the most toolchains; None if there is none."""
    return max(alike(seen, show, same), key=lambda group: len(group[0].toolchains), default=None)
