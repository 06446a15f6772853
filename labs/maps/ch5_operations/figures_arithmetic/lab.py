"""Do the figures of the article's table fit together?

Chapter 5 of the article gives a value before, a value after and the change between them. Here the arithmetic is the
measurement: a script on the bench computes each change anew with exact fractions, once from the values as printed and
once from all values that would be printed so.
"""

import msgspec

from claimlab import Bench, Lab, processes

lab = Lab(has_axis=False, asks={"zh": "文章表格里的数字彼此对得上吗？"})

FIGURES = {
    "success rate": ["points", "92.3 %", "99.97 %", "7.67"],
    "success rate, digits swapped": ["points", "92.3 %", "99.97 %", "7.76"],
    "recovery time": ["percent", "4 min 12 s", "18.3 s", "-92.8"],
    "recovery time, one per cent less": ["percent", "4 min 12 s", "18.3 s", "-91.8"],
    "audit coverage": ["points", "63 %", "100 %", "37"],
    "audit coverage, digits swapped": ["points", "63 %", "100 %", "73"],
}
"""How the change is counted, the values before and after, and the change as printed or as made up for a control."""


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two decimal fractions, rounded outwards in the last place: the exact interval lies within."""

    low: str
    high: str


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change, as printed and as recomputed."""

    kind: str
    """``points`` is the difference of two percentages, ``percent`` the change relative to the value before."""
    before: str
    after: str
    printed: str
    exact: str
    """From the values as printed, to five places."""
    rounded: str
    """The same, rounded to as many places as the printed change has."""
    possible: Interval
    """From all values that are printed so when they are rounded to the last digit shown."""
    possible_beside_exact_before: Interval
    """The same, if the value before is exact as it stands."""
    printed_means: Interval
    """What is printed so when it is rounded."""
    reachable: bool
    """Some of the possible changes are printed so."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    figures: dict[str, Figure]


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({"recompute.py": bench.files["recompute.py"]})
    argv = [bench.python, "-I", "recompute.py", msgspec.json.encode(FIGURES).decode()]
    return Seen(processes.answer(bench, argv, dict[str, Figure], gomaxprocs=None))
