"""What the recomputed figures say of the claim 3.2-d/3."""

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear

from .lab import PRINTED, TENFOLD, Row

judges = Judges()

BUSY = 0.5
"""A single thread that spends less than half its time in the operation under test measures something else."""


@judges.of(
    "3.2-d/3",
    sees=lambda seen: [seen.rows[name] for name in PRINTED],
    control=Control(
        "the same latencies with ten times the throughputs",
        lambda seen: [seen.rows[name] for name in TENFOLD],
        Outcome.HOLDS,
    ),
)
def they_fit(rows: list[Row]) -> Finding:
    """By Little's law at least half an operation is in progress at any time: what one thread manages, half idle.

    A stress test has one thread or more that do little else than the operation. It holds if both rows leave so many,
    and fails if a row leaves fewer whatever digits were rounded away.
    """
    words = "; ".join(
        f"{row.millions_a_second} M/s of {row.latency_ns} ns each are {row.in_progress:.2f} operations at a time, and "
        f"one thread alone could do {row.one_thread_millions:.1f} M/s"
        for row in rows
    )
    shows = "\n".join(
        f"{row.latency_ns} ns × {row.millions_a_second} M/s: {row.least:.4f} … {row.most:.4f}" for row in rows
    )
    if all(row.least >= BUSY for row in rows):
        return holds(words, shows)
    return fails(words, shows) if any(row.most < BUSY for row in rows) else unclear(words, shows)
