"""What does a full accept queue do to a connection?

A listener that never accepts fills its queue with the first connections. What do the next ones see, and which of the
kernel's counters tell this from other reasons why a connection does not come about? Real sockets on the loopback
interface, in a network namespace of their own wherever the kernel lets the bench have one.
"""

import msgspec

from claimlab import Bench, Lab, processes

lab = Lab(has_axis=False, host_matters=True, asks={"zh": "accept 队列满了，新连接会怎样？"})


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one listener's backlog."""

    asked: int
    """The argument of listen(2)."""
    somaxconn: int
    """``net.core.somaxconn`` at that moment."""
    got: int
    """The limit of its accept queue, as the kernel tells it (TCP_INFO)."""


class Situation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some connections that were tried, how they ended, and what the kernel counted meanwhile."""

    tried: int
    endings: dict[str, int]
    """By errno, such as ``ECONNREFUSED``; ``connected``; or ``pending`` if nothing had come of it when time was up."""
    longest_ms: int
    moved: dict[str, int]
    """By how much each counter of /proc/net/snmp and /proc/net/netstat rose, if it did: ``Tcp.RetransSegs``."""
    limit: int = 0
    """The listener's limit, and how many connections waited in its queue before; 0 without a listener."""
    waiting: int = 0


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    alone: bool
    """No interface but lo was up: the counters count nobody else's traffic."""
    abort_on_overflow: int
    """``net.ipv4.tcp_abort_on_overflow``."""
    gives_up_after_ms: int
    """TCP_USER_TIMEOUT of the clients; by default they would go on for two minutes."""
    limited_by: str
    """What made the queue short: ``net.core.somaxconn``, or where it cannot be set ``listen``."""
    limits: list[Limit]
    counters: list[str]
    """All that this kernel has."""
    situations: dict[str, Situation]


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({"connect.py": bench.files["connect.py"]})
    return processes.answer(bench, [bench.python, "-I", "connect.py"], Seen, gomaxprocs=None)
