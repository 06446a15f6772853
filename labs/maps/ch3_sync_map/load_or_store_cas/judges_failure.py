"""What follows a compare-and-swap that has failed: the claims 3.3-a/2, 3.3-e and 3.3-f."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Touch, decided, fails, holds, unclear, void

from .judges_swap import NO_CAS, as_text, swaps
from .lab import Executed, Seen, Trace
from .under_gdb import ANOTHER, EMPTIED, ON_MAP

judges = Judges()

SAYS = {
    ANOTHER: "after another goroutine's value had made it fail",
    EMPTIED: "after a value that was gone again had made it fail",
    "reloads": "in a loop of our own, after another value had made it fail",
    "mended": "in our own loop around CMPXCHG, which expects what is not there",
}


@dataclass(frozen=True)
class Failure:
    """What was seen from a failing compare-and-swap on, in one process by debug registers, in another step by step."""

    what: str
    touches: list[Touch]
    trace: Trace
    paused: dict[str, int]
    """PAUSE instructions in each function on the way."""

    @property
    def swaps(self) -> list[Executed]:
        return [step for step in self.trace.steps if step.compares and step.touches_word]

    def agrees(self) -> bool:
        """Both saw the same compare-and-swaps, and the first one fail."""
        watched = [touch.before != touch.after for touch in swaps(self.touches)]
        traced = [bool(step.swapped) for step in self.swaps]
        return self.trace.ended and watched == traced and traced[:1] == [False]

    def between(self) -> list[Executed]:
        """What was executed after the first compare-and-swap, and before the second one if there is one."""
        steps = self.trace.steps
        places = [place for place, step in enumerate(steps) if step.compares and step.touches_word]
        return steps[places[0] + 1 : places[1] if len(places) > 1 else len(steps)]

    def as_text(self) -> str:
        return f"{self.what}:\n{as_text(self.touches)}"


def failure(seen: Seen, name: str) -> Failure | None:
    run, trace = seen.failing(name), seen.traces.get(name)
    if run is None or trace is None:
        return None
    names = dict.fromkeys(step.function for step in trace.steps)
    paused = {function: seen.paused[function] for function in names if function in seen.paused}
    return Failure(SAYS[name], [touch for stop in run.stops for touch in stop.touches], trace, paused)


def failures(seen: Seen, *names: str) -> list[Failure]:
    return [found for name in names if (found := failure(seen, name))]


def disagreement(failures: list[Failure]) -> Finding:
    return unclear("the instruments disagree, or no compare-and-swap failed", "\n".join(map(Failure.as_text, failures)))


@judges.of(
    "3.3-a/2",
    sees=lambda seen: failures(seen, *ON_MAP),
    control=Control(
        "a loop of our own that loads the word and compares and swaps until it succeeds",
        lambda seen: failures(seen, "reloads"),
        Outcome.HOLDS,
    ),
)
def tries_again(failures: list[Failure]) -> Finding:
    """A compare-and-swap that fails because another goroutine's value is there is followed by another one.

    A CMPXCHG fails for no other reason (Intel SDM, volume 2A). The second situation, in which the value has vanished
    again before it is looked at, is told beside.
    """
    if not failures:
        return void(NO_CAS)
    if not all(map(Failure.agrees, failures)):
        return disagreement(failures)
    words = "; ".join(f"{one.what}, further tries: {len(one.swaps) - 1}" for one in failures)
    shows = "\n".join(map(Failure.as_text, failures))
    return decided(len(failures[0].swaps) > 1, words, shows)


@judges.of(
    "3.3-e/1",
    sees=lambda seen: failures(seen, EMPTIED),
    control=Control(
        "a loop of our own that tries again without reading the word",
        lambda seen: failures(seen, "mended"),
        Outcome.FAILS,
    ),
)
def reads_the_word_again(failures: list[Failure]) -> Finding:
    """Between a failed compare-and-swap and the next one some other instruction reads the word."""
    if not failures:
        return void(NO_CAS)
    (one,) = failures
    if not one.agrees() or len(one.swaps) < 2:
        return disagreement(failures)
    read = [step for step in one.between() if step.touches_word]
    places = [place for place, touch in enumerate(one.touches) if "cmpxchg" in touch.instruction]
    watched = one.touches[places[0] + 1 : places[1]]
    if bool(read) != bool(watched):
        return disagreement(failures)
    words = f"{one.what}, {len(one.between())} instructions were executed up to the next compare-and-swap, of which "
    words += f"{len(read) or 'none'} read the word" + (f" (`{read[0].text}`)" if read else "")
    return decided(bool(read), words, one.as_text())


@judges.of(
    "3.3-e/2",
    sees=lambda seen: failures(seen, *ON_MAP),
    control=Control(
        "a loop of our own that expects what it has just loaded", lambda seen: failures(seen, "reloads"), Outcome.HOLDS
    ),
)
def expects_what_it_read(failures: list[Failure]) -> Finding:
    """A later compare-and-swap expects what the word was found to hold, where that is not what the first one expected.

    RAX holds the expected value when CMPXCHG is executed.
    """
    if not failures:
        return void(NO_CAS)
    if not all(map(Failure.agrees, failures)):
        return disagreement(failures)
    expected = [[step.expected for step in one.swaps] for one in failures]
    found = [one.swaps[0].found for one in failures]
    told = [
        f"{one.what}, what was expected is {in_order(values)}" for one, values in zip(failures, expected, strict=True)
    ]
    words = "; ".join(told)
    shows = "\n".join(map(Failure.as_text, failures))
    if any(value in values[1:] for values, value in zip(expected, found, strict=True)):
        return holds(words, shows)
    constant = all(value == values[0] for values in expected for value in values)
    return fails(words, shows) if constant else unclear(words, shows)


def in_order(values: list[int | None]) -> str:
    return ", then ".join("nil" if value == 0 else f"{value or 0:#x}" for value in values)


@judges.of(
    "3.3-f",
    sees=lambda seen: failures(seen, *ON_MAP),
    control=Control(
        "a loop of our own with a PAUSE after a failed CMPXCHG", lambda seen: failures(seen, "mended"), Outcome.HOLDS
    ),
)
def pauses(failures: list[Failure]) -> Finding:
    """From a failed compare-and-swap on a PAUSE is executed before the next one, or before LoadOrStore returns.

    Every instruction was noted. Beside that the functions on the way are disassembled, with what was not executed too.
    """
    if not failures:
        return void(NO_CAS)
    if not all(map(Failure.agrees, failures)):
        return disagreement(failures)
    executed = [[step for step in one.between() if "pause" in step.text] for one in failures]
    there = sum({name: count for one in failures for name, count in one.paused.items()}.values())
    words = "; ".join(
        f"{one.what}, {len(steps) or 'none'} of the next {len(one.between())} instructions was PAUSE"
        for one, steps in zip(failures, executed, strict=True)
    )
    functions = dict.fromkeys(name for one in failures for name in one.paused)
    words += f"; in the machine code of {', '.join(f'`{name}`' for name in functions)} there are {there}"
    shows = "\n".join(step.text for step in failures[0].between())
    if all(executed):
        return holds(words, shows)
    return fails(words, shows) if not any(executed) and not there else unclear(words, shows)
