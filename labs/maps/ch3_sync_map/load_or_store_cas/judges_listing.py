"""What the article's listing has to do with CompareAndSwapPointer, and whether it can work: the claims 3.3-d/1, d/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Function, Judges, Outcome, fails, holds, listing, unclear

from .lab import Executed, Seen, Trace, Tried
from .under_gdb import MENDED

judges = Judges()


@dataclass(frozen=True)
class Call:
    """A call whose compare-and-swap fails, step by step, and the machine code of the functions on its way."""

    what: str
    trace: Trace
    code: list[Function]
    beside: str = ""

    @property
    def swaps(self) -> list[Executed]:
        return [step for step in self.trace.steps if step.compares and step.touches_word]

    @property
    def pauses(self) -> int:
        return sum("pause" in step.text for step in self.trace.steps)

    def jumps_back(self) -> list[str]:
        """Jumps to a lower address of the same function."""
        return [
            str(one)
            for function in self.code
            for one in function.instructions
            if one.mnemonic.startswith("j") and not one.target and one.operands[-1].kind == "immediate"
            if one.operands[-1].immediate <= one.address
        ]


def real(seen: Seen) -> Call:
    code = [function for function in seen.code if function.name != MENDED]
    good = [step for step in seen.traces["call succeeds"].steps if step.compares]
    beside = f"; where it succeeds {len(good)} CMPXCHG"
    return Call("`atomic.CompareAndSwapPointer`", seen.traces["call fails"], code, beside)


def ours(seen: Seen) -> Call:
    code = [function for function in seen.code if function.name == MENDED]
    return Call("our own loop", seen.traces["mended"], code)


@judges.of(
    "3.3-d/1",
    sees=real,
    control=Control("a loop of our own that is built like the listing and called in the same way", ours, Outcome.HOLDS),
)
def is_a_loop_that_pauses(call: Call) -> Finding:
    """A call that fails executes PAUSE, and its CMPXCHG again. The machine code has to show a jump back, or none.

    Every instruction from the call to its return was noted.
    """
    back = call.jumps_back()
    names = ", ".join(f"`{function.name}`" for function in call.code)
    words = f"of the {len(call.trace.steps)} instructions that a failing call of {call.what} executes "
    words += f"{len(call.swaps)} are CMPXCHG and {call.pauses} PAUSE{call.beside}; jumps back in the machine code of "
    words += f"{names}: {len(back)}"
    compares = next((one for one in call.code for step in call.swaps[:1] if one.at(step.address)), None)
    shows = listing(compares.instructions, [step.address for step in call.swaps]) if compares else ""
    if not call.trace.ended or not call.swaps or any(step.swapped for step in call.swaps):
        return unclear(words, shows)
    if len(call.swaps) > 1 and call.pauses and back:
        return holds(words, shows)
    alone = len(call.swaps) == 1 and not call.pauses and not back
    return fails(words, shows) if alone else unclear(words, shows)


def tries(seen: Seen, loop: str) -> list[Tried]:
    return [tried for tried in seen.loops if tried.loop == loop]


@judges.of(
    "3.3-d/2",
    sees=lambda seen: tries(seen, "listed"),
    control=Control("the same loop with the expected value in RAX", lambda seen: tries(seen, "mended"), Outcome.HOLDS),
)
def swaps_what_it_should(tried: list[Tried]) -> Finding:
    """Assembled, it swaps a word that holds the expected value, and leaves one that holds something else as it is.

    In the listing AX holds the word's address. CMPXCHG compares with RAX, whatever else holds the old value (Intel SDM,
    volume 2A).
    """
    words = "; ".join(
        f"a word with {one.holds} was {'swapped' if one.swapped else 'not swapped'} after {one.tries} tries"
        for one in tried
    )
    right = [one.swapped == (one.holds == "the expected value") for one in tried]
    if not right:
        return unclear("the loop was not tried")
    return holds(words) if all(right) else fails(words)
