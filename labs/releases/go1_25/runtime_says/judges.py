"""What follows from what runtime-says saw: the claims 1.25-e, f and k."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Ran, decided, unclear, void

from .lab import ARRAY_BYTES, Mappings, Seen, Waited

judges = Judges()

TEXT: Final = "THE-TEXT"
MARK: Final = "[recovered, repanicked]"


@judges.of(
    "1.25-e",
    sees=lambda seen: [seen.panics["text"], seen.panics["error"]],
    control=Control("a panic with another text", lambda seen: [seen.panics["another"]], Outcome.FAILS),
)
def printed_once(panics: Sequence[Ran]) -> Finding:
    """Raised again is the same string, and the same error: the message has the text once, with both marks."""
    messages = [ran.stderr.partition("\n\ngoroutine ")[0] for ran in panics]
    once = [message.count(TEXT) == 1 and MARK in message for message in messages]
    said = "; ".join(f"the text stands {message.count(TEXT)} times" for message in messages)
    return decided(all(once), f"in the messages of {len(panics)} panics, {said}", "\n".join(messages))


@judges.of(
    "1.25-f",
    sees=lambda seen: seen.mappings,
    control=Control("decoratemappings=0, which switches it off", lambda seen: seen.mappings_off, Outcome.FAILS),
)
def is_named(seen: Mappings) -> Finding:
    """The kernel is asked to name the mapping of an array on the heap, with a name that has heap in it.

    Of the two sides of the array's mapping one may have had its name before."""
    if not seen.array:
        return unclear("the debugger has not seen where the array lies")
    asked = [one for one in seen.named if one.asked]
    of_array = [
        one.name for one in asked if one.start < seen.array + ARRAY_BYTES and seen.array < one.start + one.length
    ]
    said = f"the runtime asked {len(asked)} times to name a mapping, of the array's {len(of_array)} times"
    names = ", ".join(f"`{name}`" for name in dict.fromkeys(of_array))
    shows = "\n".join(f"{one.start:#x} + {one.length:#x}: {one.name}" for one in asked)
    return decided(any("heap" in name for name in of_array), said + (f": {names}" if names else ""), shows)


UNLOCKS: Final = "runtime.unlock"
CALLERS: Final = ("main.send", "main.receive")
OURS: Final = "main.hold"
ENOUGH: Final = 20


@dataclass(frozen=True)
class Waits:
    """Records of the mutex profile, and whether the runtime books waits for its own locks there."""

    records: Sequence[Waited]
    books: bool


def waits(seen: Seen, *, for_ours: bool) -> Waits:
    return Waits([one for one in seen.waited if (OURS in one.stack) is for_ours], seen.books or for_ours)


@judges.of(
    "1.25-k",
    sees=lambda seen: waits(seen, for_ours=False),
    control=Control("waiting for a sync.Mutex", lambda seen: waits(seen, for_ours=True), Outcome.FAILS),
)
def points_to_the_end(seen: Waits) -> Finding:
    """Records name the function that gave the lock inside the channel back, and who called that.

    Two goroutines send and two receive. Their records have `runtime.unlock` innermost, and below it main's sender or
    receiver. With fewer than 20 waits in three seconds nothing is said, nor if all that the records name are places of
    the scheduler's.
    """
    if not seen.books:
        return void("the mutex profile knows of no waits for locks inside the runtime")
    times = sum(one.times for one in seen.records)
    ends = [one for one in seen.records if one.stack[0] == UNLOCKS and set(CALLERS) & set(one.stack)]
    lost = sum(one.times for one in seen.records if any("LostContended" in name for name in one.stack))
    said = f"of {times} waits {sum(one.times for one in ends)} are told with the unlocking call of a sender or receiver"
    said += f", and {lost} without a place"
    shows = "\n".join(f"{one.times}: {' < '.join(one.stack)}" for one in seen.records[:10])
    elsewhere = not ends and any(one.stack[0] == UNLOCKS for one in seen.records)
    return unclear(said, shows) if times < ENOUGH or elsewhere else decided(bool(ends), said, shows)
