"""How do the things look that no lab keeps?

Recorded for the tests of the pages, like any lab, with the local engine; allocations and attempts in containers.
"""

from pathlib import Path

import msgspec

from claimlab import (
    Allocated,
    Allocations,
    Attempt,
    Bench,
    Diagnostic,
    Function,
    Lab,
    Ran,
    Run,
    Step,
    Symbol,
    Touch,
    Watch,
    allocations,
    builds,
    diagnostics,
    disassembly,
    gdb,
    gobuild,
    heap,
    processes,
    symbols,
)

lab = Lab("evidence")

SOURCES = {path.name: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.go"))}
ALLOCATING = b"""package main

import "sync"

var (
	synced sync.Map
	number *int
)

func init() { synced.Store(1, 1) }

func ranges() { synced.Range(func(_, _ any) bool { return true }) }

func allocates() { number = new(int) }
"""
REFUSED = b"package main\n\nfunc main() {\n\tnosuch()\n\tfor range 3 {\n\t}\n}\n"
NAMES = ["main.count", "main.plain", "main.absent"]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ended: Ran
    panicked: Ran
    cycles: list[heap.Cycle]
    decisions: list[Diagnostic]
    code: list[Function]
    symbols: dict[str, Symbol | None]
    touches: list[Touch]
    allocated: Allocations
    alone: dict[str, Allocated]
    attempts: dict[str, Attempt]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench, SOURCES, "evidence")
    table = symbols.table(bench, program)
    ended = processes.once(bench, [f"./{program.name}"], gomaxprocs=1, env={"GODEBUG": "gctrace=1"})
    watch = Watch("total", "&'main.total'", access="access")
    steps = [Step(["main.count"]), Step(["main.plain"], watches=[watch])]
    allocated = allocations.measure(bench, ["ranges", "allocates"], {"main.go": ALLOCATING})
    session = gdb.session(bench, program, [Run([], 1, steps)])
    return Seen(
        ended=ended,
        panicked=processes.once(bench, [f"./{program.name}", "now"], gomaxprocs=1),
        cycles=heap.cycles(ended),
        decisions=diagnostics.decisions(bench, SOURCES),
        code=disassembly.functions(bench, program, NAMES),
        symbols={name: table.find(name) for name in NAMES},
        touches=session.runs[0].stops[1].touches,
        allocated=allocated,
        alone={"allocates": allocated["allocates"]},
        attempts={
            "as it is": builds.attempt(bench, SOURCES, "taken"),
            "refused": builds.attempt(bench, {"main.go": REFUSED}, "refused"),
        },
    )
