"""What room do the channels of timers have, what can be received late, and when is a timer freed?

The notes of Go 1.23, on timers. One program, in the toolchain's own language and as a module that declares an older
one. Beside them are channels of our own, with room and without.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(host_matters=True, asks={"zh": "定时器的 channel 有多大容量，迟到的值能否收到，定时器何时被释放？"})

OLD: Final = (21, 22)
"""Releases before the change: a toolchain knows the languages up to its own."""
TIMERS: Final = ("timer", "ticker")
BUFFERED, UNBUFFERED = "ours, buffered", "ours, unbuffered"
ROUNDS: Final = 50
"""Of stops and resets, in main.go."""
MADE: Final = 20_000
"""As many were dropped, each of one object at least."""


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Channels of one kind."""

    Caps: list[int]
    """Of fresh ones."""
    Lens: list[int]
    """After there was time to fire, with nothing received."""
    Stale: int
    """So many rounds in which a value was received after a Stop or a Reset."""
    Left: int
    """Objects that were still on the heap after as many as MADE had been dropped, and two collections."""


Subjects = dict[str, Subject]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    own: Subjects
    """In the toolchain's language."""
    old: dict[str, Subjects]
    """By the language that go.mod declares."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    return Seen(
        own=subjects(bench, program.name),
        old={f"1.{minor}": declared(bench, f"1.{minor}") for minor in OLD if minor <= bench.toolchain.go.minor},
    )


def declared(bench: Bench, language: str) -> Subjects:
    return subjects(bench, gobuild.build(bench, name=f"old{language}", language=language).name)


def subjects(bench: Bench, program: str) -> Subjects:
    return processes.answer(bench, [f"./{program}"], Subjects, gomaxprocs=2)
