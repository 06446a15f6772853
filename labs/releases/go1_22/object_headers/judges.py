"""What objects take and where they lie, beside Go 1.21: the claims 1.22-d and e."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, void

from .lab import Object, Seen

judges = Judges()

BEFORE = "1.21"
BOUNDARY = 16
"""That objects lie on which are now on 8 bytes alone."""


@dataclass(frozen=True)
class Compared:
    """Objects of the same sizes, on a release and on the one before the change."""

    here: dict[str, Object]
    before: dict[str, Object]
    is_after: bool = True


def both(here: Seen, before: Seen, *, is_after: bool) -> Compared:
    return Compared(kinds(here), kinds(before), is_after)


def kinds(seen: Seen) -> dict[str, Object]:
    """By kind and size: ``pointers 576``."""
    found = {"pointers": seen.pointers, "plain": seen.plain}
    return {f"{kind} {size}": objects[size] for kind, objects in found.items() for size in sorted(objects, key=int)}


CONTROL = Control(
    "objects without pointers, which need no word about them",
    lambda on: Compared(on.here.plain, on[BEFORE].plain),
    Outcome.FAILS,
)


def told(moved: list[str], compared: Compared, what: str) -> str:
    """Of how many it is so, and which are the smallest and the largest."""
    words = f"{len(moved)} of {len(compared.here)} sizes and kinds {what}"
    return f"{words}: {moved[0]} to {moved[-1]} bytes" if moved else words


def listed(moved: list[str], compared: Compared, attribute: str) -> str:
    pairs = ((one, getattr(compared.before[one], attribute), getattr(compared.here[one], attribute)) for one in moved)
    return "\n".join(f"{one} bytes: {before}, now {here}" for one, before, here in pairs)


@judges.across(
    "1.22-d",
    BEFORE,
    sees=lambda on: both(on.here, on[BEFORE], is_after=on.is_after(BEFORE)),
    control=CONTROL,
)
def some_take_more(compared: Compared) -> Finding:
    """Objects of some size take more of the heap than on Go 1.21."""
    if not compared.is_after:
        return void("it is about later releases")
    moved = [one for one, object in compared.here.items() if object.Bytes > compared.before[one].Bytes]
    words = told(moved, compared, f"take more than on {BEFORE}")
    return decided(bool(moved), words, listed(moved, compared, "Bytes"))


@judges.across(
    "1.22-e",
    BEFORE,
    sees=lambda on: both(on.here, on[BEFORE], is_after=on.is_after(BEFORE)),
    control=CONTROL,
)
def some_lie_on_eight(compared: Compared) -> Finding:
    """Objects of some size all lie on a boundary of 16 bytes or more on Go 1.21, and here some of them do not."""
    if not compared.is_after:
        return void("it is about later releases")
    moved = [
        one
        for one, object in compared.here.items()
        if compared.before[one].Align >= BOUNDARY and object.Align < BOUNDARY
    ]
    words = told(moved, compared, "have lost a boundary of 16 bytes or more")
    return decided(bool(moved), words, listed(moved, compared, "Align"))
