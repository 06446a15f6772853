"""From what was measured to what is to be expected: the rules that a claim's data would have to hold."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from packaging.specifiers import SpecifierSet

from claimlab.project.claim import Expectation
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain

CERTAIN = frozenset({Outcome.HOLDS, Outcome.FAILS, Outcome.VOID, Outcome.UNCLEAR})
"""What may be expected. A broken or missing trial has said nothing."""


def rules_for(outcomes: Mapping[str, Outcome], axis: Mapping[str, Toolchain | None]) -> tuple[Expectation, ...]:
    """The fewest rules, in the order in which the first that covers a toolchain counts, that say just this.

    Of releases: what one's own Go does is nothing that everybody may expect.
    Raises ValueError if a trial is broken or missing.
    """
    public = {name: tool for name, tool in axis.items() if tool is None or not tool.release.own}
    if gaps := [name for name in public if outcomes[name] not in CERTAIN]:
        raise ValueError(f"nothing was measured on {', '.join(gaps)}")
    tools = [tool for tool in public.values() if tool]
    plain = [tool for tool in tools if not tool.experiment]
    if not plain:
        return tuple(_rule(outcome) for outcome in dict.fromkeys(outcomes[name] for name in public))
    runs = [(outcome, list(run)) for outcome, run in groupby(plain, key=lambda tool: outcomes[tool.name])]
    ends = [run[0] for _, run in runs[1:]]
    along = [_rule(outcome, f"<{_name(end, plain)}") for (outcome, _), end in zip(runs, ends, strict=False)]
    along.append(_rule(runs[-1][0]))
    variants: dict[str, list[Toolchain]] = {}
    for tool in tools:
        if tool.experiment and outcomes[tool.name] is not outcomes.get(tool.release.name, _along(along, tool)):
            variants.setdefault(tool.experiment, []).append(tool)
    first = [rule for name, found in variants.items() for rule in _variants(name, found, tools, outcomes)]
    return (*first, *along)


def _variants(
    experiment: str, found: Sequence[Toolchain], tools: Sequence[Toolchain], outcomes: Mapping[str, Outcome]
) -> list[Expectation]:
    """One rule where all builds with the experiment agree, else one for each that differs from its plain build."""
    every = {outcomes[tool.name] for tool in tools if tool.experiment == experiment}
    if len(every) == 1:
        return [_rule(every.pop(), experiment=experiment)]
    return [_rule(outcomes[tool.name], f"=={tool.release.version}", experiment) for tool in found]


def _along(rules: Sequence[Expectation], tool: Toolchain) -> Outcome:
    return next(rule.outcome for rule in rules if tool.go in rule.go)


def _rule(outcome: Outcome, go: str = "", experiment: str | None = None) -> Expectation:
    return Expectation(outcome, SpecifierSet(go), experiment)


def _name(tool: Toolchain, plain: Sequence[Toolchain]) -> str:
    """``1.24`` where one patch of it is asked, which then stands for all; else the patch itself."""
    return tool.language if sum(one.language == tool.language for one in plain) == 1 else tool.release.version


def as_data(rules: Sequence[Expectation]) -> str | list[dict[str, str]]:
    """As a claims.toml spells it: an outcome, or a list of rules."""
    if len(rules) == 1 and not str(rules[0].go) and rules[0].experiment is None:
        return str(rules[0].outcome)
    return [
        ({"go": str(rule.go)} if str(rule.go) else {})
        | ({"experiment": rule.experiment} if rule.experiment is not None else {})
        | {"outcome": str(rule.outcome)}
        for rule in rules
    ]
