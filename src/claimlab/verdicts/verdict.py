"""A claim's outcomes over all toolchains, folded into one verdict. Its words: :mod:`claimlab.verdicts.in_words`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain

DECIDED = frozenset({Outcome.HOLDS, Outcome.FAILS, Outcome.VOID})


class Kind(StrEnum):
    CONFIRMED = "confirmed"
    WHEREVER_IT_EXISTS = "holds wherever it exists"
    """On some releases there is nothing that the claim could be about; on all others it holds."""
    REFUTED = "refuted"
    VERSION_DEPENDENT = "version-dependent"
    INCONCLUSIVE = "inconclusive"
    UNTESTABLE = "untestable"
    PENDING = "pending"
    """No lab asks this yet."""


@dataclass(frozen=True, slots=True)
class Span:
    """Successive releases with the same outcome."""

    outcome: Outcome
    ranges: tuple[tuple[str, str], ...] = ()
    """The first and the last of those between which nothing was left out; none for what has no axis.

    ``1.24``, or ``1.24.11`` where two patches of 1.24 are asked.
    """

    @property
    def first(self) -> str:
        return self.ranges[0][0] if self.ranges else ""

    @property
    def alone(self) -> str:
        """The release, where it is a single one."""
        return self.first if all(ends == (self.first, self.first) for ends in self.ranges) else ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Releases that come out another way with an experiment, or a setting of GODEBUG: that is the cause."""

    name: str
    """``noswissmap`` or ``asynctimerchan=1``."""
    outcome: Outcome
    releases: tuple[str, ...]
    explains: bool
    """It has the outcome that the releases before the flip have: with it, nothing flips."""
    undoes: Words | None = None
    """What the release did that it undoes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    spans: tuple[Span, ...] = ()
    """Along the releases, oldest first; none where there are gaps."""
    variants: tuple[Variant, ...] = ()
    gaps: tuple[tuple[Outcome, tuple[str, ...]], ...] = ()
    """What is broken, missing or unclear, with the names of the toolchains."""
    unasked: tuple[tuple[str, str], ...] = ()
    """The first and the last of the releases that lie between two that were asked, and were not."""


def fold(outcomes: Mapping[str, Outcome], axis: Mapping[str, Toolchain | None]) -> Verdict:
    """The verdict of one claim.

    `outcomes` has an entry for every name of `axis`. A trial that is broken, missing or unclear leaves the claim
    inconclusive, whatever the others say: a gap is shown, never guessed. So does one that is void on every release:
    nothing was there that could hold or fail. One that is void on some releases and fails on none holds wherever it
    exists: where a thing is not, nothing false can be said of it.
    """
    if gaps := {name: outcome for name, outcome in outcomes.items() if outcome not in DECIDED}:
        return Verdict(Kind.INCONCLUSIVE, gaps=_by_outcome(gaps))
    plain = [(tool, outcomes[name]) for name, tool in axis.items() if tool is None or not tool.variant]
    if not plain:
        return Verdict(Kind.INCONCLUSIVE)
    seen = {outcome for _, outcome in plain}
    if seen == {Outcome.VOID}:
        kind = Kind.INCONCLUSIVE
    elif Outcome.HOLDS not in seen:
        kind = Kind.REFUTED
    elif seen == {Outcome.HOLDS}:
        kind = Kind.CONFIRMED
    elif seen == {Outcome.HOLDS, Outcome.VOID}:
        kind = Kind.WHEREVER_IT_EXISTS
    else:
        kind = Kind.VERSION_DEPENDENT
    tools = [tool for tool, _ in plain if tool]
    unasked = tuple(left for older, newer in pairwise(tools) if (left := _between(older, newer)))
    return Verdict(kind, _spans(plain), _variants(outcomes, axis, plain), unasked=unasked)


def _between(older: Toolchain, newer: Toolchain) -> tuple[str, str] | None:
    """The first and the last series of Go that lie between two; None if there are none."""
    first, last = older.go.minor + 1, newer.go.minor - 1
    return (f"{older.go.major}.{first}", f"{newer.go.major}.{last}") if first <= last else None


def _by_outcome(gaps: Mapping[str, Outcome]) -> tuple[tuple[Outcome, tuple[str, ...]], ...]:
    return tuple(
        (outcome, tuple(name for name, found in gaps.items() if found is outcome))
        for outcome in sorted(set(gaps.values()))
    )


def _spans(plain: Sequence[tuple[Toolchain | None, Outcome]]) -> tuple[Span, ...]:
    series = [tool.series for tool, _ in plain if tool]

    def name(tool: Toolchain) -> str:
        return tool.series if series.count(tool.series) == 1 else tool.name

    runs = [(outcome, [tool for tool, _ in run]) for outcome, run in groupby(plain, key=lambda pair: pair[1])]
    return tuple(
        Span(
            outcome, tuple((name(part[0]), name(part[-1])) for part in unbroken(list(filter(None, tools)), _is_parted))
        )
        for outcome, tools in runs
    )


def _is_parted(older: Toolchain, newer: Toolchain) -> bool:
    """A release that lies between them was not asked."""
    return _between(older, newer) is not None


def unbroken(tools: Sequence[Toolchain], is_parted: Callable[[Toolchain, Toolchain], bool]) -> list[list[Toolchain]]:
    """Parts of the sequence, between neighbours that something parts."""
    parts: list[list[Toolchain]] = []
    for tool in tools:
        if parts and not is_parted(parts[-1][-1], tool):
            parts[-1].append(tool)
        else:
            parts.append([tool])
    return parts


def _variants(
    outcomes: Mapping[str, Outcome],
    axis: Mapping[str, Toolchain | None],
    plain: Sequence[tuple[Toolchain | None, Outcome]],
) -> tuple[Variant, ...]:
    changed: dict[tuple[str, Outcome], list[Toolchain]] = {}
    for name, tool in axis.items():
        if tool is None or not tool.variant:
            continue
        if outcomes[name] is not outcomes.get(tool.release.name, outcomes[name]):
            changed.setdefault((tool.variant, outcomes[name]), []).append(tool)
    return tuple(
        Variant(
            name,
            outcome,
            tuple(tool.series for tool in tools),
            all(_before_the_flip(plain, tool) is outcome for tool in tools),
            tools[0].undoes,
        )
        for (name, outcome), tools in changed.items()
    )


def _before_the_flip(plain: Sequence[tuple[Toolchain | None, Outcome]], at: Toolchain) -> Outcome | None:
    """The outcome of the releases before the last change at or before this one; None if nothing changed by then."""
    upto = [outcome for tool, outcome in plain if tool and tool.go <= at.go]
    return next((outcome for outcome in reversed(upto) if outcome is not upto[-1]), None)
