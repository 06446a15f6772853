"""Between two releases that differ: which to ask next, and what is known of where the answer turns. Pure.

Releases are ordered by version, and that is not the order of time: what 1.24.0 changed may have come to 1.22.11 and
1.23.5 as well. So besides halving what lies between two that differ, the search asks the newest patch of every older
series that seems to agree.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Any

from packaging.version import Version


@dataclass(frozen=True, slots=True)
class Span:
    """Successive releases of those that answered, with the same answer."""

    says: object
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the answer turns: between the last release with the one answer and the first with the other."""

    before: str
    after: str
    unasked: tuple[str, ...]
    """Those between that were not asked."""
    silent: tuple[str, ...] = ()
    """Those between that have no answer."""

    @property
    def is_exact(self) -> bool:
        """No release can lie between: the second is the next patch of the first."""
        older, newer = Version(self.before).release, Version(self.after).release
        return older[:2] == newer[:2] and newer[2:] == (older[2] + 1,)

    def __str__(self) -> str:
        where = f"it turns between {self.before} and {self.after}"
        if not self.unasked and not self.silent:
            return f"{where}, and no release between them is offered"
        parts = [f"no answer from {', '.join(self.silent)}"] if self.silent else []
        parts += [f"not asked: {', '.join(self.unasked)}"] if self.unasked else []
        return f"{where} ({'; '.join(parts)})"


@dataclass(frozen=True)
class Search:
    """A search, as far as it has come. The two ends have answered, and differ."""

    releases: tuple[str, ...]
    """All that may be asked, oldest first, with both ends."""
    said: Mapping[str, object]
    """By release. Two answers that are equal agree."""
    lacking: Mapping[str, str] = field(default_factory=dict)
    """Releases that could not be had, with the reason."""
    undecided: Mapping[str, str] = field(default_factory=dict)
    """The release that was asked and decided nothing, which ends the search, with the reason."""
    limit: str = ""
    """Why nothing more is asked, though there is more to ask."""

    def told(self, release: str, answer: object) -> "Search":
        """The release has answered."""
        return replace(self, said={**self.said, release: answer})

    def lacks(self, release: str, why: str) -> "Search":
        """The release could not be had; those beside it are asked instead."""
        return replace(self, lacking={**self.lacking, release: why})

    def ends_at(self, release: str, why: str) -> "Search":
        """The release was asked and has decided nothing: nothing more is asked."""
        return replace(self, undecided={release: why})

    def ends(self, why: str) -> "Search":
        """Nothing more is asked."""
        return replace(self, limit=why)

    @property
    def next(self) -> str | None:
        """The release to ask now; None if nothing more is to be asked."""
        if self.undecided or self.limit:
            return None
        pairs = sorted(pairwise(self._answered), key=self._agree)
        return next((found for pair in pairs if (found := self._within(*pair)) is not None), None)

    @property
    def asked(self) -> list[str]:
        """Those between the ends that were asked, oldest first."""
        return [one for one in self.releases[1:-1] if one in self.said or one in self.undecided]

    @property
    def spans(self) -> list[Span]:
        """Runs of the same answer, oldest first: at least two."""
        return self._spans(lambda answer: answer)

    @property
    def gaps(self) -> list[Gap]:
        """Between each two spans."""
        found = []
        for before, after in pairwise(self.spans):
            between = self._between(before.last, after.first)
            silent = tuple(one for one in between if one in self.lacking or one in self.undecided)
            found.append(Gap(before.last, after.first, tuple(one for one in between if one not in silent), silent))
        return found

    @property
    def goes_back(self) -> bool:
        """An answer came again after another: there is more than one turn between the same two."""
        says = [span.says for span in self.spans]
        return any(one in says[:place] for place, one in enumerate(says))

    def in_words(self, name: Callable[[object], str]) -> str:
        """``152 up to 1.22.10, 160 since 1.23.1``, with what an answer is called."""
        first, *between, last = self._spans(name)
        inner = [
            f"{one.says} in {one.first}" if one.first == one.last else f"{one.says} from {one.first} to {one.last}"
            for one in between
        ]
        return ", ".join([f"{first.says} up to {first.last}", *inner, f"{last.says} since {last.first}"])

    def remarks(self) -> Iterator[str]:
        """What has to be known beside that, a clause each."""
        if self.goes_back:
            yield "not monotone: an answer comes back after another"
        elif len(self.spans) > 2:
            yield f"{len(self.spans)} different answers"
        yield from (str(gap) for gap in self.gaps if not gap.is_exact)
        yield from (f"{release} {why}" for release, why in self.lacking.items())
        yield from (f"the search ended: {release} {why}" for release, why in self.undecided.items())
        if self.limit:
            yield f"the search ended: {self.limit}"
        yield f"asked: {len(self.asked)} release{'' if len(self.asked) == 1 else 's'}" + (
            f" ({', '.join(self.asked)})" if self.asked else ""
        )

    def as_data(self) -> dict[str, Any]:
        """What was found, without the answers."""
        return {
            "older": self.releases[0],
            "newer": self.releases[-1],
            "spans": [{"first": one.first, "last": one.last} for one in self.spans],
            "gaps": [
                {
                    "before": one.before,
                    "after": one.after,
                    "exact": one.is_exact,
                    "unasked": list(one.unasked),
                    "silent": list(one.silent),
                }
                for one in self.gaps
            ],
            "monotone": not self.goes_back,
            "asked": self.asked,
            "lacking": dict(self.lacking),
            "undecided": dict(self.undecided),
            "limit": self.limit,
        }

    @property
    def _answered(self) -> list[str]:
        return [one for one in self.releases if one in self.said]

    def _spans(self, name: Callable[[object], object]) -> list[Span]:
        runs = [(says, list(run)) for says, run in groupby(self._answered, key=lambda one: name(self.said[one]))]
        return [Span(says, run[0], run[-1]) for says, run in runs]

    def _agree(self, pair: tuple[str, str]) -> bool:
        before, after = pair
        return self.said[before] == self.said[after]

    def _between(self, before: str, after: str) -> Sequence[str]:
        return self.releases[self.releases.index(before) + 1 : self.releases.index(after)]

    def _within(self, before: str, after: str) -> str | None:
        """Whom to ask of those between two neighbours that have answered."""
        left = [one for one in self._between(before, after) if one not in self.lacking]
        if self._agree((before, after)):
            newest = [one for one, other in pairwise([*left, after]) if _series(one) != _series(other)]
            return newest[-1] if newest else None
        firsts = [other for one, other in pairwise([before, *left]) if _series(one) != _series(other)]
        if firsts:  # most of what changes changes with a new series
            return firsts[len(firsts) // 2]
        if left and _series(before) != _series(after):
            return left[-1]
        return left[len(left) // 2] if left else None


def search(
    releases: Sequence[str], ends: tuple[object, object], known: Mapping[str, object] = MappingProxyType({})
) -> Search:
    """The search between the first and the last of the releases, which have given these answers. Of those between
    some may be `known`."""
    return Search(tuple(releases), {releases[0]: ends[0], **known, releases[-1]: ends[1]})


def _series(release: str) -> tuple[int, ...]:
    return Version(release).release[:2]
