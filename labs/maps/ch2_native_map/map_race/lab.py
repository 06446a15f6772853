"""Does the race detector report two goroutines that write to one map, and two that write to one sync.Map?

Section 2.4 of the article. The same program, built with the race detector, in many fresh processes: we count those in
which it reported a race, and keep what the reports say.
"""

import msgspec

from claimlab import Bench, Lab, Races, gobuild, race

lab = Lab(host_matters=True, asks={"zh": "两个 goroutine 写同一个 map、写同一个 sync.Map，竞态检测器会报告吗？"})

RUNS = {"once": 100, "many": 20, "plain": 50, "locked": 50, "sync": 100}
"""Processes of each experiment, which take a few hundredths of a second each."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw: the detector's reports, by experiment, all under GOMAXPROCS=2."""

    races: dict[str, Races]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench, name=bench.name, flags="race")
    return Seen({name: race.count(bench, program, [name], runs=runs, gomaxprocs=2) for name, runs in RUNS.items()})
