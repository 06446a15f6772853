"""Do the latencies and the throughputs of the article's table fit together?

Section 3.2 gives for each of two layouts the time of an operation and the number of operations a second. Here the
arithmetic is the measurement: a script on the bench computes with exact fractions how many operations that leaves in
progress at a time.
"""

import msgspec

from claimlab import Bench, Lab, processes

lab = Lab(has_axis=False, asks={"zh": "文章表格里的延迟与吞吐量彼此对得上吗？"})

PRINTED = {"a line each": ["8.2", "12.4"], "one line": ["47.9", "2.1"]}
"""Nanoseconds of an operation, and millions of operations a second."""
TENFOLD = {"a line each, tenfold": ["8.2", "124"], "one line, tenfold": ["47.9", "21"]}


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table, or of a made-up one."""

    latency_ns: str
    millions_a_second: str
    in_progress: float
    """Operations at a time, on average, from the figures as printed."""
    least: float
    """The same from all figures that would be printed so: from here …"""
    most: float
    """… to here."""
    one_thread_millions: float
    """What one thread does in a second that does nothing else."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    rows: dict[str, Row]


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({"recompute.py": bench.files["recompute.py"]})
    argv = [bench.python, "-I", "recompute.py", msgspec.json.encode(PRINTED | TENFOLD).decode()]
    return Seen(processes.answer(bench, argv, dict[str, Row], gomaxprocs=None))
