"""What does the runtime say of itself: in a panic's message, in the mutex profile, in the names of its mappings?

Programs die of panics that were raised again, wait for the lock inside a channel, and are watched in a debugger while
they ask the kernel to name memory. That a kernel cannot do that changes nothing of what is asked.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from claimlab import Bench, Lab, Ran, Run, Step, Stop, gdb, gobuild, processes, symbols

lab = Lab(asks={"zh": "运行时怎样交代自己：panic 的信息、mutex profile、内存映射的名字？"})

PANICS: Final = {"text": ("text", "same"), "error": ("error", "same"), "another": ("text", "another")}
"""What is raised first, and what again."""
_NAMES: Final = "runtime.setVMAName"
_CALLS: Final = ["*'internal/runtime/syscall.Syscall6'", "*'internal/runtime/syscall/linux.Syscall6'"]
"""Of which the second is since 1.26."""
_PRCTL: Final = {"rax": 157, "x0": 167}
"""The number of the system call, on amd64 and arm64."""
_GIVEN_UP: Final = {"'runtime.prSetVMAUnsupported'.u.value": "0"}
"""The runtime asks no more once a kernel could not do it."""
_LOST: Final = "runtime._LostContendedRuntimeLock"
_MOST: Final = 12
ARRAY_BYTES: Final = 64 << 20
READY: Final = "main.ready"


class Waited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record of the mutex profile."""

    times: int
    stack: list[str]
    """Functions, innermost first."""


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping that was to get a name."""

    name: str
    start: int
    length: int
    asked: bool
    """The kernel was."""


class Mappings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the runtime names while main asks for memory."""

    named: list[Named]
    array: int
    """The address of a large array on the heap; 0 if that was not seen."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    panics: dict[str, Ran]
    waited: list[Waited]
    books: bool
    """The runtime has a place in that profile for waits of which it knows no place (runtime/mprof.go)."""
    mappings: Mappings
    mappings_off: Mappings
    """With GODEBUG=decoratemappings=0."""


@lab.observe
def observe(bench: Bench) -> Seen:
    panics = gobuild.build(bench, folder="panics")
    waits = gobuild.build(bench, folder="waits")
    mappings = gobuild.build(bench, folder="mappings")
    runs = [Run([], 2, steps(), env) for env in ({}, {"GODEBUG": "decoratemappings=0"})]
    named = [read(one.stops) for one in gdb.session(bench, mappings, runs).runs]
    return Seen(
        {way: processes.once(bench, [f"./{panics.name}", *args], gomaxprocs=2) for way, args in PANICS.items()},
        processes.answer(bench, [f"./{waits.name}"], list[Waited], gomaxprocs=2),
        symbols.table(bench, waits).find(_LOST) is not None,
        *named,
    )


def steps() -> list[Step]:
    """From the beginning of main; after it is ready there may be more."""
    return [Step(["main.main"]), *[Step([_NAMES, *_CALLS, READY], force=_GIVEN_UP)] * _MOST]


def read(stops: Sequence[Stop]) -> Mappings:
    named = []
    array = next((stop for stop in stops if stop.at == READY), None)
    for number, stop in enumerate(stops):
        start, length = stop.arguments.get("start"), stop.arguments.get("length")
        if stop.at == _NAMES and isinstance(start, int) and isinstance(length, int):
            asked = number + 1 < len(stops) and asks(stops[number + 1], start)
            named.append(Named(str(stop.arguments.get("name")), start, length, asked))
    address = array.arguments.get("at") if array else None
    return Mappings(named, address if isinstance(address, int) else 0)


def asks(stop: Stop, start: int) -> bool:
    number = any(stop.registers.get(name) == wanted for name, wanted in _PRCTL.items())
    return stop.at in _CALLS and number and start in stop.registers.values()
