"""What the observations of map-fast32-locks say of the claims 1-d, 1-e and 1-f."""

import re
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, RunSeen, Stop, decided, fails, holds, unclear

from .lab import CALLERS, DEATHS, FAST, OWN_ATOMIC, OWN_LOOKUP, Code, Seen

judges = Judges()

LOCKS = re.compile(r"\block\b|^xchg .*\[|^(ldap?r|ldaxr|ldxr|stlx?r|stxr|cas|swp|ld(add|clr|eor|set))")
"""In objdump's text: a LOCK prefix, or an XCHG with memory, which locks without one (Intel SDM, volume 3A, 8.1.2.1);
and what has its place on arm64: exclusives, acquire and release, and FEAT_LSE's."""
HASHES = re.compile(r"(^|\.)mem[hH]ash")
"""The hash functions of keys that are plain memory (runtime/alg.go; internal/runtime/maps/memhash_aes.go in 1.27)."""
GROWS_STACK = "runtime.morestack"


def last(run: RunSeen) -> Stop | None:
    """The stop after the lookup; None if the process did not get there."""
    return run.stops[1] if len(run.stops) == 2 else None


def hits_below(stop: Stop, ancestor: str) -> dict[str, int]:
    """Executions of functions that were called by `ancestor`, or by what it called."""
    found: dict[str, int] = {}
    for counted in stop.counted:
        for chain, hits in counted.chains.items():
            if ancestor in chain.split(" < ")[1:]:
                found[counted.name] = found.get(counted.name, 0) + hits
    return found


# 1-d


@dataclass(frozen=True)
class Path:
    """A lookup of ours: its machine code, and what was executed under it."""

    code: Code
    stop: Stop | None
    beside: str
    """What other kinds of lookup call, for the reader."""


def path(seen: Seen, kind: str) -> Path:
    said = []
    for other, words in BESIDE.items():
        called = next((name for name in seen.code[CALLERS[other]].calls if "mapaccess" in name), "nothing by name")
        said.append(f"{words}: `{called}`")
    return Path(seen.code[CALLERS[kind]], last(seen.run(kind)), "; ".join(said))


BESIDE = {
    "uint32": "`uint32` keys",
    "int16": "`int16` keys",
    "float32": "`float32` keys",
    "wide": "`int32` keys with values of 136 bytes",
    "presence": "`int32` keys with `v, ok :=`",
}


@judges.of(
    "1-d",
    sees=lambda seen: path(seen, "int32"),
    control=Control("a map[int16]int", lambda seen: path(seen, "int16"), Outcome.FAILS),
)
def looks_up_through_the_fast_function(path: Path) -> Finding:
    """A plain lookup in a map[int32]int calls runtime.mapaccess1_fast32: by its machine code, and by gdb's count."""
    if path.stop is None:
        return unclear("the lookup did not come to its end under gdb")
    named = FAST in path.code.calls
    run = bool(hits_below(path.stop, path.code.name).get(FAST))
    called = next((name for name in path.code.calls if "mapaccess" in name), "no lookup function")
    words = f"`{path.code.name}` calls `{called}`; gdb saw `{FAST}` {'' if run else 'not '}executed below it"
    if named != run:
        return unclear(f"the two instruments disagree: {words}")
    return decided(named, f"{words}. Beside it — {path.beside}", path.code.calls.get(called, ""))


# 1-e


@dataclass(frozen=True)
class Decoded:
    """A function and what it executed during one lookup, decoded twice; and the same built for arm64."""

    name: str
    codes: list[Code]
    listings: dict[str, list[str]]
    elsewhere: list[Code]


def executed(seen: Seen, name: str, kind: str) -> list[Code]:
    """The function and, of those below it, the ones that a lookup executed. The growth of the stack is nobody's own."""
    stop = last(seen.run(kind))
    below = [one for one in (hits_below(stop, name) if stop else {}) if not one.startswith(GROWS_STACK)]
    return [seen.code[one] for one in [name, *below] if one in seen.code]


def decoded(seen: Seen) -> Decoded:
    found = executed(seen, FAST, "int32")
    return Decoded(FAST, found, seen.objdump, [seen.arm64[one.name] for one in found if one.name in seen.arm64])


@judges.of(
    "1-e",
    sees=decoded,
    control=Control(
        "a function of ours that adds atomically",
        lambda seen: Decoded(OWN_ATOMIC, executed(seen, OWN_ATOMIC, "own"), seen.objdump, []),
        Outcome.FAILS,
    ),
)
def no_instruction_locks(decoded: Decoded) -> Finding:
    """Neither the function nor anything it executes for a lookup has a LOCK prefix or an XCHG with memory.

    Decoded by capstone and by objdump. What it calls counts because from Go 1.27 on the function is an empty shell
    around mapaccess2_fast32.
    """
    if not decoded.codes or not decoded.codes[0].present:
        return unclear(f"the binary has no `{decoded.name}`")
    for code in decoded.codes:
        if len(decoded.listings.get(code.name, [])) != code.instructions:
            return unclear(f"the two decoders see a different number of instructions in `{code.name}`")
    by_capstone = [line for code in decoded.codes for line in code.atomics]
    by_objdump = [line for code in decoded.codes for line in decoded.listings[code.name] if LOCKS.search(line)]
    if len(by_capstone) != len(by_objdump):
        return unclear(f"capstone sees {len(by_capstone)} instructions that lock, objdump {len(by_objdump)}")
    read = ", ".join(f"`{code.name}` ({code.instructions} instructions)" for code in decoded.codes)
    words = f"{len(by_capstone)} instructions with a LOCK prefix or an XCHG with memory in {read}, by either decoder"
    if decoded.elsewhere:
        many = sum(code.instructions for code in decoded.elsewhere)
        found = sum(len(code.atomics) for code in decoded.elsewhere)
        words += f"; built for arm64: {found} exclusive, acquiring, releasing or atomic ones among {many}"
    counts = [f"{code.name}: {code.instructions} instructions, {len(code.atomics)} that lock" for code in decoded.codes]
    return decided(not by_capstone, words, "\n".join([*counts, *by_capstone]))


# 1-f


@dataclass(frozen=True)
class Doing:
    """What a lookup function calls, and what it does about a mark that gdb set."""

    name: str
    codes: list[Code]
    marked: RunSeen
    hashed: dict[str, bool]
    """Whether a hash function was executed during one lookup, by kind of map."""
    empty: RunSeen | None = None
    """A lookup in an empty map with the same mark."""


def doing(seen: Seen) -> Doing:
    hashed = {}
    for kind, words in HASHED.items():
        stop = last(seen.run(kind))
        below = hits_below(stop, FAST) if stop else {}
        hashed[words] = any(HASHES.search(name) for name in below)
    return Doing(FAST, executed(seen, FAST, "int32"), seen.marked("int32"), hashed, seen.marked("empty"))


HASHED = {
    "int32": "a map of 100 entries",
    "few": "a map of 8",
    "hinted": "one of 8 made for 100",
    "shrunk": "one of 8 that had 100",
    "empty": "an empty map",
    "nil": "a nil map",
}


@judges.of(
    "1-f",
    sees=doing,
    control=Control(
        "the lookup of a hash table of ours, which has a mark but does not look at it",
        lambda seen: Doing(OWN_LOOKUP, executed(seen, OWN_LOOKUP, "own"), seen.marked("own"), {}),
        Outcome.HOLDS,
    ),
)
def does_nothing_else(doing: Doing) -> Finding:
    """Its code (with that of the functions it executes) calls nothing but hash functions and the growth of its stack,
    and a lookup is not disturbed by the mark of a writer.

    By the machine code, and by gdb, which sets the mark in a process with one goroutine.
    """
    own = {code.name for code in doing.codes}
    others = {
        name: line
        for code in doing.codes
        for name, line in code.calls.items()
        if name not in own and not HASHES.search(name) and not name.startswith(GROWS_STACK)
    }
    stop = last(doing.marked)
    if stop is None or not any(byte.after for byte in doing.marked.stops[0].poked):
        return unclear("the mark could not be set, or the lookup was not made")
    died = stop.at in DEATHS
    calls = f"calls {', '.join(f'`{name}`' for name in others)}" if others else "calls nothing else by name"
    ended = f"died in `{stop.at}` (“{stop.arguments.get('s')}”)" if died else "went on"
    words = f"`{doing.name}` {calls}; with the mark of a writer set by gdb its lookup {ended}"
    if doing.empty and (end := last(doing.empty)):
        words += f", and one in an empty map with the same mark {'died' if end.at in DEATHS else 'went on'}"
    if doing.hashed:
        executed, not_executed = (
            ", ".join(kind for kind, found in doing.hashed.items() if found is wanted) or "no map"
            for wanted in (True, False)
        )
        words += f"; a hash function was executed for a lookup in {executed}, none in {not_executed}"
    frames = "\n".join(
        f"#{depth} {frame.function} at {frame.file}:{frame.line}" for depth, frame in enumerate(stop.frames)
    )
    shown = "\n".join([*others.values(), *([frames] if died else [])])
    if others and died:
        return fails(words, shown)
    return unclear(f"the two instruments disagree: {words}", shown) if others or died else holds(words, shown)
