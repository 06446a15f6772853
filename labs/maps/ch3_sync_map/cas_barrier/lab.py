"""Can a load overtake a store across a LOCK CMPXCHG?

Section 3.3 of the article. On x86-64 one reordering of ordinary accesses can be seen: a load before an earlier store
to another word. Two cores look for it many times, with nothing between the two, with CMPXCHG with and without LOCK, and
with a fence.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, LabBroken, gobuild, processes

lab = Lab(
    has_axis=False,
    host_matters=True,
    asks={"zh": "load 能否越过 LOCK CMPXCHG 抢在前面的 store 之前执行？"},
)

GOMAXPROCS: Final = 2


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rounds of one test, and how often both or none of the two cores found the other's word empty."""

    rounds: int
    both_empty: int
    """Both loads overtook the stores before them."""
    none_empty: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    tests: dict[str, Counted]
    """By what stands between store and load; empty where there is only one core."""
    gomaxprocs: int


@lab.observe
def observe(bench: Bench) -> Seen:
    if bench.run(["uname", "-m"], step="housekeeping").text().strip() != "x86_64":
        raise LabBroken("the claim is about x86-64, and so is this lab's assembly")
    program = gobuild.build(bench)
    argv = [f"./{program.name}"]
    return Seen(processes.answer(bench, argv, dict[str, Counted], gomaxprocs=GOMAXPROCS, timeout_s=300), GOMAXPROCS)
