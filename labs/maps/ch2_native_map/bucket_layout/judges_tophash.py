"""What a bucket keeps of a hash: the claim 2.1-g."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear, void

from .judges_reading import SPOKEN_OF, of_map
from .lab import Seen

judges = Judges()

RETURNS = ("rax", "x0")
"""The register of a function's first result in Go's calling convention, on amd64 and on arm64."""
FIRST_TOP = 5
"""Smaller values mark empty and moved slots: a hash's byte below it is raised by it (runtime/map.go: minTopHash)."""

Kept = list[tuple[int, int]]
"""Hashes, each with the byte kept for it."""


@dataclass(frozen=True)
class Tops:
    """What is kept of hashes, by instrument."""

    exists: bool | None
    instead: str
    kept: dict[str, Kept]


def in_buckets(seen: Seen) -> Tops:
    piece = of_map(seen, SPOKEN_OF)
    hashes = seen.report.Hashes
    low = sum(hashed.Stored == hashed.Low for hashed in hashes)
    instead = f"a group's control bytes hold the lowest 7 bits of the hash in {low} of {len(hashes)} entries"
    kept = {"the map's own hash function": [(hashed.Hash, hashed.Stored) for hashed in hashes], "gdb": under_gdb(seen)}
    return Tops(piece.exists, f"{piece.instead}; {instead}", kept)


def under_gdb(seen: Seen) -> Kept:
    stops = seen.hashing.runs[0].stops
    if len(stops) < 4 or stops[2].at != "return":
        return []
    register = next((name for name in RETURNS if name in stops[2].registers), None)
    kept = stops[3].values["tophash"]
    return [(stops[2].registers[register], kept)] if register and isinstance(kept, int) else []


def top(hashed: int) -> int:
    byte = hashed >> 56
    return byte + FIRST_TOP if byte < FIRST_TOP else byte


@judges.of(
    "2.1-g",
    sees=in_buckets,
    control=Control(
        "bytes into which our program puts the highest 4 bits of the same hashes",
        lambda seen: Tops(True, "", {"our program": [(hashed.Hash, hashed.Nibble) for hashed in seen.report.Hashes]}),
        Outcome.HOLDS,
    ),
)
def holds_the_high_4_bits(tops: Tops) -> Finding:
    """Each tophash byte equals the highest 4 bits of its key's hash, and no more of the hash is in it.

    Hashes come from the map's own hash function: called by the program, and returned to an assignment under gdb.
    """
    if tops.exists is None:
        return unclear("DWARF, reflection and descriptor disagree whether there are buckets")
    if not tops.exists:
        return void(f"there is no tophash: {tops.instead}")
    if missing := [name for name, kept in tops.kept.items() if not kept]:
        return unclear(f"no hash was seen by {missing[0]}")
    four = {name: sum(byte == hashed >> 60 for hashed, byte in kept) for name, kept in tops.kept.items()}
    eight = {name: sum(byte == top(hashed) for hashed, byte in kept) for name, kept in tops.kept.items()}
    words = "; ".join(
        f"by {name}, {four[name]} of {len(kept)} bytes are the highest 4 bits and {eight[name]} the highest 8"
        for name, kept in tops.kept.items()
    )
    distinct = {byte for kept in tops.kept.values() for _, byte in kept}
    words += f"; {len(distinct)} different bytes (8 bits below {FIRST_TOP} are raised by {FIRST_TOP})"
    lines = "\n".join(
        f"hash {hashed:#018x}  byte {byte:#04x}  by {name}"
        for name, kept in tops.kept.items()
        for hashed, byte in kept[:4]
    )
    agree = {four[name] == len(kept) for name, kept in tops.kept.items()}
    if len(agree) > 1:
        return unclear(words, lines)
    return holds(words, lines) if agree.pop() else fails(words, lines)
