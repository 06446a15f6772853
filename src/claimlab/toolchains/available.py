"""Which releases there are: those that the package index offers, and how this project knows them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final, Literal

import msgspec
from packaging.version import Version

from claimlab.project.project import Project
from claimlab.toolchains.pins import OURS, load_pins
from claimlab.toolchains.toolchain import this_platform
from claimlab.toolchains.unpinned import met
from claimlab.toolchains.wheels import offered

Standing = Literal["pinned", "met", "offered"]
SCHEMA: Final = 1


class Offer(msgspec.Struct, frozen=True):
    """A release."""

    go: str
    series: str
    """``1.23`` of ``1.23.4``."""
    standing: Standing
    """``pinned``: in the pins, by hash. ``met``: used before, known by the hash that it had then. ``offered``:
    neither."""
    wheel: str
    """The version of the wheel that holds it; empty if the index offers none."""


class Available(msgspec.Struct, frozen=True):
    """What is offered for this machine, and what is pinned and not offered."""

    schema: int
    platform: str
    releases: list[Offer]
    """Oldest first."""


def available_to(project: Project) -> Available:
    """All releases that the index offers or the project knows; :class:`EnvironmentMissing` if pip cannot tell."""
    wheels = offered()
    pinned = {release.name for release in load_pins(project.pins or OURS).releases if not release.own}
    known = met(project)
    rows = [
        Offer(go, ".".join(map(str, Version(go).release[:2])), _standing(go, pinned, set(known)), wheels.get(go, ""))
        for go in sorted({*wheels, *pinned, *known}, key=Version)
    ]
    return Available(SCHEMA, this_platform(), rows)


def _standing(go: str, pinned: set[str], known: set[str]) -> Standing:
    if go in pinned:
        return "pinned"
    return "met" if go in known else "offered"


def in_lines(found: Available) -> Iterator[str]:
    """For people: a line for each series, newest patch last, and below what the words mean."""
    for series, rows in groupby(found.releases, key=lambda one: one.series):
        yield f"{series:6} " + "   ".join(_told(one) for one in rows)
    yield ""
    yield "pinned: labs run on it.   met: not pinned, but known by the hash that it had when it was used first."
    yield "Pin one more with: claimlab toolchains.add VERSION"


def _told(one: Offer) -> str:
    notes: list[str] = [one.standing] if one.standing != "offered" else []
    if one.wheel and one.wheel != one.go:
        notes.append(f"wheel {one.wheel}")
    if not one.wheel:
        notes.append("not offered")
    return f"{one.go} ({', '.join(notes)})" if notes else one.go
