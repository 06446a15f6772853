"""What follows from what let-go saw: the claims 1.25-j/1, j/2 and l."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, void

from .lab import Chains, Seen

judges = Judges()

LEFT: Final = 0.1
"""Where less is left of the bytes, the values are freed: each is nearly all text."""


FEW: Final = 4
MANY: Final = 16


def cleanups(*procs: int) -> Callable[[Seen], dict[int, int]]:
    return lambda seen: {one.procs: one.cleanups for one in seen.at_work if one.procs in procs}


def finalizers(seen: Seen) -> dict[int, int]:
    return {one.procs: one.finalizers for one in seen.at_work}


def some_together(most: Mapping[int, int]) -> Finding:
    if not any(most.values()):
        return void("there is no runtime.AddCleanup")
    said = ", ".join(f"{count} with GOMAXPROCS={procs}" for procs, count in most.items())
    return decided(all(count > 1 for count in most.values()), f"at work at once were at most {said}")


ONE_BY_ONE: Final = Control("finalizers, which one goroutine runs", finalizers, Outcome.FAILS)


@judges.of("1.25-j/1", sees=cleanups(MANY), control=ONE_BY_ONE)
def side_by_side(most: Mapping[int, int]) -> Finding:
    """With GOMAXPROCS=16, more than one of 150 cleanups is at work at some moment."""
    return some_together(most)


@judges.of("1.25-j/2", sees=cleanups(FEW, MANY), control=ONE_BY_ONE)
def side_by_side_anyhow(most: Mapping[int, int]) -> Finding:
    """With GOMAXPROCS=4 and with 16, more than one of 150 cleanups is at work at some moment."""
    return some_together(most)


def freed_after(chains: Chains) -> int | None:
    """Collections."""
    return next((number for number, left in enumerate(chains.left, 1) if left < LEFT * chains.bytes), None)


@judges.of(
    "1.25-l",
    sees=lambda seen: seen.chains,
    control=Control("text that is held", lambda seen: [seen.held], Outcome.FAILS),
)
def in_one_collection(chains: Sequence[Chains]) -> Finding:
    """Of chains up to twenty values deep, less than a tenth of the bytes is left after one collection."""
    if not chains:
        return void("there is no package unique")
    after = {one.deep: freed_after(one) for one in chains}
    words = {deep: f"{count}" if count else "more than were made" for deep, count in after.items()}
    said = ", ".join(f"{deep} deep {count}" for deep, count in words.items())
    shows = "\n".join(f"{one.deep} deep: {one.bytes} bytes, then {one.left}" for one in chains)
    return decided(all(count == 1 for count in after.values()), f"collections until chains were freed: {said}", shows)
