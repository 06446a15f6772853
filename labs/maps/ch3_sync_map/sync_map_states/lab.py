"""What states does a sync.Map go through, and what do its read map and its dirty map each do?

Section 3.1 of the article. A fixed sequence of operations is done in two processes. One reads the map's fields by
reflection, and each operation begins with the mutex locked, so that it is known which ones wait for it. The other one
stops between operations; gdb reads the same fields from memory, and debug registers tell which instruction changed
them. Two maps of ours are observed in the same way: one does what the article says, the other the contrary.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from claimlab import (
    FLAG_SETS,
    Bench,
    Binary,
    Instruction,
    Lab,
    Touch,
    disassembly,
    gobuild,
    layout,
    processes,
    symbols,
)

from .seen import Compiled, Probe, Seen, State, Step, Structure, Write
from .under_gdb import read_words, stops_of, store_of

lab = Lab(asks={"zh": "sync.Map 会经历哪些状态，read 与 dirty 两个 map 各做什么？"})

TYPES = ["sync.Map", "sync.readOnly", "main.told", "main.readOnly", "main.single", "main.described"]
WALKS = [("shared", "tour"), ("shared", "nil"), ("asTold", "short"), ("asTold", "nil"), ("contrary", "short")]


class InsideStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step as the program prints it."""

    Operation: str
    Waited: bool
    Answer: str
    After: State


class InsideProbe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A probe as the program prints it."""

    From: str
    Operation: str
    Place: str
    Waited: bool
    Answer: str
    Before: State
    After: State


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program prints."""

    Structures: list[Structure]
    HasFields: bool
    Scenarios: dict[str, dict[str, list[InsideStep]]]
    Probes: list[InsideProbe] | None
    Assigned: dict[str, str]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    report = processes.answer(bench, [f"./{program.name}", "report"], Report, gomaxprocs=1)
    types = layout.types(bench, program, TYPES)
    walks = {(name, scenario): report.Scenarios[name][scenario] for name, scenario in WALKS}
    stops = stops_of(bench, program, {walk: len(steps) for walk, steps in walks.items()})
    decoded = decode(bench, program, [touch for seen in stops.values() for stop in seen for touch in stop.touches])
    joined = {}
    for (name, scenario), steps in walks.items():
        words = read_words(stops[name, scenario])
        writes = [writes_of(stop.touches, decoded) for stop in stops[name, scenario]]
        whole = zip(steps, words, writes, strict=True)
        joined[f"{name} {scenario}"] = [
            Step(step.Operation, step.Waited, step.Answer, step.After, read, written) for step, read, written in whole
        ]
    return Seen(
        has_fields=report.HasFields,
        types=types,
        structures=report.Structures,
        walks=joined,
        probes=[shorten(probe) for probe in report.Probes or []],
        assigned=report.Assigned,
        stored={
            name: store_of(bench, program, name, scenario, joined[f"{name} {scenario}"])
            for name, scenario in (("shared", "tour"), ("contrary", "short"))
        },
        statement=compile_with(bench, "article"),
        statement_ours=compile_with(bench, "ours"),
    )


def shorten(probe: InsideProbe) -> Probe:
    before, after = probe.Before, probe.After
    promoted = after.ReadMap != 0 and after.ReadMap == before.Dirty and before.Dirty != before.ReadMap
    return Probe(
        probe.From,
        probe.Operation,
        probe.Place,
        probe.Waited,
        probe.Answer,
        after.Misses - before.Misses,
        promoted,
    )


def decode(bench: Bench, program: Binary, touches: Sequence[Touch]) -> dict[int, Instruction]:
    """The instructions that gdb noted, decoded a second time, by address."""
    table = symbols.table(bench, program)
    addresses = dict.fromkeys(touch.instruction_address for touch in touches)
    names = dict.fromkeys(symbol.name for address in addresses if (symbol := table.containing(address)))
    functions = disassembly.functions(bench, program, list(names))
    every = {one.address: one for function in functions for one in function.instructions}
    return {address: every[address] for address in addresses if address in every}


def writes_of(touches: Sequence[Touch], decoded: dict[int, Instruction]) -> list[Write]:
    """The same in short, each with whether the mutex was locked: its state's lowest bit (internal/sync/mutex.go)."""
    found, held = [], False
    for touch in touches:
        place = f"{touch.file.rpartition('/')[2]}:{touch.line}" if touch.file else touch.callers[0]
        write = Write(touch.label, touch.instruction, place, held)
        one = decoded.get(touch.instruction_address)
        if one and touch.label == "read":
            write = Write(touch.label, touch.instruction, place, held, one.text, one.atomic, touch.callers[:5])
        found.append(write)
        if touch.label == "mu":
            held = bool(touch.after & 1)
    return found


def compile_with(bench: Bench, name: str) -> Compiled:
    """Package sync has been compiled with one more file, if the compiler took it. That it does not is no error."""
    text = bench.files[f"statement/{name}.go"]
    overlay: dict[str, Any] = {"Replace": {f"{bench.goroot}/src/sync/claimlab.go": f"{name}.added"}}
    bench.put({f"{name}.added": text, "overlay.json": msgspec.json.encode(overlay)})
    options, env = FLAG_SETS["plain"]
    command = ["go", "build", *options, "-overlay", "overlay.json", "sync"]
    done = bench.run(command, step="build", env=env, timeout_s=180)
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    said = [line.split(" ", 1)[1] for line in lines if line and not line.startswith("#")]
    return Compiled(done.exit_code, said)
