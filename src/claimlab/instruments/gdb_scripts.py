"""Scripts that run inside gdb: each is handed an order, and its answer is what that very script has written."""

import hashlib
import re
import shlex
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from claimlab.benches.bench import Bench, Completed
from claimlab.instruments.answers import decoded
from claimlab.project.errors import LabBroken

INSIDE: Final = Path(__file__).parent / "inside"
ANSWERING: Final = "gdb_answering.py"
HINDERED: Final = 3
"""The exit code of that script where the session might come about another time; gdb's own are 0 and 1."""
_WRITTEN: Final = re.compile(rb"^SHA-256 of the answer: ([0-9a-f]{64})\n\Z", re.MULTILINE)
Answer = TypeVar("Answer")


class Hindered(LabBroken):
    """What was to be seen did not come about this time: the threads of the program got in each other's way.

    It breaks the lab, unless the lab means to begin the session anew.
    """


def ask(
    bench: Bench,
    scripts: Mapping[str, bytes],
    order: Mapping[str, Any],
    kind: type[Answer],
    *,
    what: str,
    timeout_s: float = 60.0,
) -> Answer:
    """What the first of the scripts made of the order, in a gdb of its own; `what` says what is wrong otherwise.

    The script ends with a call of ``answers`` in `inside/gdb_answering.py`. The program that runs under gdb may write
    where the answer lies: so its file has a name that this session alone has, it must not be there before, and gdb's
    last line tells what the script has written.
    """
    name = f"gdb-{len(bench.journal.commands)}.json"
    bench.put({**scripts, ANSWERING: (INSIDE / ANSWERING).read_bytes()})
    done = bench.run(command(next(iter(scripts)), {**order, "answer": name}), step="gdb", timeout_s=timeout_s)
    if done.exit_code == HINDERED and not done.timed_out:
        tail = done.stderr.decode("utf-8", "replace")
        raise Hindered(f"{what}: it was hindered", shlex.join(done.argv), done.exit_code, tail)
    if done.exit_code == 128 + signal.SIGABRT:
        raise broken(
            done, f"{what}: gdb itself broke down, as it may where a program is killed while it starts threads"
        )
    done.or_broken(what)
    content = bench.get(name)
    written = _WRITTEN.search(done.stdout)
    if written is None or hashlib.sha256(content).hexdigest() != written[1].decode():
        raise broken(done, f"{what}: {name} is not what the script inside gdb has written")
    return decoded(content, kind, f"{name}, which the script inside gdb has written,")


def broken(done: Completed, what: str) -> LabBroken:
    tail = (done.stderr or done.stdout).decode("utf-8", "replace")
    return LabBroken(what, shlex.join(done.argv), done.exit_code, tail)


def command(script: str, order: Mapping[str, Any], *settings: str) -> list[str]:
    """The order stands on the command line, so that the journal has all it takes to do the session again.

    Scripts find each other where they lie, in the bench's folder. Auto-loading is off: what a script needs of others it
    sources by name.
    """
    found = "python import os, sys; sys.path.insert(0, os.getcwd())"
    handed = f"python ORDER = {msgspec.json.encode(order).decode()!r}"
    first = [word for setting in ("set auto-load off", *settings, found, handed) for word in ("-iex", setting)]
    return ["gdb", "-nx", "-nh", "-batch", *first, "-x", script]
