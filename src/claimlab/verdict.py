"""A claim's outcomes over all toolchains, folded into one verdict. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from claimlab.outcome import Outcome
from claimlab.toolchain import Toolchain

DECIDED = frozenset({Outcome.HOLDS, Outcome.FAILS, Outcome.VOID})


class Kind(StrEnum):
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    VERSION_DEPENDENT = "version-dependent"
    INCONCLUSIVE = "inconclusive"
    UNTESTABLE = "untestable"
    PENDING = "pending"
    """No lab asks this yet."""


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    words: str
    """Such as "holds up to 1.23, void since 1.24"."""
    cause: str = ""
    """What the experiment variants show about the cause, such as "with noswissmap (1.24, 1.25) it holds"."""


def fold(outcomes: Mapping[str, Outcome], axis: Mapping[str, Toolchain | None]) -> Verdict:
    """The verdict of one claim.

    `outcomes` has an entry for every name of `axis`. A trial that is broken, missing or unclear leaves the claim
    inconclusive, whatever the others say: a gap is shown, never guessed. A claim whose subject exists nowhere
    (void on every toolchain) is refuted: the article speaks of something that is not there.
    """
    if gaps := {name: outcome for name, outcome in outcomes.items() if outcome not in DECIDED}:
        return Verdict(Kind.INCONCLUSIVE, _gap_words(gaps))
    plain = [(tool, outcomes[name]) for name, tool in axis.items() if tool is None or not tool.experiment]
    if not plain:
        return Verdict(Kind.INCONCLUSIVE, "no plain build was asked")
    seen = {outcome for _, outcome in plain}
    if Outcome.HOLDS not in seen:
        kind = Kind.REFUTED
    elif seen == {Outcome.HOLDS}:
        kind = Kind.CONFIRMED
    else:
        kind = Kind.VERSION_DEPENDENT
    return Verdict(kind, _range_words(plain), _cause_words(outcomes, axis))


def _gap_words(gaps: Mapping[str, Outcome]) -> str:
    return "; ".join(
        f"{outcome} on {', '.join(name for name, found in gaps.items() if found is outcome)}"
        for outcome in sorted(set(gaps.values()))
    )


def _range_words(outcomes: Sequence[tuple[Toolchain | None, Outcome]]) -> str:
    """The runs of equal outcomes along the releases, in words."""
    runs = [(outcome, [tool for tool, _ in run]) for outcome, run in groupby(outcomes, key=lambda pair: pair[1])]
    if len(runs) == 1:
        tools = runs[0][1]
        everywhere = " on every release tested" if tools[0] is not None else ""
        return f"{runs[0][0]}{everywhere}"
    languages = [tool.language for tool, _ in outcomes if tool]
    names = {
        tool.name: (tool.language if languages.count(tool.language) == 1 else tool.name) for tool, _ in outcomes if tool
    }
    words = []
    for position, (outcome, run) in enumerate(runs):
        first, last = (names[tool.name] if tool else "" for tool in (run[0], run[-1]))
        if position == 0:
            words.append(f"{outcome} up to {last}")
        elif position == len(runs) - 1:
            words.append(f"{outcome} since {first}")
        else:
            words.append(f"{outcome} in {first}" if first == last else f"{outcome} from {first} to {last}")
    return ", ".join(words)


def _cause_words(outcomes: Mapping[str, Outcome], axis: Mapping[str, Toolchain | None]) -> str:
    """Where a variant of a release differs from its plain build, the switched-off experiment is the cause."""
    changed: dict[tuple[str, Outcome], list[str]] = {}
    for name, tool in axis.items():
        if tool is None or not tool.experiment:
            continue
        if outcomes[name] is not outcomes.get(tool.release.version, outcomes[name]):
            changed.setdefault((tool.experiment, outcomes[name]), []).append(tool.language)
    return "; ".join(
        f"built with {experiment} ({', '.join(releases)}) the outcome is {outcome}"
        for (experiment, outcome), releases in changed.items()
    )
