"""What the article's listing has to do with CompareAndSwapPointer, and whether it can work: 3.3-d/1, d/2 and n."""

from dataclasses import dataclass

from claimlab import Control, Finding, Function, Judges, Outcome, decided, fails, holds, listing, unclear

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


@dataclass(frozen=True)
class Flag:
    """What the zero flag says after a compare-and-swap."""

    on_failure: bool
    swaps: list[Executed]


def after_swaps(seen: Seen, *, on_failure: bool) -> Flag:
    return Flag(on_failure, [step for one in seen.traces.values() for step in one.steps if step.compares])


@judges.of(
    "3.3-n",
    sees=lambda seen: after_swaps(seen, on_failure=False),
    control=Control(
        "the flag read the other way round, with 1 for a failure",
        lambda seen: after_swaps(seen, on_failure=True),
        Outcome.FAILS,
    ),
)
def the_flag_tells_a_failure(flag: Flag) -> Finding:
    """After each CMPXCHG that was executed the zero flag is 0 if the memory held another value than the expected one,
    and 1 if it held this: so a JZ is taken on success."""
    failed = [step for step in flag.swaps if step.found != step.expected]
    right = [step for step in flag.swaps if step.swapped == ((step.found != step.expected) == flag.on_failure)]
    words = f"the zero flag after {len(flag.swaps)} CMPXCHG, of which {len(failed)} found another value than expected: "
    words += f"{len(right)} times it was {int(flag.on_failure)} on a failure and {int(not flag.on_failure)} on success"
    if not 0 < len(failed) < len(flag.swaps):
        return unclear(words)
    return decided(len(right) == len(flag.swaps), words)
