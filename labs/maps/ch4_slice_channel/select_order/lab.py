"""In which order does select look at its cases, which ready one does it take, and whom does it wake?

Section 4.4 of the article. Counts: which cases are ready is certain before each select, and chosen so that a linear
scan from any start, the article's scan from an address, and a random permutation have to give different counts. A
debugger reads, at each call of runtime.selectgo, the address of the cases and the order in which they were polled, and
sets the state of the random source. Fresh processes show what the article's program prints.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from claimlab import Bench, Binary, Lab, LabBroken, gdb, gobuild, layout, processes

from .under_gdb import FOUR, LISTED, SITUATIONS, Polled, Situation, Uses, read_kinds, read_places, runs

lab = Lab(
    host_matters=True,
    asks={
        "zh": "select 按什么顺序查看各个 case，取哪个就绪的 case，唤醒谁？",
    },
)

PAIRS: Final = [f"{kind}, {way}" for way in ("receiving", "sending") for kind in ("unbuffered", "capacity 1")]
"""Two channels that are both ready: senders or receivers wait, or the buffers are full or empty."""
PROCESSORS: Final = [1, 2, 4]
"""Values of GOMAXPROCS."""
TIMES: Final = 20000
"""Selects for each set of ready cases."""
BATCHES: Final = 1000
FRESH: Final = 40
"""Processes that print a sequence of choices."""
RUNS: Final = 100
"""Processes of the article's program."""


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often each of four cases was taken in many selects."""

    way: str
    """``select``; ``addressed`` for the article's algorithm in our own code; ``started`` for a scan from a start by
    chance."""
    gomaxprocs: int
    places: list[int]
    """Where the cases stand in the array that is scanned, in the order of the source."""
    ready: list[int]
    """The cases that were ready before each select; the others were not. In the order of the source, as `taken`."""
    taken: list[int]

    @property
    def total(self) -> int:
        return sum(self.taken)

    def by_permutation(self) -> list[float]:
        """The shares if the cases are polled in a random order: every ready one is as likely as any other."""
        return [1 / len(self.ready) if number in self.ready else 0.0 for number in range(len(self.taken))]

    def by_scan(self) -> list[float]:
        """The shares if they are polled from a random start on: a ready one gets those that stand before it, too."""
        return self._from_starts(range(len(self.taken)))

    def by_address(self) -> list[float]:
        """The shares if they are polled from the address of their array modulo their number.

        An array of pointers lies at a multiple of 8, so with four cases that is always 0.
        """
        return self._from_starts([0])

    def _from_starts(self, starts: Sequence[int]) -> list[float]:
        shares = [0.0] * len(self.taken)
        for start in starts:
            scanned = [(start + step) % len(self.taken) for step in range(len(self.taken))]
            cases = [self.places.index(place) for place in scanned]
            shares[next(number for number in cases if number in self.ready)] += 1 / len(starts)
        return shares


class Batches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often select took the first of two channels that were both ready, in batches."""

    label: str
    gomaxprocs: int
    batch: int
    """Selects in each."""
    batches: dict[str, int]
    """How many batches had so many hits of the first channel."""

    @property
    def hits(self) -> int:
        return sum(int(hits) * count for hits, count in self.batches.items())

    @property
    def selects(self) -> int:
        return self.batch * sum(self.batches.values())


class Ordered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often select took the channel that had been ready first, and how often the other one."""

    label: str
    gomaxprocs: int
    earlier: int
    later: int


class Printed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What processes of one program printed."""

    program: str
    gomaxprocs: int
    runs: int
    lines: dict[str, int]
    """How many processes printed so many lines."""
    ended: dict[str, int]
    """How many ended with this exit code."""
    blocked: dict[str, int]
    """How many reported so many goroutines in select when they died."""
    served: dict[str, int]
    """How many printed these lines."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    counted: list[Counted]
    batches: list[Batches]
    ordered: list[Ordered]
    sequences: dict[str, list[str]]
    """By way: the first choices of fresh processes, all four cases being ready."""
    selecting: dict[str, list[Polled]]
    """Under a debugger, by kind."""
    situations: list[Situation]
    uses: dict[str, Uses]
    """What the article's program does, and one that does what the article's text says."""
    printed: list[Printed]

    def counts(self, way: str) -> list[Counted]:
        return [one for one in self.counted if one.way == way]

    def batches_of(self, label: str) -> list[Batches]:
        """By GOMAXPROCS."""
        return [one for one in self.batches if one.label == label]


class _Pair(msgspec.Struct, frozen=True):
    Label: str
    Batch: int
    Batches: dict[str, int]


class _Order(msgspec.Struct, frozen=True):
    Label: str
    Earlier: int
    Later: int


class _Pairs(msgspec.Struct, frozen=True):
    Pairs: list[_Pair]
    Orders: list[_Order]


class _Count(msgspec.Struct, frozen=True):
    Way: str
    Ready: list[int]
    Taken: list[int]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    (hchan,) = layout.types(bench, program, ["runtime.hchan"])
    queues = [queue.offset for name in ("sendq", "recvq") if (queue := hchan.field(name))]
    if len(queues) != 2:
        raise LabBroken("a channel has no queues of its waiters by DWARF")
    session = gdb.session(bench, program, runs(queues[0]), timeout_s=120)
    selecting, *situations, listed, told = session.runs
    places = read_places(selecting.stops[1 : 1 + FOUR])
    if sorted(places) != list(range(FOUR)):
        raise LabBroken(f"the debugger finds the cases of a select at the places {places}")
    counted, batches, ordered = [], [], []
    for processors in PROCESSORS:
        argv = [f"./{program.name}", "counts", str(TIMES)]
        counts = processes.answer(bench, argv, list[_Count], gomaxprocs=processors)
        for one in counts:
            scanned = places if one.Way == "select" else list(range(FOUR))
            counted.append(Counted(one.Way, processors, scanned, one.Ready, one.Taken))
        argv = [f"./{program.name}", "pairs", *map(str, [BATCHES, *queues])]
        pairs = processes.answer(bench, argv, _Pairs, gomaxprocs=processors)
        kept = [one for one in pairs.Pairs if processors == PROCESSORS[0] or one.Label in PAIRS]
        batches += [Batches(one.Label, processors, one.Batch, one.Batches) for one in kept]
        ordered += [Ordered(one.Label, processors, one.Earlier, one.Later) for one in pairs.Orders]
    return Seen(
        counted=counted,
        batches=batches,
        ordered=ordered,
        sequences=sequences(bench, program),
        selecting=read_kinds(selecting.stops[1 + FOUR :]),
        situations=[Situation.read(label, run.stops) for label, run in zip(SITUATIONS, situations, strict=True)],
        uses={label: Uses.read(run.stops) for label, run in zip(LISTED, (listed, told), strict=True)},
        printed=[
            printed(bench, program, name, processors)
            for name in ("listed", "waited", "enough")
            for processors in PROCESSORS[:2]
        ],
    )


def sequences(bench: Bench, program: Binary) -> dict[str, list[str]]:
    """Of FRESH processes, by way."""
    lines = shell(bench, f"for i in $(seq {FRESH}); do ./{program.name} sequence || exit 1; done", PROCESSORS[0])
    pairs = [line.split() for line in lines]
    return {way: [choices for name, choices in pairs if name == way] for way in ("select", "addressed")}


def printed(bench: Bench, program: Binary, name: str, processors: int) -> Printed:
    """Of RUNS processes: their exit codes, how many goroutines they left in select, and what they printed.

    A process dies with a report of all goroutines if none of them can ever go on (runtime/proc.go: checkdead).
    """
    script = f'for i in $(seq {RUNS}); do ./{program.name} {name} 2>&1; echo "exit $?"; done'
    rows: list[list[str]] = [[]]
    for line in shell(bench, script, processors):
        rows[-1].append(line)
        if line.startswith("exit "):
            rows.append([])
    rows.pop()
    served = [[line.split()[0] for line in row if re.fullmatch(r"G\d on ch[12]", line)] for row in rows]
    blocked = [sum(bool(re.match(r"goroutine \d+ .*\[select", line)) for line in row) for row in rows]
    return Printed(
        name,
        processors,
        len(rows),
        lines=dict(Counter(str(len(names)) for names in served)),
        ended=dict(Counter(row[-1].split()[1] for row in rows)),
        blocked=dict(Counter(map(str, blocked))),
        served=dict(Counter(", ".join(sorted(names)) for names in served)),
    )


def shell(bench: Bench, script: str, processors: int) -> list[str]:
    """The lines that it printed."""
    ran = processes.once(bench, ["sh", "-c", script], gomaxprocs=processors, timeout_s=120)
    return ran.or_broken("the script failed").stdout.splitlines()
