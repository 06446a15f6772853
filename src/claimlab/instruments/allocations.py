"""What one call of a Go function allocates on the heap: how many objects, how many bytes, and who asks for them.

Two witnesses that share nothing. The runtime's own statistics (runtime.MemStats) count over many calls; and gdb counts
every execution of an entry of the allocator, with its callers. `runtime.mallocgc` alone is not the allocator: from Go
1.27 on, compiled code that knows an object's size calls an entry for it, such as ``runtime.mallocgcTinySC2``
(runtime/malloc_generated.go; InitConfig in cmd/compile/internal/ssagen/ssa.go).
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import gdb, processes, symbols
from claimlab.instruments.answers import decoded
from claimlab.instruments.gdb import Counted, Run, Step
from claimlab.instruments.gobuild import Binary, build, lab_sources
from claimlab.project.errors import LabBroken

_SOURCE: Final = Path(__file__).parent / "inside" / "allocations.go"
_MARK: Final = "allocations "
_NAME: Final = re.compile(r"[^\W\d]\w*")
_ENTRY: Final = re.compile(r"runtime\.mallocgc\w*")
_HARNESS: Final = "main.callCounted"
_RUNTIME: Final = ("runtime.", "internal/runtime/")
_NOTHING: Final = ""
_ONE: Final = "new"
_ONE_BYTES: Final = 32
_MOST_HITS: Final = 5000
"""So many executions of one function gdb counts (MOST_HITS in gdb_watching.py)."""


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the runtime counted over some calls."""

    objects: int
    """MemStats.Mallocs: each object of the tiny allocator is one."""
    size_bytes: int
    """MemStats.TotalAlloc: whole blocks of the size classes; objects in one block of the tiny allocator share it."""


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One chain of calls that ends in the allocator."""

    function: str
    """By whom: the innermost function that is not part of the runtime."""
    chain: list[str]
    """From the allocator's entry to the function that is counted, inlined ones too; at most twelve names."""
    objects: int
    """In all calls that gdb watched."""
    size_bytes: int
    """As asked for, before any rounding; in all calls that gdb watched."""


class Allocated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the calls of one function allocated, by two witnesses."""

    function: str
    calls: int
    """In each of `rounds`."""
    rounds: list[Round]
    """By the runtime's statistics."""
    watched: int
    """Further calls, in a process of their own under gdb."""
    sites: list[Site]
    """By gdb, most objects first."""

    @property
    def objects(self) -> float:
        """Objects per call, by the runtime's statistics. A fraction is the share of calls that allocate."""
        return sum(one.objects for one in self.rounds) / (self.calls * len(self.rounds))

    @property
    def size_bytes(self) -> float:
        """Bytes per call, by the runtime's statistics."""
        return sum(one.size_bytes for one in self.rounds) / (self.calls * len(self.rounds))

    @property
    def objects_by_gdb(self) -> float:
        """Objects per watched call: executions of the allocator."""
        return sum(site.objects for site in self.sites) / self.watched

    def allocates(self) -> bool | None:
        """Whether calls allocate at all; None if the witnesses disagree, which they also do where so few calls allocate
        that gdb has watched none of them."""
        by_statistics = any(one.objects for one in self.rounds)
        return by_statistics if by_statistics == bool(self.sites) else None

    def by(self, function: str) -> float:
        """Objects per watched call that this function asked for."""
        return sum(site.objects for site in self.sites if site.function == function) / self.watched

    def __str__(self) -> str:
        """``2 objects, 48 bytes a call, by main.f, strings.Clone``."""
        by = ", ".join(dict.fromkeys(site.function for site in self.sites))
        counts = f"{_many(self.objects, 'object')}, {_many(self.size_bytes, 'byte')} a call"
        return counts + (f", by {by}" if by else "")


class Allocations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What each of some functions allocates in one program."""

    entries: list[str]
    """The functions of the allocator that gdb counted."""
    functions: dict[str, Allocated]

    def __getitem__(self, function: str) -> Allocated:
        return self.functions[function]


def measure(
    bench: Bench,
    functions: Sequence[str],
    sources: Mapping[str, bytes] | None = None,
    name: str = "allocations",
    *,
    calls: int = 1000,
    rounds: int = 5,
    warm_up: int = 100,
    watched: int = 10,
    gcflags: str = "",
    language: str = "",
    env: Mapping[str, str] | None = None,
    timeout_s: float = 120.0,
) -> Allocations:
    """Each of `functions` was called, on one processor for Go code and with the collector off; both witnesses counted.

    The sources, or else the lab's own, are package main without a main; the functions have no parameters and no
    results, and what they make has to reach a package variable, or the compiler rightly leaves it out. `warm_up` calls
    before each count do what is done only once. :class:`LabBroken` if a witness miscounts a function that does nothing,
    or one that allocates one object: both are measured with every program.
    """
    wrong = [function for function in functions if not _NAME.fullmatch(function)]
    if wrong or min(calls, rounds, watched) < 1:
        raise LabBroken(f"nothing can be counted: {', '.join(wrong) or 'no calls'}")
    program = with_counting(lab_sources(bench) if sources is None else sources, functions)
    binary = build(bench, program, name, gcflags=gcflags, language=language)
    known = entries(symbols.table(bench, binary))
    wanted = [_NOTHING, _ONE, *functions]
    by_gdb = _watch(bench, binary, wanted, known, (warm_up, watched), dict(env or {}), timeout_s)
    found = {}
    for function, sites in zip(wanted, by_gdb, strict=True):
        argv = [f"./{binary.name}", function, str(warm_up), str(calls), str(rounds)]
        ran = processes.once(bench, argv, gomaxprocs=1, env=env, timeout_s=timeout_s)
        lines = [line.removeprefix(_MARK) for line in ran.stdout.splitlines() if line.startswith(_MARK + "[")]
        if ran.exit_code or not lines:
            raise LabBroken(f"the calls of {function} were not counted", " ".join(argv), ran.exit_code, ran.stderr)
        counted = decoded(lines[-1].encode(), list[Round], f"the count for {function}")
        found[function] = Allocated(function, calls, counted, watched, sites)
    _try(found.pop(_NOTHING), 0)
    _try(found.pop(_ONE), 1)
    return Allocations(known, found)


def with_counting(sources: Mapping[str, bytes], functions: Sequence[str]) -> dict[str, bytes]:
    """The sources, the instrument's main, and a file that names the functions."""
    named = "".join(f'\tcountedFunctions["{function}"] = {function}\n' for function in functions)
    listed = f"package main\n\nfunc init() {{\n{named}}}\n"
    return {**sources, "allocations.go": _SOURCE.read_bytes(), "allocations_named.go": listed.encode()}


def entries(table: symbols.Symbols) -> list[str]:
    """Every function of the allocator that the binary has, by name: its entries, and what these call.

    One allocation may pass through several of them, so it is the outermost one in a chain that counts: see
    :func:`executions`. One in Go 1.21 to 1.23, six up to 1.26, some twenty from 1.27 on.
    """
    return sorted({one.name for one in table.matching("runtime.mallocgc") if _ENTRY.fullmatch(one.name)})


def executions(counted: Sequence[Counted], known: Sequence[str]) -> dict[str, int]:
    """How often the allocator was entered from outside itself, by call chain."""
    return {
        chain: hits
        for one in counted
        if one.name in known
        for chain, hits in one.chains.items()
        if not set(chain.split(" < ")[1:]) & set(known)
    }


def sites(counted: Sequence[Counted], known: Sequence[str]) -> list[Site]:
    """Who entered the allocator, most objects first; `counted` with ``sums="size"``.

    What asks for no bytes gets no object (mallocgc in runtime/malloc.go).
    """
    sums = {chain: total for one in counted for chain, total in one.sums.items()}
    found = [
        Site(_by(trimmed := _trimmed(chain.split(" < "))), trimmed, hits, sums.get(chain, 0))
        for chain, hits in executions(counted, known).items()
        if sums.get(chain, 0)
    ]
    return sorted(found, key=lambda site: (-site.objects, -site.size_bytes, site.chain))


def _watch(
    bench: Bench,
    binary: Binary,
    functions: Sequence[str],
    known: Sequence[str],
    times: tuple[int, int],
    env: dict[str, str],
    timeout_s: float,
) -> list[list[Site]]:
    """The sites of each function, in their order."""
    steps = [Step(["main.countingBegins"]), Step(["main.countingEnds"], counts=list(known), sums="size")]
    warm_up, watched = times
    runs = [Run([function, str(warm_up), str(watched), "0"], 1, steps, env) for function in functions]
    seen = gdb.session(bench, binary, runs, timeout_s=timeout_s)
    found = []
    for function, run in zip(functions, seen.runs, strict=True):
        if len(run.stops) < len(steps):
            raise LabBroken(f"the calls of {function} came to no end under gdb", tail=run.stderr)
        if any(one.hits >= _MOST_HITS for one in run.stops[-1].counted):
            raise LabBroken(f"gdb cannot count all that {watched} calls of {function} allocate: let it watch fewer")
        found.append(sites(run.stops[-1].counted, known))
    return found


def _many(count: float, what: str) -> str:
    return f"{count:g} {what}" + ("" if count == 1 else "s")


def _trimmed(chain: Sequence[str]) -> list[str]:
    return list(chain[: chain.index(_HARNESS)] if _HARNESS in chain else chain)


def _by(chain: Sequence[str]) -> str:
    return next((name for name in chain if not name.startswith(_RUNTIME)), chain[-1])


def _try(tried: Allocated, objects: int) -> None:
    """Both witnesses see what is known to be there."""
    wanted = Round(objects * tried.calls, objects * tried.calls * _ONE_BYTES)
    by_gdb = (sum(one.objects for one in tried.sites), sum(one.size_bytes for one in tried.sites))
    if any(one != wanted for one in tried.rounds):
        raise LabBroken(f"the runtime counts other than {wanted} where {objects} are allocated a call: {tried.rounds}")
    if by_gdb != (objects * tried.watched, objects * tried.watched * _ONE_BYTES):
        raise LabBroken(f"gdb counts {by_gdb} where {objects} are allocated in each of {tried.watched} calls")
