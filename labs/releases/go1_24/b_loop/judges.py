"""What the observations of b-loop say of the claims 1.24-e and 1.24-f."""

from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Function, Judges, Outcome, decided, loop_ranges, unclear, void

from .lab import CALLS, Entered, Seen

judges = Judges()

MULTIPLIES: Final = ("mul", "imul", "mulx", "madd", "umulh")
"""On amd64 and arm64."""
CALLED: Final = ("main.square", "main.box.square")
LEFT: Final = "left in the loop"


@dataclass(frozen=True)
class Entries:
    """How often a function was entered, by the process."""

    counts: list[tuple[Entered, int]]
    is_there: bool


@judges.of(
    "1.24-e",
    sees=lambda seen: Entries([(one, one.looped) for one in seen.entered], seen.build.accepted),
    control=Control(
        "a benchmark that counts to b.N",
        lambda seen: Entries([(one, one.counted) for one in seen.entered], True),
        Outcome.FAILS,
    ),
)
def once(entries: Entries) -> Finding:
    """However long the benchmark is to take, its function is entered as often as `-count` says."""
    if not entries.is_there:
        return void("there is no B.Loop")
    told = "; ".join(
        f"entered {entered} times with -count {one.count} and -benchtime {one.benchtime}"
        for one, entered in entries.counts
    )
    return decided(all(one.count == entered for one, entered in entries.counts), told)


@dataclass(frozen=True)
class Loops:
    """The loops of one kind, in the order of CALLS."""

    functions: list[Function]

    def place(self, function: Function) -> str:
        """Where it calls what the source calls, or multiplies as that does."""
        work = [one.address for one in function.instructions if one.mnemonic in MULTIPLIES or one.target in CALLED]
        if not work:
            return "gone"
        looped = loop_ranges(function)
        return LEFT if any(low <= at <= high for at in work for low, high in looped) else "outside the loop"


def loops(kind: str, seen: Seen) -> Loops:
    return Loops([one for one in seen.loops if one.name.startswith(f"main.{kind}")])


@judges.of(
    "1.24-f",
    sees=lambda seen: loops("looped", seen),
    control=Control("loops that count to b.N", lambda seen: loops("counted", seen), Outcome.FAILS),
)
def kept(found: Loops) -> Finding:
    """The work of a call is done in each round of the loop, whether a function, a method or one that the compiler knows
    is called.

    The compiler knows `bits.Mul64`, and makes an instruction of the call.
    """
    if not all(one.present for one in found.functions):
        return void("there is no B.Loop")
    if len(found.functions) != len(CALLS):
        return unclear("not all loops are in the program")
    shows = "\n\n".join(
        f"{one.name}:\n" + "\n".join(str(instruction) for instruction in one.instructions) for one in found.functions
    )
    places = [found.place(one) for one in found.functions]
    words = ", ".join(f"{call.lower()} {place}" for call, place in zip(CALLS, places, strict=True))
    return decided(all(place == LEFT for place in places), f"the work of the calls: {words}", shows)
