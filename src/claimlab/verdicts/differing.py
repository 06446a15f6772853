"""Many differences in few words: each reason stands once, with all the toolchains that it holds on."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final

from claimlab.project.outcome import Outcome
from claimlab.verdicts.expectations import Difference
from claimlab.verdicts.ruling import Ruling

REASONS_SHOWN: Final = 3
"""Of one claim with one outcome; the figures in a reason often differ from one toolchain to the next."""
LINES_SHOWN: Final = 12
LINES_OF_A_BREAKAGE: Final = 25
DIGEST: Final = 12
"""So many characters of a digest tell observations of a lab apart."""


def told(found: Iterable[Difference], *, advised: bool = True) -> list[str]:
    """A paragraph for each lab that broke in one way, then one for each claim that came out otherwise in one way.

    Who is `advised` is told how to expect what was measured.
    """
    every = list(found)
    absent = [one for one in every if is_absent(one)]
    others = [one for one in every if not is_absent(one)]
    paragraphs = ["\n".join(_absence(group)) for group in _grouped(absent, _way_to_break)]
    return paragraphs + ["\n".join(_difference(group, advised)) for group in _grouped(others, _way_to_differ)]


def is_absent(one: Difference) -> bool:
    """There is no observation: all claims of the trial differ for the same reason."""
    return not one.ruling.controls and one.ruling.outcome in (Outcome.BROKEN, Outcome.MISSING)


def _way_to_break(one: Difference) -> Hashable:
    finding = one.ruling.finding
    return one.trial.lab.name, finding.outcome, finding.because, finding.shows


def _way_to_differ(one: Difference) -> Hashable:
    return one.claim.ref, one.expected, one.ruling.outcome


def _grouped(every: Sequence[Difference], way: Callable[[Difference], Hashable]) -> Iterator[list[Difference]]:
    groups: dict[Hashable, list[Difference]] = {}
    for one in every:
        groups.setdefault(way(one), []).append(one)
    yield from groups.values()


def _absence(group: Sequence[Difference]) -> Iterator[str]:
    first = group[0]
    finding = first.ruling.finding
    names = list(dict.fromkeys(one.trial.name for one in group))
    trials = names[0] if len(names) == 1 else f"{first.trial.lab.name} {_on(group)}"
    yield f"{trials} is {finding.outcome}: {finding.because}"
    yield from (f"  | {line}" for line in finding.shows.splitlines()[-LINES_OF_A_BREAKAGE:])
    yield f"  replay: {first.trial.replay}"


def _difference(group: Sequence[Difference], advised: bool) -> Iterator[str]:
    first = group[0]
    expected = first.expected or "nothing (no expectation is written)"
    yield f"{first.claim.id} {_on(group)}: expected {expected}, measured {first.ruling.outcome}"
    yield f"  claim:    {first.claim.says.first}"
    reasons = list(_grouped(group, lambda one: one.ruling.finding.because))
    for same in reasons[:REASONS_SHOWN]:
        yield from reason(same[0].ruling, f" ({_on(same)})" if len(reasons) > 1 else "")
    if len(reasons) > REASONS_SHOWN:
        yield f"  and {len(reasons) - REASONS_SHOWN} more reasons: claimlab verdicts --json has the outcomes"
    yield f"  replay:   {first.trial.replay}"
    if advised and first.ruling.outcome is not Outcome.BROKEN:
        yield "  If the measurement is right, --expect writes it into `expected` of this claim."


def reason(ruling: Ruling, where: str = "") -> Iterator[str]:
    """Lines that say why it was judged so."""
    yield f"  because:  {ruling.finding.because}{where}"
    yield from (f"            | {line}" for line in ruling.finding.shows.splitlines()[:LINES_SHOWN])
    yield from (f"  control:  {said.outcome}: {said.because}" for said in ruling.controls)
    if ruling.saw:
        seen = (f"{name} (observation {digest[:DIGEST]})" for name, digest in ruling.saw.items())
        yield f"  saw too:  {', '.join(seen)}"


def _on(group: Sequence[Difference]) -> str:
    tools = list(dict.fromkeys(one.trial.toolchain for one in group))
    return "without Go" if tools[0].bare else f"on Go {', '.join(tool.name for tool in tools)}"
