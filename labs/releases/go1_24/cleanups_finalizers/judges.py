"""What the observations of cleanups-finalizers say of the claims 1.24-g to 1.24-j."""

from collections.abc import Callable
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import Seen, Way

judges = Judges()

OBJECTS = 200
"""How many rings main.go makes."""


@dataclass(frozen=True)
class Ways:
    """Some manners of attaching something; None for one that the release lacks."""

    ways: list[Way | None]
    refused: str
    besides: Way | None = None
    """Objects to which nothing is attached."""


def ways(*wanted: tuple[str, int]) -> Callable[[Seen], Ways]:
    return lambda seen: Ways([seen.way(*one) for one in wanted], str(seen.build), seen.way("nothing"))


def told(way: Way) -> str:
    where = f"{way.how}, rings of {way.ring}" if way.ring > 1 else way.how
    if way.dropped is None:
        return f"{where}: {way.died}"
    seen = way.dropped
    return f"{where}: {seen.Attached} attached, calls {seen.Called}, payloads left {seen.Left} of {OBJECTS * way.ring}"


def freed_after(way: Way) -> int | None:
    """The first collection that left at most a tenth of the payloads."""
    left = way.dropped.Left if way.dropped else []
    return next((number for number, one in enumerate(left, 1) if one <= OBJECTS * way.ring // 10), None)


def all_called(way: Way) -> bool:
    return way.dropped is not None and way.dropped.Called[-1] == way.dropped.Attached > 0


def judged(found: Ways, holds: Callable[[Way], bool], words: str) -> Finding:
    """Every one of the ways is as claimed; none would be."""
    known = [way for way in found.ways if way is not None]
    shows = "\n".join(told(way) for way in [*known, *([found.besides] if found.besides else [])])
    if len(known) < len(found.ways):
        return void("the release has no cleanups", found.refused)
    answers = {holds(way) for way in known}
    if len(answers) > 1:
        return unclear(f"not all alike: {'; '.join(map(told, known))}", shows)
    return decided(answers == {True}, f"{words}: {'; '.join(map(told, known))}", shows)


@judges.of(
    "1.24-g",
    sees=ways(("three cleanups", 1)),
    control=Control("three finalizers to one object", ways(("three finalizers", 1)), Outcome.FAILS),
)
def several(found: Ways) -> Finding:
    """Three are attached to each object, and each is called."""
    return judged(found, lambda way: all_called(way) and calls_each(way) == 3, "calls")


def calls_each(way: Way) -> float:
    return way.dropped.Called[-1] / (OBJECTS * way.ring) if way.dropped else 0


@judges.of(
    "1.24-h",
    sees=ways(("cleanup to inside", 1)),
    control=Control("a finalizer to the same field", ways(("finalizer to inside", 1)), Outcome.FAILS),
)
def inside(found: Ways) -> Finding:
    """One is attached to a field of 16 bytes that lies in the object's middle, and each is called."""
    return judged(found, all_called, "calls")


def bare(seen: Seen) -> Ways:
    return Ways([seen.way("nothing", 2), seen.way("nothing", 10)], "")


@judges.of(
    "1.24-i",
    sees=ways(("cleanup", 2), ("cleanup", 10)),
    control=(
        Control("finalizers in such rings", ways(("finalizer", 2), ("finalizer", 10)), Outcome.FAILS),
        Control("rings without either", bare, Outcome.HOLDS),
    ),
)
def rings(found: Ways) -> Finding:
    """Rings of two and of ten objects, all of which have a cleanup, are gone after six collections."""
    return judged(found, lambda way: freed_after(way) is not None, "memory")


@judges.of(
    "1.24-j",
    sees=ways(("cleanup", 1)),
    control=Control("objects with a finalizer", ways(("finalizer", 1)), Outcome.FAILS),
)
def not_put_off(found: Ways) -> Finding:
    """The payload of an object that has a cleanup is gone after as few collections as that of one that has nothing."""
    least = freed_after(found.besides) if found.besides else None
    if least is None:
        return unclear("not even the memory of objects without anything attached came back")
    return judged(
        found, lambda way: freed_after(way) == least, f"gone after collection {least} where nothing is attached; memory"
    )


@judges.of(
    "1.24-k/3",
    sees=ways(("cleanup", 1)),
    control=Control("a finalizer", ways(("finalizer", 1)), Outcome.FAILS),
)
def freed_at_once(found: Ways) -> Finding:
    """Of objects with a cleanup the first collection leaves at most a tenth, as of objects with nothing attached; with
    a finalizer it takes another one."""
    return judged(found, lambda way: freed_after(way) == 1, "collections")
