"""The figures of map-gc-scan: what an entry of a large map takes, and how much of that the collector reads."""

from claimlab import Value, heap

from .lab import ENTRIES, Seen

EMPTY = "nothing"
"""The program's report without a map."""


def values(seen: Seen) -> dict[str, Value]:
    """Bytes for each entry, to a tenth: what else lives in the process differs by less from one time to the next."""
    without = seen.scanned[EMPTY]
    return {
        f"{label}: {what} an entry": Value(round((counts[name] - without[name]) / ENTRIES, 1), "B")
        for label, counts in seen.scanned.items()
        if label != EMPTY
        for what, name in (("memory", heap.LIVE), ("scanned", heap.SCANNED))
    }
