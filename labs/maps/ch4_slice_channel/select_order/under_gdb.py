"""What the program does under gdb, step by step, and how that is read. Part of select-order."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from claimlab import Counted, Run, Step, Stop

FOUR: Final = 4
"""Cases of the select whose choices are counted."""
TIMES: Final = 8
"""Selects of each kind."""
SELECT: Final = "runtime.selectgo"
KINDS: Final = {
    "two of four": SELECT,
    "three": SELECT,
    "three, random state set": SELECT,
    "addressed": "main.modelAddressed",
    "started": "main.modelStarted",
}
"""What orders.go does, with the function that gets the cases."""
SET: Final = "three, random state set"
STATES: Final = ["'runtime.m0'.cheaprand", "'runtime.m0'.fastrand"]
"""The state of the random source of the first thread, since 1.22 and in 1.21 (runtime/runtime2.go: m)."""
SOURCES: Final = ["runtime.cheaprandn", "runtime.fastrandn"]
"""What makes a random number below n of it (runtime/rand.go, runtime/stubs.go)."""
RESULTS: Final = {"rax": "$rax", "x0": "$x0"}
"""Where a function's first result is, on amd64 and on arm64."""
WAKE: Final = "runtime.ready"
"""Makes a waiting goroutine runnable (runtime/proc.go)."""
PARK: Final = "runtime.gopark"
SITUATIONS: Final = ["a value in the buffer", "a goroutine waits to send", "nothing is ready"]
LISTED: Final = ["the program", "the text"]
HOLD: Final = ["main.hold"]


class Polled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One select, or one run of an algorithm of ours in its place."""

    address: int
    """Of the array of cases."""
    cases: int
    ready: list[int]
    """Cases whose channels had a value when they were handed over, by their place in the array."""
    order: list[int]
    """In which the cases were polled, as it stood in memory afterwards."""
    taken: int
    random: int
    """How often it asked the random source."""

    def by_address(self) -> int:
        """The article's starting case."""
        return self.address % self.cases

    def is_rotation(self) -> bool:
        """The order is that of a linear scan from some start."""
        return all((one + 1) % self.cases == other for one, other in pairwise(self.order))

    def is_first_ready(self) -> bool:
        return self.taken == next((number for number in self.order if number in self.ready), None)


def read_places(stops: Sequence[Stop]) -> list[int]:
    """Where the cases of a select stand in the array, in the order of the source; of stops at which each was ready
    alone."""
    found = [ready_at(stop, FOUR) for stop in stops]
    return [ready[0] for ready in found if len(ready) == 1]


def ready_at(stop: Stop, cases: int) -> list[int]:
    return [number for number in range(cases) if stop.values[f"values {number}"]]


def read_kinds(stops: Sequence[Stop]) -> dict[str, list[Polled]]:
    """The selects of each kind; fewer where the run ended early, or where something could not be read."""
    pairs = list(zip(stops[::2], stops[1::2], strict=False))
    return {
        kind: [polled for pair in pairs[number * TIMES : (number + 1) * TIMES] if (polled := read_pair(*pair))]
        for number, kind in enumerate(KINDS)
    }


def read_pair(entered: Stop, left: Stop) -> Polled | None:
    address, cases = entered.values["address"], entered.values["cases"]
    if not isinstance(address, int) or not isinstance(cases, int) or left.at != "return":
        return None
    order = [left.values[f"order {number}"] for number in range(cases)]
    taken = next((value for name in RESULTS if isinstance(value := left.values[name], int)), None)
    if taken is None or not all(isinstance(number, int) for number in order):
        return None
    random = sum(counted.hits for counted in left.counted)
    return Polled(address, cases, ready_at(entered, cases), [int(number or 0) for number in order], taken, random)


class Situation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One select, from a stop before it to a stop after it. No goroutine but those concerned can run."""

    label: str
    is_ready: bool
    woken: int
    """How often a waiting goroutine was made runnable."""
    parked: int
    """How often the goroutine that selects was put to wait by selectgo."""
    changed: dict[str, int]
    """How many goroutines changed from one status to another."""

    @staticmethod
    def read(label: str, stops: Sequence[Stop]) -> "Situation":
        before, after = stops[-2], stops[-1]
        statuses = {one.id: one.status for one in before.goroutines}
        changed = Counter(
            f"{statuses[one.id]} → {one.status}"
            for one in after.goroutines
            if statuses.get(one.id, one.status) != one.status
        )
        parked = sum(hits for chain, hits in chains(after, PARK) if SELECT in chain)
        return Situation(label, label != SITUATIONS[-1], after.count_of(WAKE), parked, dict(changed))


def chains(stop: Stop, name: str) -> list[tuple[str, int]]:
    found: Counted = next(counted for counted in stop.counted if counted.name == name)
    return list(found.chains.items())


class Uses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ten goroutines do with select."""

    sends: int | None
    """Cases of their select that send."""
    receives: int | None
    selects: int
    """Of all ten together."""
    parked: int
    woken: int

    @staticmethod
    def read(stops: Sequence[Stop]) -> "Uses":
        _, first, last = stops
        sends, receives = (value if isinstance(value, int) else None for value in first.values.values())
        parked = sum(hits for chain, hits in chains(last, PARK) if SELECT in chain)
        return Uses(sends, receives, 1 + last.count_of(SELECT), parked, last.count_of(WAKE))


CASES: Final = {"address": "cas0", "cases": "nsends + nrecvs"} | {
    f"values {number}": f"cas0[{number}].c.qcount" for number in range(FOUR)
}
"""The array of cases, and how many values their channels have; of an array of three the last is none of it."""


def runs(senders: int) -> list[Run]:
    """One for the orders, one for each situation, one for each of LISTED. `senders` is the offset of a channel's queue
    of them."""
    places = [Step([SELECT], values=CASES)] * FOUR
    steps = [step for kind in KINDS for _ in range(TIMES) for step in one_select(kind)]
    noting = Step(HOLD, counts=[WAKE, PARK], goroutines=True)
    return [
        Run(["orders", str(TIMES)], 1, [Step(HOLD), *places, *steps]),
        *(
            Run(["situations", str(senders)], 1, [*[Step(HOLD)] * (2 * number), Step(HOLD, goroutines=True), noting])
            for number in range(len(SITUATIONS))
        ),
        *(Run([program], 1, using()) for program in ("watched", "told")),
    ]


def one_select(kind: str) -> list[Step]:
    """To where the cases are handed over, and to where the choice is handed back."""
    enter = Step(
        [KINDS[kind]],
        values=CASES,
        # The order lies in the caller's frame and outlives the call.
        force={"$order": "order0"} | (dict.fromkeys(STATES, "20240607") if kind == SET else {}),
    )
    order = {f"order {number}": f"$order[{number}]" for number in range(FOUR)}
    return [enter, Step([], returns=True, values=order | RESULTS, counts=SOURCES)]


def using() -> list[Step]:
    cases = {"sends": "nsends", "receives": "nrecvs"}
    return [Step(HOLD), Step([SELECT], values=cases), Step(HOLD, counts=[SELECT, WAKE, PARK])]
