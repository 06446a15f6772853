"""Judging one figure by those of other releases: the same in all that have it, or less or more than on one. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from claimlab.verdicts.finding import Finding, decided, fails, holds, unclear, void
from claimlab.verdicts.value import Value


@dataclass(frozen=True, slots=True)
class Related:
    """A figure, and what it is on other releases; None where there is no such thing."""

    here: Value | None
    there: Mapping[str, Value | None]
    """By toolchain, oldest first."""
    is_after: bool = True
    """The release is newer than all of these."""


def same_in_all(what: str) -> Callable[[Related], Finding]:
    """A judge of "it is the same in every release that has it"."""

    def decide(found: Related) -> Finding:
        if found.here is None:
            return void(f"{what}: there is no such thing here")
        there = {name: value for name, value in found.there.items() if value is not None}
        if len(there) < 2:
            return unclear(f"{what} is {found.here}, and of the releases that were asked no other has it")
        agree = all(found.here.agrees(value) for value in there.values())
        return decided(agree, f"{what} is {found.here}; {_told(there)}")

    return decide


def less_than(what: str) -> Callable[[Related], Finding]:
    """A judge of "it is less than on that release", for newer ones; the whole interval has to lie on one side."""
    return _beside(what, lambda here, there: here.interval[1] < there.interval[0])


def more_than(what: str) -> Callable[[Related], Finding]:
    """As :func:`less_than`, of "it is more"."""
    return _beside(what, lambda here, there: here.interval[0] > there.interval[1])


def _beside(what: str, claimed: Callable[[Value, Value], bool]) -> Callable[[Related], Finding]:
    def decide(found: Related) -> Finding:
        (name, there), *_ = found.there.items()
        if not found.is_after:
            return void(f"it is about releases after {name}")
        if found.here is None or there is None:
            return void(f"{what}: there is no such thing {'here' if found.here is None else 'on ' + name}")
        says = f"{what} is {found.here}, and {there} on {name}"
        if claimed(found.here, there):
            return holds(says)
        is_range = found.here.interval[0] < found.here.interval[1] or there.interval[0] < there.interval[1]
        return unclear(f"{says}: their intervals meet") if is_range and found.here.agrees(there) else fails(says)

    return decide


def _told(there: Mapping[str, Value]) -> str:
    """``144 B on 1.21.13, 1.22.10; 136 B on 1.24.11``."""
    groups: dict[str, list[str]] = {}
    for name, value in there.items():
        groups.setdefault(str(value), []).append(name)
    return "; ".join(f"{value} on {', '.join(names)}" for value, names in groups.items())
