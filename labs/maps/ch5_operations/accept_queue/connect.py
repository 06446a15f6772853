"""Tries connections in several situations and prints how they end, as JSON. Runs inside the bench; stdlib only.

To be seen: a listener whose accept queue is full leaves SYNs unanswered, and only ListenOverflows tells why.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import select
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRIED = 8
SHORT = 3
"""The limit of the queue that is filled."""
AMPLE = 128
GIVES_UP_AFTER_MS = 1500
"""Enough for one retransmission of the SYN, which comes after a second (RFC 6298, 2.1)."""
PATIENCE_S = 3.0

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
TCP_USER_TIMEOUT, IP_MINTTL = 18, 21
IFREQ = struct.Struct("16sh22x")
TCP_INFO = struct.Struct("8x6I")
"""The head of struct tcp_info. Of a listener, tcpi_unacked is the length of its accept queue and tcpi_sacked the
limit (Linux, net/ipv4/tcp.c, tcp_get_info)."""

SYSCTL = Path("/proc/sys/net")
NET = Path("/proc/self/net")


def enter_own_network() -> bool:
    """This process is in a network namespace of its own, if the kernel allows; else it stays where it is."""
    unshare = ctypes.CDLL(None).unshare
    if unshare(CLONE_NEWNET) != 0 and unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, IFREQ.pack(b"lo", flags_of(any_socket, "lo") | IFF_UP))
    return True


def flags_of(any_socket: socket.socket, interface: str) -> int:
    flags: int = IFREQ.unpack(fcntl.ioctl(any_socket, SIOCGIFFLAGS, IFREQ.pack(interface.encode(), 0)))[1]
    return flags


def interfaces_up() -> list[str]:
    with socket.socket() as any_socket:
        return [name for _, name in socket.if_nameindex() if flags_of(any_socket, name) & IFF_UP]


def sysctl(name: str) -> int:
    return int((SYSCTL / name).read_text())


def counters() -> dict[str, int]:
    """All of /proc/net/snmp and /proc/net/netstat: a line of names, then a line of values, for each protocol."""
    found: dict[str, int] = {}
    for name in ("snmp", "netstat"):
        lines = (NET / name).read_text().splitlines()
        for names, values in zip(lines[::2], lines[1::2], strict=True):
            protocol, *keys = names.replace(":", "").split()
            found |= {f"{protocol}.{key}": int(value) for key, value in zip(keys, values.split()[1:], strict=True)}
    return found


@dataclass
class Tries:
    """Clients that are connecting, and when they began."""

    clients: dict[int, tuple[socket.socket, float]]

    def wait(self, patience_s: float) -> tuple[Counter[str], float]:
        """How they ended, and the longest time one took; who is not done when patience ends is pending."""
        poll = select.poll()
        for number in self.clients:
            poll.register(number, select.POLLOUT)
        endings: Counter[str] = Counter()
        longest, deadline, waiting = 0.0, time.monotonic() + patience_s, set(self.clients)
        while waiting and (left := deadline - time.monotonic()) > 0:
            for number, _ in poll.poll(left * 1000):
                poll.unregister(number)
                waiting.remove(number)
                client, began = self.clients[number]
                error = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                endings[errno.errorcode[error] if error else "connected"] += 1
                longest = max(longest, time.monotonic() - began)
        if waiting:
            endings["pending"] += len(waiting)
        return endings, longest

    def close(self) -> None:
        for client, _ in self.clients.values():
            client.close()


def start(address: Any, count: int) -> Tries:
    clients = {}
    for _ in range(count):
        client = socket.socket()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, GIVES_UP_AFTER_MS)
        began = time.monotonic()
        client.connect_ex(address)
        clients[client.fileno()] = (client, began)
    return Tries(clients)


@contextlib.contextmanager
def port(backlog: int | None) -> Iterator[socket.socket]:
    """A bound socket of a free port: it listens, unless there is no backlog."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        if backlog is not None:
            bound.listen(backlog)
        yield bound


def queue_of(listener: socket.socket) -> tuple[int, int]:
    """The limit of its accept queue, and how many wait there."""
    numbers = TCP_INFO.unpack(listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO.size))
    return numbers[5], numbers[4]


def limit(backlog: int) -> dict[str, int]:
    with port(backlog) as listener:
        return {"asked": backlog, "somaxconn": sysctl("core/somaxconn"), "got": queue_of(listener)[0]}


def situation(bound: socket.socket, *, listens: bool = True, drain: bool = False) -> dict[str, object]:
    """Clients connect to the port; with `drain` the queue is emptied as soon as all have tried once."""
    size, waiting = queue_of(bound) if listens else (0, 0)
    before = counters()
    tries = start(bound.getsockname(), TRIED if not drain else min(TRIED, waiting))
    if drain:
        for _ in range(waiting):
            bound.accept()[0].close()
    endings, longest_s = tries.wait(PATIENCE_S)
    moved = risen(before)
    tries.close()
    return {
        "tried": len(tries.clients),
        "endings": endings,
        "longest_ms": round(longest_s * 1000),
        "moved": moved,
        "limit": size,
        "waiting": waiting,
    }


def risen(before: dict[str, int]) -> dict[str, int]:
    return {name: value - before[name] for name, value in counters().items() if value > before[name]}


def fill(listener: socket.socket) -> Tries:
    """The accept queue takes no more: Linux lets one more in than the limit (sk_acceptq_is_full compares with >)."""
    tries = start(listener.getsockname(), queue_of(listener)[0] + 1)
    tries.wait(PATIENCE_S)
    return tries


def overflow_a_buffer() -> dict[str, object]:
    """Datagrams to a socket that nobody reads: its buffer overflows, and nothing else is wrong."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        receiver.bind(("127.0.0.1", 0))
        before = counters()
        for _ in range(50):
            sender.sendto(bytes(1000), receiver.getsockname())
        return {"tried": 50, "endings": {"sent": 50}, "longest_ms": 0, "moved": risen(before)}


def shorten(own_network: bool) -> tuple[str, int]:
    """What now limits the queue to SHORT, and the backlog to listen with. The machine's own somaxconn stays."""
    try:
        if own_network:
            (SYSCTL / "core/somaxconn").write_text(str(SHORT))
            return "net.core.somaxconn", AMPLE
    except OSError:  # /proc/sys is read-only, or belongs to somebody else
        pass
    return "listen", SHORT


def main() -> None:
    own_network = enter_own_network()
    found: dict[str, dict[str, object]] = {}
    limits = [limit(backlog) for backlog in (SHORT, AMPLE, 100_000)]
    with port(AMPLE) as listener:
        found["room"] = situation(listener)
    with port(None) as closed:
        found["nobody"] = situation(closed, listens=False)
    with port(AMPLE) as listener:
        # Generalized TTL Security Mechanism (RFC 5082): what may have come over a router is dropped without a word.
        # Loopback's TTL is 64, so every SYN is lost on arrival; no privilege is needed, unlike for a firewall.
        listener.setsockopt(socket.IPPROTO_IP, IP_MINTTL, 255)
        found["lost"] = situation(listener)
    found["buffer"] = overflow_a_buffer()
    limited_by, backlog = shorten(own_network)
    limits.append(limit(AMPLE))
    with port(backlog) as listener:
        filling = fill(listener)
        found["full"] = situation(listener)
        found["drained"] = situation(listener, drain=True)
        filling.close()
    seen = {
        "alone": interfaces_up() == ["lo"],
        "abort_on_overflow": sysctl("ipv4/tcp_abort_on_overflow"),
        "gives_up_after_ms": GIVES_UP_AFTER_MS,
        "limited_by": limited_by,
        "limits": limits,
        "counters": sorted(counters()),
        "situations": found,
    }
    json.dump(seen, sys.stdout)


main()
