"""Prints how many operations are in progress at a time, by Little's law, as JSON. Runs inside the bench; stdlib only.

Little, A proof for the queuing formula L = λW, Operations Research 9 (1961): the mean number of operations in progress
is the rate at which they end times the time that each takes.
"""

import json
import sys
from fractions import Fraction

NS = Fraction(1, 10**9)
MILLION = 10**6


def around(printed: str) -> tuple[Fraction, Fraction]:
    """All that is printed so when it is rounded to the last digit shown."""
    places = len(printed.partition(".")[2])
    half = Fraction(1, 2 * 10**places)
    return Fraction(printed) - half, Fraction(printed) + half


def in_progress(latency_ns: Fraction, millions: Fraction) -> Fraction:
    return latency_ns * NS * millions * MILLION


def row(latency_ns: str, millions: str) -> dict[str, object]:
    (short, long), (slow, fast) = around(latency_ns), around(millions)
    return {
        "latency_ns": latency_ns,
        "millions_a_second": millions,
        "in_progress": float(in_progress(Fraction(latency_ns), Fraction(millions))),
        "least": float(in_progress(short, slow)),
        "most": float(in_progress(long, fast)),
        "one_thread_millions": float(1 / (Fraction(latency_ns) * NS * MILLION)),
    }


json.dump({name: row(*pair) for name, pair in json.loads(sys.argv[1]).items()}, sys.stdout)
