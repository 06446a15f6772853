"""What the program does under gdb, step by step. Part of load-or-store-cas."""

from typing import Final

import msgspec

from claimlab import Run, Step, Touch, Watch

CAS_POINTER: Final = "sync/atomic.CompareAndSwapPointer"
MENDED: Final = "main.mendedLoop.abi0"
"""The lab's own loop, as the assembler names what is called by the old convention (https://go.dev/s/regabi)."""
HOLD: Final = ["main.hold"]
WATCHED: Final = ("absent", "present", "deleted", "expunged", "first", "stored", "succeeds")
"""Experiments during which the word is watched, and nothing is changed."""
ANOTHER: Final = "another value"
EMPTIED: Final = "another value, emptied again"
ON_MAP: Final = (ANOTHER, EMPTIED)
"""LoadOrStore of a deleted key; right before its compare-and-swap the debugger stores another value into the word, and
with EMPTIED takes it out again right after."""
ON_WORD: Final = ("reloads", "mended")
"""Loops on a word of our own. Into that of the first one the debugger stores another value too; the second one expects
a value that the word does not hold."""
WORD: Final = [Watch("word", "'main.wordAddress'", "access")]
RESULT: Final = {"returned": "'main.returned'", "loaded": "'main.loaded'"}


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value to put into the word, after so many steps of a trace."""

    after: int
    value: str
    """A gdb expression."""


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One run of trace.py."""

    experiment: str
    begin: str
    """Where to begin noting, on the way from the first hold."""
    until: str
    """The function in which to end."""
    stores: list[Store] = []


def watched(experiment: str) -> Run:
    """From one hold to the next."""
    known = {"word": "'main.wordAddress'"}
    end = Step(HOLD, watches=WORD, counts=[CAS_POINTER], values=RESULT)
    return Run([experiment], 1, [Step(HOLD, values=known), end])


def forced(name: str, compare: Touch) -> Run:
    """The word is watched from the compare-and-swap on."""
    end = Step(HOLD, watches=WORD, values=RESULT)
    if name == "mended":
        return Run([name], 1, [Step(HOLD), end])
    before, after = f"*{compare.instruction_address:#x}", f"*{compare.pc:#x}"
    steps = [Step(HOLD), Step([before], force={"*'main.word'": "'main.other'"})]
    if name == EMPTIED:
        steps.append(Step([after], watches=WORD, force={"*'main.word'": "'main.none'"}))
    return Run(["deleted" if name in ON_MAP else name], 1, [*steps, end])


def traces(compare: Touch, *, with_map: bool) -> dict[str, Order]:
    """By what is traced; with the map only where its LoadOrStore compares and swaps."""
    place = f"*{compare.instruction_address:#x}"
    another, nothing = Store(0, "'main.other'"), Store(1, "'main.none'")
    on_map = {
        ANOTHER: Order("deleted", place, "main.loadOrStore", [another]),
        EMPTIED: Order("deleted", place, "main.loadOrStore", [another, nothing]),
    }
    return (on_map if with_map else {}) | {
        "reloads": Order("reloads", place, "main.reloads", [another]),
        "mended": Order("mended", f"*'{MENDED}'", "main.mended"),
        "call fails": Order("fails", f"*'{CAS_POINTER}'", "main.fails"),
        "call succeeds": Order("succeeds", f"*'{CAS_POINTER}'", "main.succeeds"),
    }
