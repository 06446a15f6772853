"""What the observations of weak-pointers say of the claim 1.24-l."""

from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import Seen

judges = Judges()

SHARING: Final = 16
"""So many objects of one byte at most share their memory with another object that lives on (runtime/malloc.go:
maxTinySize)."""


@dataclass(frozen=True)
class Size:
    """Objects of one size, and how many of them pointers led to."""

    label: str
    objects: int
    held: int
    """While a strong pointer was there."""
    left: int
    """When none was."""


@dataclass(frozen=True)
class Sizes:
    """Every size; none where there is no package weak."""

    sizes: list[Size]
    refused: str


def sizes(seen: Seen, strong: bool = False) -> Sizes:
    found = [
        Size(
            f"{one.Bytes} {'byte' if one.Bytes == 1 else 'bytes'} {'with' if one.HasPointers else 'without'} pointers",
            one.Objects,
            one.While,
            one.Strong if strong else one.After,
        )
        for one in seen.pointed
    ]
    return Sizes(found, str(seen.build))


def invented(_: Seen) -> Sizes:
    return Sizes([Size("a size that nobody made", 100, 100, 100)], "")


@judges.of(
    "1.24-l",
    sees=sizes,
    control=Control(
        "strong pointers in the place of the weak ones; where no program with weak ones builds, a size that was kept",
        lambda seen: sizes(seen, strong=True) if seen.pointed else invented(seen),
        Outcome.FAILS,
    ),
)
def it_lets_go(found: Sizes) -> Finding:
    """Of each size the weak pointers lead to all objects while strong ones do, and after three more collections to
    none.

    Objects of less than 16 bytes without pointers share their memory with others. A few that are left for that reason
    are none that their weak pointer has kept.
    """
    if not found.sizes:
        return void("there is no package weak", found.refused)
    shows = "\n".join(f"{one.label}: {one.held} of {one.objects}, then {one.left}" for one in found.sizes)
    if any(one.held < one.objects for one in found.sizes):
        return unclear("a weak pointer did not lead to an object to which a strong one led", shows)
    kept = [one for one in found.sizes if one.left == one.objects]
    if any(one.left > SHARING for one in found.sizes if one not in kept):
        return unclear("some of the objects of one size were left", shows)
    words = (
        f"kept after three collections without a strong pointer: all {kept[0].objects} objects with " if kept else ""
    )
    few = [f"{one.left} of {one.objects} of {one.label}" for one in found.sizes if 0 < one.left < one.objects]
    gone = f"objects of every size were gone{', but for ' if few else ''}{', '.join(few)}"
    words = words + ", and all with ".join(one.label for one in kept) if kept else gone
    return decided(not kept, words, shows)
