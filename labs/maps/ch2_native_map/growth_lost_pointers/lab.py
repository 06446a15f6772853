"""Are entries lost, or freed by mistake, when a map grows while the collector marks?

Maps whose entries nothing else refers to grow during the mark phase; then the entries are looked at: whether their
contents are still there (the runtime overwrites what it frees), whether finalizers of what they hold have run, and what
the runtime's own check of the marking says.
"""

import msgspec

from claimlab import Bench, Lab, LabBroken, Ran, Tally, decoded, gobuild, layout, processes, symbols

lab = Lab(asks={"zh": "map 在 GC 标记期间扩容，会丢失条目或误释放条目吗？"})

HEADERS = {"runtime.hmap": ("buckets", "oldbuckets"), "internal/runtime/maps.Map": ("dirPtr", "dirLen")}
"""The two kinds of map header, with the fields by which the program sees a map grow: of the one the pointers to its
buckets and to its old buckets, of the other the pointer to its tables and their number."""
CHECKS = {"contents": "clobberfree=1", "finalizers": "", "checkmark": "gccheckmark=1"}
"""Ways to see that an entry is lost, with the GODEBUG settings they need (package runtime's documentation)."""
SIGNS = [
    "checkmark found unmarked object",
    "marking free object",
    "found pointer to free object",
    "found bad pointer in Go heap",
]
"""How the runtime reports a pointer to what it has freed, or is about to free (runtime/mcheckmark.go, mgcmark.go,
mgcsweep.go, mbitmap.go)."""
REPETITIONS = 20
MAPS = 20
RACES = 100
ASSIGNMENTS = 300_000
"""Of each of two goroutines, if the process lives that long."""


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program counted."""

    repetitions: int
    growths: int
    growths_while_marking: int
    """The write barrier was on before and after the assignment."""
    missed: int
    """Repetitions that do not count, because the collector was done before the map grew."""
    unfinished: int
    """Maps that had old buckets when the collector ran."""
    entries: int
    lost: int
    """Entries that are no longer in the map as they were put in."""
    last_lost: int
    """Of the entries that goroutine A put in last."""
    finalized: int
    """Values that the collector found to be unreachable, although they were in a map."""


class Outgrown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one process of the program ended."""

    env: dict[str, str]
    counts: Counts | None
    """None where it died before it could tell."""
    death: str
    """What the runtime said as it died."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    header: str
    """The type of a map's header."""
    grown: dict[str, dict[str, Outgrown]]
    """Growth while the collector marks: by kind of table, and by the check that was made."""
    still: dict[str, Outgrown]
    """Maps that nobody changes while the collector runs, by kind."""
    unfinished: dict[str, Outgrown]
    """Maps whose growth is not finished while the collector runs, by kind; without repetitions if there are none."""
    raced: Tally
    """Two goroutines that assign to one map of pointers in any order."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    barrier = symbols.table(bench, program).find("runtime.writeBarrier")
    known = [found for found in layout.types(bench, program, list(HEADERS)) if found.present]
    if barrier is None or len(known) != 1:
        raise LabBroken("the binary does not show the write barrier and one kind of map")
    header = known[0]
    offsets = [str(field.offset) for name in HEADERS[header.name] if (field := header.field(name))]
    fields = ["tables" if header.name == "internal/runtime/maps.Map" else "buckets", *offsets]

    def command(experiment: str, kind: str, times: int, check: str) -> list[str]:
        return [f"./{program.name}", experiment, kind, str(times), str(barrier.address), *fields, check]

    def run(experiment: str, kind: str, times: int, check: str) -> Outgrown:
        settings = {"GOGC": "off", "GODEBUG": CHECKS[check]}  # only collections that the program asks for
        return outgrown(processes.once(bench, command(experiment, kind, times, check), gomaxprocs=2, env=settings))

    return Seen(
        header=header.name,
        grown={
            kind: {check: run("grow", kind, REPETITIONS, check) for check in CHECKS} for kind in ("pointers", "bare")
        },
        still={kind: run("still", kind, MAPS, "contents") for kind in ("pointers", "hidden")},
        unfinished={kind: run("unfinished", kind, MAPS, "contents") for kind in ("pointers", "hidden")},
        raced=processes.tally(
            bench,
            command("race", "pointers", ASSIGNMENTS, "contents"),
            runs=RACES,
            gomaxprocs=2,
            env={"GOGC": "off", "GODEBUG": "clobberfree=1,gccheckmark=1"},
            marks=SIGNS,
        ),
    )


def outgrown(ran: Ran) -> Outgrown:
    said = [line for line in ran.stderr.splitlines() if line.startswith(("fatal error:", "panic:", "runtime: "))]
    if ran.exit_code == 0:
        return Outgrown(ran.env, decoded(ran.stdout.encode(), Counts, "what the program printed"), "")
    if not said:
        ran.or_broken("the program failed without a word")
    return Outgrown(ran.env, None, "\n".join(said[:4]))
