"""The figures of bucket-layout: how much memory eight entries of a map take together."""

from claimlab import Value

from .lab import OURS, Seen


def values(seen: Seen) -> dict[str, Value]:
    """Of each map type, the size of a bucket; of Swiss maps, that of a group."""
    return {block.Label: Value(block.Size, "B") for block in seen.report.Blocks if block.Label not in OURS}
