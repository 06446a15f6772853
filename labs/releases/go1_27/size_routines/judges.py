"""What the observations of size-routines say of the claims 1.27-e/1 and 1.27-e/2."""

from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import Made, Seen

judges = Judges()

GENERAL: Final = "runtime.newobject"
LIMIT: Final = 80


@dataclass(frozen=True)
class Routines:
    """Objects of some sizes."""

    made: list[Made]
    is_known: bool
    """The program calls a routine made for a size somewhere."""


def has_own(one: Made) -> bool:
    return GENERAL not in one.calls


def below(seen: Seen) -> list[Made]:
    return [one for one in seen.made if one.size < LIMIT]


def beyond(seen: Seen, least: int = LIMIT) -> list[Made]:
    return [one for one in seen.made if one.size >= least]


def known(seen: Seen) -> bool:
    return any(map(has_own, seen.made))


def counted(found: Routines) -> tuple[list[Made], str] | Finding:
    """Which have a routine of their own, and the excerpt; a finding where that cannot be told."""
    shows = "\n".join(f"{one.of}, {one.size} bytes: {', '.join(one.calls)}" for one in found.made)
    if any(len(one.calls) != 1 for one in found.made):
        return unclear("a function does not call one routine", shows)
    if not found.is_known:
        return void("every size calls `runtime.newobject`", shows)
    return list(filter(has_own, found.made)), shows


@judges.of(
    "1.27-e/1",
    sees=lambda seen: Routines(below(seen), known(seen)),
    control=Control("objects of 81 bytes and more", lambda seen: Routines(beyond(seen, 81), True), Outcome.FAILS),
)
def all_below(found: Routines) -> Finding:
    """Each function that makes an object of less than 80 bytes calls another routine than `runtime.newobject`, with
    pointers in the object and without."""
    answer = counted(found)
    if isinstance(answer, Finding):
        return answer
    own, shows = answer
    words = f"{len(own)} of {len(found.made)} kinds of objects have a routine of their own"
    return decided(len(own) == len(found.made), words, shows)


@judges.of(
    "1.27-e/2",
    sees=lambda seen: Routines(beyond(seen), known(seen)),
    control=Control("objects of 81 bytes and more", lambda seen: Routines(beyond(seen, 81), True), Outcome.HOLDS),
)
def none_beyond(found: Routines) -> Finding:
    """Each function that makes an object of 80 bytes or more calls `runtime.newobject`, with pointers in the object and
    without."""
    answer = counted(found)
    if isinstance(answer, Finding):
        return answer
    own, shows = answer
    sizes = sorted({f"{one.size} bytes with {one.of}" for one in own})
    words = f"of objects of {min(one.size for one in found.made)} bytes and more {len(own)} have a routine of their own"
    return decided(not own, words + (f": {', '.join(sizes)}" if own else ""), shows)
