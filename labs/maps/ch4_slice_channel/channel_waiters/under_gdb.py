"""What the program does under gdb, from one hold to the next. Part of channel-waiters."""

from typing import Final, Literal

from claimlab import Poke, Run, Step, Watch

HOLD: Final = ["main.hold"]
WAITERS: Final = 3
"""As many as come to wait in the program."""
LINE: Final = "'main.line'"
QUEUES: Final[dict[str, Literal["recvq", "sendq"]]] = {"receivers": "recvq", "senders": "sendq"}
FUNCTIONS: Final = ["runtime.enqueueSudoG", "runtime.(*waitq).enqueueSudoG", "runtime.(*waitq).enqueue"]
"""The article's function, in two spellings, and the runtime's."""
BY_CAS: Final = "main.enqueueByCAS"
ONES: Final = 8
"""What a word is disturbed with: no pointer to anything."""


def state(queue: str) -> dict[str, str]:
    """The ends of a queue, and what the waiters there point to."""
    first, last = f"{LINE}.{queue}.first", f"{LINE}.{queue}.last"
    return {
        "first": first,
        "last": last,
        "first.next": f"{first}.next",
        "last.next": f"{last}.next",
        "lock": f"{LINE}.lock.key",
    }


def watches(queue: str, node: str) -> list[Watch]:
    """The lock, both ends of the queue, and the pointer of the waiter at one of them."""
    return [
        Watch("lock", f"&{LINE}.lock.key"),
        Watch("first", f"&{LINE}.{queue}.first", "access"),
        Watch("last", f"&{LINE}.{queue}.last", "access"),
        Watch("next", f"&{LINE}.{queue}.{node}.next", "access"),
    ]


def ours(number: int) -> dict[str, str]:
    """The same of the queue of our own, after so many have come."""
    values = {"first": "'main.own'.first", "last": "'main.own'.last"}
    return values | ({"last.next": f"'main.nodes'[{number - 1}].next"} if number else {})


def our_watches(number: int) -> list[Watch]:
    ends = [Watch(end, f"&'main.own'.{end}", "access") for end in ("first", "last")]
    return ends + ([Watch("next", f"&'main.nodes'[{number - 1}].next", "access")] if number else [])


def after_dummy(number: int) -> dict[str, str]:
    last = f"'main.queued'[{number - 1}]" if number else "'main.spare'"
    ends = {end: f"'main.begun'.{end}" for end in ("first", "last")}
    return ends | {"first.next": "'main.spare'.next", "last.next": f"{last}.next"}


def waiting(name: str) -> Run:
    """All come, then all are served."""
    queue = QUEUES[name]
    values = state(queue)
    comes = Step(HOLD, watches=watches(queue, "last"), values=values)
    counted = Step(HOLD, watches=watches(queue, "last"), values=values, counts=FUNCTIONS)
    served = Step(HOLD, watches=watches(queue, "first"), values=values)
    return Run([name], 1, [Step(HOLD, values=values), *[comes] * (WAITERS - 1), counted, served])


def between(name: str) -> Run:
    """All have come before the first stop."""
    values = state("recvq") | {"second.next": f"{LINE}.recvq.first.next.next"}
    watched = Step(HOLD, watches=watches("recvq", "first"), values=values)
    return Run([name], 1, [Step(HOLD, values=values), watched])


def crowd() -> Run:
    """Many come and are served at the same time, on several threads: the order of touches means nothing."""
    ends = [f"{queue}.{end}" for queue in QUEUES.values() for end in ("first", "last")]
    watched = [Watch(end, f"&{LINE}.{end}", "access") for end in ends]
    return Run(["crowd"], 4, [Step(HOLD), Step(HOLD, watches=watched)])


def watching() -> dict[str, Run]:
    """By what is to be seen in it."""
    own = [Step(HOLD, watches=our_watches(n), values=ours(n + 1), counts=[BY_CAS]) for n in range(WAITERS)]
    return {
        **{name: waiting(name) for name in QUEUES},
        "selects": between("selects"),
        "close": between("close"),
        "own": Run(["own"], 1, [Step(HOLD, values=ours(0)), *own]),
        "dummy": Run(["dummy"], 1, [Step(HOLD, values=after_dummy(n)) for n in range(WAITERS + 1)]),
    }


def disturbing() -> dict[str, Run]:
    """One more comes to wait where a condition of the article's table is not met."""
    values = state("recvq")
    line = f"{LINE}.recvq"
    return {
        "first is not nil": disturbed("receivers", values, 0, pokes=[Poke(f"&{line}.first", ONES)]),
        "tail.next is not nil": disturbed("receivers", values, 1, pokes=[Poke(f"&{line}.last.next", ONES)]),
        "last is not the tail": disturbed("receivers", values, 2, force={f"{line}.last": f"{line}.first"}),
        "own: first is not nil": disturbed("own", ours(0), 0, pokes=[Poke("&'main.own'.first", ONES)]),
        "own: tail.next is not nil": disturbed("own", ours(0), 1, pokes=[Poke("&'main.nodes'[0].next", ONES)]),
        "own: last is not the tail": disturbed("own", ours(0), 2, force={"'main.own'.last": "'main.own'.first"}),
    }


def disturbed(
    name: str,
    values: dict[str, str],
    after: int,
    *,
    pokes: list[Poke] | None = None,
    force: dict[str, str] | None = None,
) -> Run:
    """So many come undisturbed; the stop before the last has the queue as it is then left, the last what came of it."""
    quiet = Step(HOLD, values=values)
    last = Step(HOLD, values=values, pokes=pokes or [], force=force or {})
    return Run([name], 1, [*[quiet] * after, last, quiet])
