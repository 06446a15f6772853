"""The scenarios under gdb: the words of a map at each stop, and the call that switches."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from claimlab import Bench, Binary, LabBroken, Run, Stop, Watch, gdb

from .seen import Step, Stored, Words

HOLD = ["main.hold"]
STORE_POINTER = "sync/atomic.StorePointer"
WATCHED = ["mu", "read", "dirty", "misses"]
"""All of sync.Map's 32 bytes, as many as there are debug registers for."""
AMENDED_AT = 8
"""Of amended in the struct that read leads to, whose first word is the map. The process itself goes by reflection, and
judges compare the two readings."""
LETTERS = "abcdef"
MOST_CALLS = 6
Walk = tuple[str, str]


def expressions(name: str) -> dict[str, str]:
    """The words of a map. A map's first word is its number of keys, in either implementation."""
    read, dirty = (f"{{uint64}}(&'main.{name}'.{field})" for field in ("read", "dirty"))
    entries = {letter: f"{{uint64}}('main.entries'[{place}])" for place, letter in enumerate(LETTERS)}
    return {
        "read": read,
        "read_map": f"{{uint64}}({read})",
        "read_len": f"{{uint64}}({{uint64}}({read}))",
        "amended": f"{{uint8}}({read} + {AMENDED_AT})",
        "dirty": dirty,
        "dirty_len": f"{{uint64}}({dirty})",
        "misses": f"{{uint64}}(&'main.{name}'.misses)",
        "mu": f"{{uint32}}(&'main.{name}'.mu)",
        "expunged": "'sync.expunged'",
        **entries,
    }


def stops_of(bench: Bench, program: Binary, walks: Mapping[Walk, int]) -> dict[Walk, list[Stop]]:
    """As many stops as each walk has steps, from the first on with the words of its map watched."""
    runs = []
    for (name, scenario), count in walks.items():
        values = expressions(name)
        watches = [Watch(field, f"&'main.{name}'.{field}") for field in WATCHED]
        first, later = gdb.Step(HOLD, values=values), gdb.Step(HOLD, values=values, watches=watches)
        runs.append(Run(["hold", name, scenario], 1, [first, *[later] * max(0, count - 1)]))
    session = gdb.session(bench, program, runs, timeout_s=180)
    found = {}
    for (walk, count), run in zip(walks.items(), session.runs, strict=True):
        if len(run.stops) != count:
            raise LabBroken(f"the walk {' '.join(walk)} stopped {len(run.stops)} times under gdb, not {count}")
        found[walk] = run.stops
    return found


def read_words(stops: Sequence[Stop]) -> list[Words]:
    """What gdb read, with structs and maps numbered in order of their appearance."""
    numbers = {0: 0}

    def number(address: int) -> int:
        return numbers.setdefault(address, len(numbers))

    found = []
    for stop in stops:
        values = {label: value if isinstance(value, int) else 0 for label, value in stop.values.items()}
        holds = {letter: stop.values[letter] for letter in LETTERS if stop.values[letter] is not None}
        names = {values["expunged"]: "expunged", 0: "nil"}
        found.append(
            Words(
                read=number(values["read"]),
                read_map=number(values["read_map"]),
                read_len=values["read_len"],
                amended=bool(values["amended"]),
                dirty=number(values["dirty"]),
                dirty_len=values["dirty_len"],
                misses=values["misses"],
                entries={letter: names.get(int(held or 0), "value") for letter, held in holds.items()},
            )
        )
    return found


def switching(steps: Sequence[Step]) -> list[int]:
    """The places of the steps that give the map another read map, and leave it without more keys in dirty."""
    pairs = enumerate(pairwise(steps), start=1)
    return [
        place
        for place, (before, step) in pairs
        if step.after.clean and step.after.ReadMap != before.after.ReadMap and step.name != "forge"
    ]


def store_of(bench: Bench, program: Binary, name: str, scenario: str, steps: Sequence[Step]) -> Stored:
    """The call of sync/atomic.StorePointer with the address of `read`, in the first operation that switches."""
    nothing = Stored(*[False] * 5)
    places = switching(steps)
    if not places:
        return nothing
    values = {**expressions(name), "address": f"&'main.{name}'.read"}
    before, within = gdb.Step(HOLD, values=values), gdb.Step([STORE_POINTER, *HOLD], values=values)
    run = Run(["hold", name, scenario], 1, [*[before] * places[0], *[within] * MOST_CALLS])
    stops = gdb.session(bench, program, [run], timeout_s=120).runs[0].stops[places[0] :]
    end = next((place for place, stop in enumerate(stops) if stop.at != STORE_POINTER), None)
    if end is None:
        raise LabBroken(f"the operation that switches {name} called {STORE_POINTER} more than {MOST_CALLS} times")
    calls = [stop for stop in stops[:end] if stop.arguments.get("ptr") == stop.values["address"]]
    if not calls:
        return nothing
    after, mutex = stops[end], calls[0].values["mu"]
    return Stored(
        called=True,
        kept=calls[0].arguments.get("new") == after.values["read"],
        of_dirty=after.values["read_map"] == calls[0].values["dirty"],
        amended=bool(after.values["amended"]),
        held=isinstance(mutex, int) and bool(mutex & 1),
    )
