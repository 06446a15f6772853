"""What do growing and assigning to a map do for the collector's sake, and where does an assignment land meanwhile?

Section 2.4 of the article. gdb stops the program while the collector really marks and lets only one thread run from
then on, so that marking cannot end; it counts the executions of the write barrier by call chain, and notes, by the
processor's debug registers, which instructions write the map's header. The machine code of the same functions is read
beside that. Where assignments land while the map grows is read from the map's memory.
"""

from typing import Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Function,
    Hindered,
    Lab,
    Run,
    Session,
    Stop,
    disassembly,
    gdb,
    gobuild,
    processes,
    symbols,
)

from .under_gdb import FLAG, OPERATIONS, RECORDERS, STARTS, held, offsets_of, overlapping, series

lab = Lab(asks={"zh": "扩容和赋值为 GC 做了些什么？扩容期间的赋值落在哪里？"})


GROWS: Final = [
    *STARTS,
    "runtime.evacuate",
    "runtime.evacuate_fast32",
    "runtime.evacuate_fast64",
    "runtime.evacuate_faststr",
    "internal/runtime/maps.(*table).grow",
    "internal/runtime/maps.(*table).split",
]
"""All of growth happens in these, and in what they call."""
COPIES: Final = [
    "runtime.evacuate",
    "runtime.evacuate_fast32",
    "runtime.evacuate_fast64",
    "runtime.evacuate_faststr",
    "internal/runtime/maps.(*table).uncheckedPutSlot",
]
"""Put an entry into its new place."""
MOVES: Final = ["runtime.typedmemmove", "internal/runtime/maps.typedmemmove"]
"""Growth copies keys and values with these; the map's header it writes without."""
FENCES: Final = ["mfence", "lfence", "sfence", "dmb", "dsb"]
"""Of amd64 and of arm64."""
MOST_TRIES: Final = 6
OURS: Final = [
    "main.storeIntegers",
    "main.copyPairs",
    "main.assignText",
    "main.assignPointer",
    "main.assignByNumber",
    "main.assignCount",
    "main.assignNumber",
]


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a function's machine code has to do with the write barrier."""

    name: str
    present: bool
    tests: int = 0
    """Instructions that compare runtime.writeBarrier with something."""
    calls: list[str] = []
    """Direct calls, in order of address, of what records pointers and of what copies typed values."""
    orders: int = 0
    """Instructions that order memory for other processors: atomic ones and fences."""
    shows: str = ""
    """The first test, the branch after it, and the first of these calls that follows."""


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instruction that gdb saw touch a watched word, read from the binary."""

    address: int
    function: str
    """By the symbol table, so never an inlined one."""
    text: str
    atomic: bool
    shows: str
    """With its neighbours."""


class Places(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """How many texts lay in old buckets, in new ones, in both, nowhere."""

    old: int
    new: int
    both: int
    nowhere: int

    @property
    def all(self) -> int:
        return self.old + self.new + self.both + self.nowhere


class Landings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where texts lay in a growing map; all zero where the map's header lacks one of the fields."""

    before: Places
    """Of keys not yet migrated, before they were assigned anew."""
    present: Places
    """Of these, after that."""
    fresh: Places
    """Of new keys."""
    imitated: Places
    """In buckets of our own, assigned to the new ones."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    series: Session
    """Each operation on its own, first without marking, then with it."""
    overlapping: Session
    """Two assignments at a time, of which one makes the map grow, with marking."""
    held: Session | None
    """One assignment was held before it stored its value; a second one made the map grow. None where the map's header
    lacks one of the fields that tell where the buckets are."""
    landings: Landings
    code: list[Code]
    stores: list[Store]

    def header_was_read(self) -> bool:
        """So a field that has no value is one that the map's header lacks."""
        stops = self.series.runs[0].stops
        return bool(stops) and isinstance(stops[0].values.get("header"), int)

    def done(self, operation: str, *, marking: bool) -> tuple[Stop, Stop] | None:
        """The stops before and after an operation; None if the run did not come so far."""
        first = len(OPERATIONS) + 2 if marking else 0
        place = first + OPERATIONS.index(operation)
        stops = self.series.runs[0].stops
        return (stops[place], stops[place + 1]) if place + 1 < len(stops) else None


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    alone = gdb.session(bench, program, [series()])
    offsets = offsets_of(alone.runs[0].stops)
    names = list(dict.fromkeys([*GROWS, *COPIES, *MOVES, *OURS]))
    return Seen(
        series=alone,
        overlapping=through(bench, program, overlapping()),
        held=through(bench, program, held(offsets)) if offsets else None,
        landings=land(bench, program, offsets),
        code=[code_of(function) for function in disassembly.functions(bench, program, names)],
        stores=stores_of(bench, program, alone),
    )


def through(bench: Bench, program: Binary, run: Run) -> Session:
    """The run made all its steps in one of its tries, the last of which is what was seen.

    Two goroutines have to get a processor each. On a busy machine, and with the collector at work, one of them may not
    get it in time: then the program ends by itself before anything of interest has happened.
    """
    for left in reversed(range(MOST_TRIES)):
        try:
            session = gdb.session(bench, program, [run])
        except Hindered:
            if not left:
                raise
            continue
        if len(session.runs[0].stops) == len(run.steps):
            break
    return session


def land(bench: Bench, program: Binary, offsets: list[str]) -> Landings:
    return processes.answer(bench, [f"./{program.name}", "landings", *offsets], Landings, gomaxprocs=1)


def code_of(function: Function) -> Code:
    code = function.instructions
    tests = [place for place, one in enumerate(code) if one.refers.partition("+")[0] == FLAG]
    calls = [place for place, one in enumerate(code) if one.target in (*RECORDERS, *MOVES)]
    orders = sum(one.atomic or one.mnemonic in FENCES for one in code)
    first = [place for place in calls if tests and place > tests[0]][:1]
    shown = [code[place] for place in sorted({*tests[:1], *(place + 1 for place in tests[:1]), *first})]
    targets = [code[place].target for place in calls]
    return Code(function.name, function.present, len(tests), targets, orders, disassembly.listing(shown))


def stores_of(bench: Bench, program: Binary, session: Session) -> list[Store]:
    """The instructions that gdb noted, decoded a second time."""
    touches = [touch for run in session.runs for stop in run.stops for touch in stop.touches]
    table = symbols.table(bench, program)
    places = {touch.instruction_address: table.containing(touch.instruction_address) for touch in touches}
    names = list(dict.fromkeys(symbol.name for symbol in places.values() if symbol))
    functions = {function.name: function for function in disassembly.functions(bench, program, names)}
    found = []
    for address, symbol in places.items():
        function = functions[symbol.name] if symbol else None
        instruction = function.at(address) if function else None
        if function and instruction:
            shows = function.around(address, 3, 1)
            found.append(Store(address, function.name, instruction.text, instruction.atomic, shows))
    return found
