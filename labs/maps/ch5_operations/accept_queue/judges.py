"""What the connections and the kernel's counters say of the claims 5-h and 5-j."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear

from .lab import Limit, Seen, Situation

judges = Judges()

REFUSED = "ECONNREFUSED"
RETRANSMISSIONS = ("Tcp.RetransSegs", "TcpExt.TCPSynRetrans")
BUFFER_OVERFLOWS = (
    "TcpExt.PruneCalled",
    "TcpExt.RcvPruned",
    "TcpExt.OfoPruned",
    "TcpExt.TCPRcvCollapsed",
    "TcpExt.TCPRcvQDrop",
    "TcpExt.TCPBacklogDrop",
    "Udp.RcvbufErrors",
    "Udp.SndbufErrors",
)
"""What `netstat -s` of net-tools puts into words such as "because of socket buffer overrun" and "receive buffer
errors" (net-tools, statistics.c), with the drops of a full receive queue and backlog. ListenOverflows is none of
them: there it reads "times the listen queue of a socket overflowed"."""
LISTEN_OVERFLOWS = ("TcpExt.ListenOverflows",)
SAYS = {
    "full": "accept queue full",
    "lost": "SYNs lost for another reason",
    "nobody": "nobody listens",
    "buffer": "UDP receive buffer overflows",
    "room": "room in the queue",
}


@dataclass(frozen=True)
class Tried:
    """Connections that were tried in one situation, and what is known of queues beside it."""

    what: str
    situation: Situation
    drained: Situation
    """Connections to the same listener, whose queue was emptied right after they had tried."""
    limits: list[Limit]
    limited_by: str
    abort_on_overflow: int


def tried(seen: Seen, name: str) -> Tried:
    drained = seen.situations["drained"]
    return Tried(SAYS[name], seen.situations[name], drained, seen.limits, seen.limited_by, seen.abort_on_overflow)


@judges.of(
    "5-h",
    sees=lambda seen: tried(seen, "full"),
    control=Control(
        "connections to a port on which nobody listens",
        lambda seen: tried(seen, "nobody"),
        Outcome.HOLDS,
    ),
)
def connections_are_refused(tried: Tried) -> Finding:
    """Every connection to a listener whose queue is full, and as short as a low `somaxconn` makes it, is refused.

    Refused is what TCP and errno mean by it: a reset answers the SYN, and connect(2) fails with ECONNREFUSED at once.
    """
    now = tried.situation
    if now.limit and now.waiting <= now.limit:
        return unclear(f"the queue was not full: {now.waiting} waited in a queue of {now.limit}")
    if any(limit.got != min(limit.asked, limit.somaxconn) for limit in tried.limits):
        return unclear("a queue's limit is not the lesser of backlog and `net.core.somaxconn`", as_rows(tried.limits))
    refused = now.endings.get(REFUSED, 0)
    words = f"{tried.what}: {in_words(now)}, {refused} of {now.tried} refused"
    if now.limit:
        words += f"; {now.waiting} waited in a queue whose limit, the lesser of backlog and `net.core.somaxconn`, "
        words += f"was {now.limit} by `{tried.limited_by}`; once it was emptied: {in_words(tried.drained)}"
    shows = f"{as_rows(tried.limits)}\nnet.ipv4.tcp_abort_on_overflow = {tried.abort_on_overflow}"
    if 0 < refused < now.tried:
        return unclear(words, shows)
    return decided(refused == now.tried, words, shows)


def in_words(situation: Situation) -> str:
    endings = ", ".join(f"{count} × {ending}" for ending, count in sorted(situation.endings.items()))
    return f"{endings} within {situation.longest_ms / 1000:.1f} s"


def as_rows(limits: list[Limit]) -> str:
    return "\n".join(f"listen({row.asked}), somaxconn {row.somaxconn}: queue limit {row.got}" for row in limits)


@dataclass(frozen=True)
class Watched:
    """Some counters, and how all of them moved in each situation."""

    names: tuple[str, ...]
    alone: bool
    situations: dict[str, Situation]


def watched(seen: Seen, *names: str) -> Watched:
    known = tuple(name for name in names if name in seen.counters)
    return Watched(known, seen.alone, {name: seen.situations[name] for name in SAYS})


@judges.of(
    "5-j",
    sees=lambda seen: watched(seen, *RETRANSMISSIONS, *BUFFER_OVERFLOWS),
    control=Control(
        "the count of listen queue overflows instead", lambda seen: watched(seen, *LISTEN_OVERFLOWS), Outcome.HOLDS
    ),
)
def the_counters_tell_it_apart(watched: Watched) -> Finding:
    """Which of these counters move with a full accept queue is not the same as in any situation with another cause.

    A pattern that a different cause leaves as well cannot show which of the two it was.
    """
    if not watched.alone:
        return unclear("the counters counted other traffic too")
    if not watched.names:
        return unclear("this kernel has none of these counters")
    patterns = {name: pattern(watched, name) for name in SAYS}
    like = [name for name in SAYS if name != "full" and patterns[name] == patterns["full"]]
    words = f"{SAYS['full']}: {moves(watched, 'full')}"
    shows = "\n".join(f"{SAYS[name]}: {moves(watched, name)}" for name in SAYS)
    if not patterns["full"]:
        return fails(f"{words}, as if nothing were wrong", shows)
    if like:
        same = "; ".join(f"{SAYS[name]}: {moves(watched, name)}" for name in like)
        return fails(f"{words}; {same}: of the {len(watched.names)} counters the same ones move", shows)
    return holds(f"{words}, in no other situation", shows)


def pattern(watched: Watched, name: str) -> frozenset[str]:
    return frozenset(watched.names) & set(watched.situations[name].moved)


def moves(watched: Watched, name: str) -> str:
    moved = watched.situations[name].moved
    found = [f"`{counter}` +{moved[counter]}" for counter in watched.names if counter in moved]
    return ", ".join(found) or "none moves"
