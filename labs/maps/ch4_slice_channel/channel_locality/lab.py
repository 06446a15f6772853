"""Who owns an mcache, and do sends and receives have anything to do with it, or with flushing cache lines?

Section 4.3 of the article. A debugger counts mcaches where there are many more threads than processors for Go code, and
the runtime's own statistics count them too; debug registers tell whether anything reads the mcache while channels are
used; and the whole machine code of a program is searched for instructions that flush cache lines.
"""

import io
import re
from typing import Any, Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Instruction,
    Lab,
    Run,
    Session,
    Step,
    Stop,
    Watch,
    allocations,
    disassembly,
    gdb,
    gobuild,
    layout,
    processes,
    symbols,
)

lab = Lab(asks={"zh": "mcache 归谁所有？发送和接收与它、与缓存行的刷写有关系吗？"})

HOLD: Final = ["main.hold"]
OWNED: Final = ("mcache", "g0")
"""What somebody has one of: the allocator's cache, and the goroutine on whose stack the scheduler runs."""
PLACES: Final = [(1, 0), (1, 8), (2, 8), (4, 8)]
"""GOMAXPROCS, and how many threads stand in a system call."""
UNDER_GDB: Final = [(2, 0), (2, 8)]
MOST_THREADS: Final = 20
DONE: Final = ("sends and receives", "round trips", "channels made")
"""What the program does from one hold to the next, TIMES each."""
TIMES: Final = 200
FLUSH: Final = "main.flush"
FLUSHES: Final = re.compile(rb"\x0f\xae[\x38-\x3f\x78-\x7f\xb8-\xbf]|\x66\x0f\xae[\x30-\x37\x70-\x77\xb0-\xb7]")
"""CLFLUSH and, with the prefix 66, CLFLUSHOPT are 0F AE /7 with a memory operand, CLWB is 66 0F AE /6 (Intel SDM,
volume 2A). An instruction cannot be where these bytes are not."""
MNEMONICS: Final = ("clflush", "clflushopt", "clwb")
HANDED: Final = ("by a channel", "by a slot of our own")


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process as it counts itself."""

    procs: int
    """GOMAXPROCS."""
    threads: int
    mcache_bytes: int
    """runtime.MemStats.MCacheInuse."""


class Flushes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Instructions that flush a cache line, in the whole program text."""

    text_bytes: int
    looks_like: int
    """Places where the bytes of one stand, of which some are parts of other instructions."""
    found: dict[str, list[Instruction]]
    """By function, as decoded."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    fields: dict[str, list[str]]
    """By type: those of OWNED that it has, by DWARF."""
    mcache_size: int
    """By DWARF."""
    places: list[Place]
    """One process for each of PLACES."""
    owners: Session
    """One run for each of UNDER_GDB."""
    allocator: list[str]
    """Every function of the allocator, by the binary's symbols."""
    operated: Session
    """The mcache of the only processor for Go code, watched while each of DONE is done, and the allocator counted."""
    objects: dict[str, int]
    """How many each of DONE has allocated, by runtime.MemStats.Mallocs."""
    flushes: Flushes
    handed: Session
    """Values handed over on one thread, and between two: how often FLUSH was executed."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    types = layout.types(bench, program, ["runtime.m", "runtime.p", "runtime.mcache"])
    argv = [f"./{program.name}"]
    allocator = allocations.entries(symbols.table(bench, program))
    return Seen(
        fields={one.name: [name for name in OWNED if one.field(name)] for one in types[:2]},
        mcache_size=types[-1].size,
        places=[
            processes.answer(bench, [*argv, "threads", str(more)], Place, gomaxprocs=procs) for procs, more in PLACES
        ],
        owners=gdb.session(bench, program, [owners(*one) for one in UNDER_GDB]),
        allocator=allocator,
        operated=gdb.session(bench, program, [operating(allocator)]),
        objects=processes.answer(bench, [*argv, "count"], dict[str, int], gomaxprocs=1),
        flushes=search(bench, program),
        handed=gdb.session(bench, program, [handing("one", 1), handing("two", 2)]),
    )


def owners(procs: int, more: int) -> Run:
    """What each thread and each processor for Go code has; None where there is no further thread."""
    values = {}
    for number in range(MOST_THREADS):
        thread = "'runtime.allm'" + ".alllink" * number
        values[f"m{number} g0"] = f"{thread}.g0"
    values |= {f"p{number} mcache": f"'runtime.allp'.array[{number}].mcache" for number in range(procs)}
    return Run(["threads", str(more)], procs, [Step(HOLD, values={**values, "procs": "'runtime.gomaxprocs'"})])


def operating(allocator: list[str]) -> Run:
    cache = Watch("mcache", "&'runtime.allp'.array[0].mcache", "access")
    return Run(["operate"], 1, [Step(HOLD), *[Step(HOLD, watches=[cache], counts=allocator)] * len(DONE)])


def allocated(seen: Seen, stop: Stop) -> int:
    """How often the allocator was entered on the way to this stop of `operated`, by whichever of its functions."""
    return sum(allocations.executions(stop.counted, seen.allocator).values())


def handing(experiment: str, gomaxprocs: int) -> Run:
    return Run([experiment], gomaxprocs, [Step(HOLD), *[Step(HOLD, counts=[FLUSH])] * len(HANDED)])


def search(bench: Bench, program: Binary) -> Flushes:
    from elftools.elf.elffile import ELFFile

    elf = bench.get(program.name)
    known = symbols.read(elf, program.name)
    section: Any = ELFFile(io.BytesIO(elf)).get_section_by_name(".text")
    text, start = section.data(), section["sh_addr"]
    places = [start + match.start() for match in FLUSHES.finditer(text)]
    names = sorted({symbol.name for place in places if (symbol := known.containing(place))})
    decoded = {
        function.name: [one for one in function.instructions if one.mnemonic in MNEMONICS]
        for function in disassembly.read(elf, program.name, names)
    }
    return Flushes(len(text), len(places), {name: found for name, found in decoded.items() if found})
