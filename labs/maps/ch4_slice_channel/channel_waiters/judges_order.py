"""Who is served first: the claim 4.2-e."""

from dataclasses import dataclass
from itertools import groupby

from claimlab import Control, Finding, Judges, Outcome, Stop, decided, unclear

from .lab import Order, Seen
from .under_gdb import QUEUES

judges = Judges()

AFTER_CLOSE = "run after close"
STACK = "stack"


@dataclass(frozen=True)
class Passage:
    """Waiters by address, as gdb saw them come into a queue and get to its head."""

    what: str
    came: list[int]
    left: list[int]

    def in_order(self) -> bool:
        return self.came == self.left


@dataclass(frozen=True)
class Served:
    """How many goroutines were served, in which order."""

    orders: list[Order]
    passages: list[Passage]
    beside: str = ""


def passage(seen: Seen, name: str) -> Passage:
    """Each was the last one when it had come; each is the first one before it goes."""
    rest = seen.stops(name)[1:]
    came = [address(stop, "last") for stop in rest[:-1]]
    return Passage(name, came, heads(rest[-1]))


def closing(seen: Seen) -> Passage:
    before, after = seen.stops("close")
    return Passage(
        "receivers at a close", [address(before, key) for key in ("first", "first.next", "second.next")], heads(after)
    )


def address(stop: Stop, label: str) -> int:
    value = stop.values.get(label)
    return value if isinstance(value, int) else 0


def heads(stop: Stop) -> list[int]:
    """What `first` held, one after the other, on the way to the stop."""
    touches = stop.touched("first")
    found = [value for touch in touches for value in (touch.before, touch.after) if value]
    return list(dict.fromkeys(found))


def of_channels(seen: Seen) -> Served:
    orders = [one for one in seen.orders if one.label not in (STACK, AFTER_CLOSE)]
    after = [one for one in seen.orders if one.label == AFTER_CLOSE]
    began = "; ".join(f"GOMAXPROCS={one.gomaxprocs}: {listed(one)}" for one in after)
    came, went = seen.stops("selects")
    withdrew = (
        address(came, "first.next") != address(went, "first.next") and came.values["first"] == went.values["first"]
    )
    beside = "; a select served by another channel left from between two others" if withdrew else ""
    beside += f"; after close the receivers leave the queue in order too, but run in another ({began})"
    return Served(orders, [*[passage(seen, name) for name in QUEUES], closing(seen)], beside)


def of_a_stack(seen: Seen) -> Served:
    return Served([one for one in seen.orders if one.label == STACK], [])


def listed(order: Order) -> str:
    return ", ".join(map(str, order.begins[:5])) + ", …"


@judges.of(
    "4.2-e",
    sees=of_channels,
    control=Control("goroutines of which we serve first who came last", of_a_stack, Outcome.FAILS),
)
def first_come_first_served(served: Served) -> Finding:
    """Of many goroutines that came to wait one after the other each is served after the ones that came before it.

    Two instruments: which of 300 got which value, under GOMAXPROCS 1 and 4; and the addresses at the tail when each
    came and at the head when each left, by debug registers. Only waiters that stay are meant: a select that is served
    by another channel withdraws.
    """
    figures = "; ".join(
        f"GOMAXPROCS={gomaxprocs}: " + ", ".join(f"{one.descents} of {one.waiters} {one.label}" for one in orders)
        for gomaxprocs, orders in groupby(served.orders, lambda one: one.gomaxprocs)
    )
    ordered = [one.what for one in served.passages if one.in_order()]
    words = f"served right after one that came later: {figures}"
    words += f"; gdb saw {', '.join(ordered)} leave in the order they came" if ordered else ""
    words += served.beside
    shows = "\n".join(
        f"{one.what}: came {' '.join(map(hex, one.came))}; left {' '.join(map(hex, one.left))}"
        for one in served.passages
    )
    straight = all(not one.descents for one in served.orders)
    if not served.orders or any(one.in_order() != straight for one in served.passages):
        return unclear(words, shows)
    return decided(straight, words, shows)
