"""From what was measured to what is to be expected: the rules that a claim's data would have to hold."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from packaging.specifiers import SpecifierSet

from claimlab.project.claim import Expectation
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain

CERTAIN = frozenset({Outcome.HOLDS, Outcome.FAILS, Outcome.VOID, Outcome.UNCLEAR})
"""What may be expected. A broken or missing trial has said nothing."""


def public_of(axis: Mapping[str, Toolchain | None]) -> dict[str, Toolchain | None]:
    """What expectations are about: a Go of one's own takes no part in them."""
    return {name: tool for name, tool in axis.items() if tool is None or not tool.release.own}


def rules_for(outcomes: Mapping[str, Outcome], axis: Mapping[str, Toolchain | None]) -> tuple[Expectation, ...]:
    """The fewest rules, in the order in which the first that covers a toolchain counts, that say just this.

    Of releases: what one's own Go does is nothing that everybody may expect.
    Raises ValueError if a trial is broken or missing.
    """
    public = public_of(axis)
    if gaps := [name for name in public if outcomes[name] not in CERTAIN]:
        raise ValueError(f"nothing was measured on {', '.join(gaps)}")
    tools = [tool for tool in public.values() if tool]
    plain = [tool for tool in tools if not tool.variant]
    if not plain:
        return tuple(_rule(outcome) for outcome in dict.fromkeys(outcomes[name] for name in public))
    runs = [(outcome, list(run)) for outcome, run in groupby(plain, key=lambda tool: outcomes[tool.name])]
    ends = [run[0] for _, run in runs[1:]]
    along = [_rule(outcome, f"<{_name(end, plain)}") for (outcome, _), end in zip(runs, ends, strict=False)]
    along.append(_rule(runs[-1][0]))
    differing: dict[str, list[Toolchain]] = {}
    for tool in tools:
        if tool.variant and outcomes[tool.name] is not outcomes.get(tool.release.name, _along(along, tool)):
            differing.setdefault(tool.variant, []).append(tool)
    first = [rule for name, found in differing.items() for rule in _variants(name, found, tools, outcomes)]
    return (*first, *along)


def _variants(
    variant: str, found: Sequence[Toolchain], tools: Sequence[Toolchain], outcomes: Mapping[str, Outcome]
) -> list[Expectation]:
    """One rule where all with the experiment or setting agree, else one for each that differs from the plain one."""
    every = {outcomes[tool.name] for tool in tools if tool.variant == variant}
    if len(every) == 1:
        return [_rule(every.pop(), of=found[0])]
    return [_rule(outcomes[tool.name], f"=={tool.release.version}", tool) for tool in found]


def _along(rules: Sequence[Expectation], tool: Toolchain) -> Outcome:
    return next(rule.outcome for rule in rules if tool.go in rule.go)


def _rule(outcome: Outcome, go: str = "", of: Toolchain | None = None) -> Expectation:
    variant = (of.experiment or None, of.godebug or None) if of else (None, None)
    return Expectation(outcome, SpecifierSet(go), *variant)


def _name(tool: Toolchain, plain: Sequence[Toolchain]) -> str:
    """``1.24`` where one patch of it is asked, which then stands for all; else the patch itself."""
    return tool.language if sum(one.language == tool.language for one in plain) == 1 else tool.release.version


def as_data(rules: Sequence[Expectation]) -> str | list[dict[str, str]]:
    """As a claims.toml spells it: an outcome, or a list of rules."""
    data = [_as_data(rule) for rule in rules]
    return data[0]["outcome"] if len(data) == 1 and len(data[0]) == 1 else data


def _as_data(rule: Expectation) -> dict[str, str]:
    told = {"go": str(rule.go) or None, "experiment": rule.experiment, "godebug": rule.godebug}
    return {name: value for name, value in told.items() if value is not None} | {"outcome": str(rule.outcome)}
