"""What follows from what kept-in-loop saw: the claims 1.26-n, o/1 and o/2."""

from collections.abc import Callable, Sequence
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, void

from .lab import CALL, CHANGING, THE_SAME, Looped, Seen

judges = Judges()

NONE: Final = "there is no testing.B.Loop"


def of(*names: str) -> Callable[[Seen], list[Looped]]:
    return lambda seen: [seen.loops[name] for name in names]


@judges.of(
    "1.26-n",
    sees=of(CALL),
    control=(
        Control("the same function called in a loop over b.N", of("countedCall"), Outcome.HOLDS),
        Control("one that must not be inlined", of("countedFar"), Outcome.FAILS),
    ),
)
def is_inlined(loops: Sequence[Looped]) -> Finding:
    """The loop has the small function's multiplication and calls no function of the program."""
    if not all(one.exists for one in loops):
        return void(NONE)
    called = [name for one in loops for name in one.calls if name.startswith("main.")]
    said = f"the loop calls {', '.join(called) or 'no function of the program'}"
    said += f" and has {sum(one.multiplies for one in loops)} multiplications"
    shows = "\n".join(one.listing for one in loops)
    return decided(not called and all(one.multiplies for one in loops), said, shows)


def stays(loops: Sequence[Looped]) -> Finding:
    if not all(one.exists for one in loops):
        return void(NONE)
    places = {(False, False): "nowhere", (False, True): "outside the loop"}
    said = ", ".join(f"{one.name} {places.get((one.multiplies > 0, one.outside > 0), 'in the loop')}" for one in loops)
    shows = "\n".join(f"{one.name}:\n{one.listing}" for one in loops)
    return decided(all(one.multiplies for one in loops), f"the multiplication is of {said}", shows)


UNUSED: Final = Control("the same assignment in a loop over b.N", of("counted"), Outcome.FAILS)
USED: Final = Control("a product that is used, in a loop over b.N", of("countedCall"), Outcome.HOLDS)


@judges.of("1.26-o/1", sees=of(*CHANGING), control=(UNUSED, USED))
def is_not_dropped(loops: Sequence[Looped]) -> Finding:
    """A product that nothing uses, another one in each round, is computed in the loop.

    It is assigned to a variable declared before the loop, and to one in a block of its body.
    """
    return stays(loops)


@judges.of("1.26-o/2", sees=of(*THE_SAME), control=(UNUSED, USED))
def is_done_each_round(loops: Sequence[Looped]) -> Finding:
    """A product that nothing uses, always the same, is computed in the loop.

    It is assigned with `=` and `+=`, to the blank identifier, and in a block of the body.
    """
    return stays(loops)
