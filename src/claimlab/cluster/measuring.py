"""In the process of a worker that measures: orders become observations, one after the other.

It is a process of its own because labs import modules and limit their time by signals, and because what an author's
code does to it must not end the worker.
"""

import errno
import math
import os
import signal
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import msgspec

from claimlab.benches.engine import Engine
from claimlab.benches.engines import choose
from claimlab.benches.leftovers import end_dead
from claimlab.benches.recipe import Notes, Tools
from claimlab.cluster.orders import Broke, Came, NotHere, NoTools, Order, Seen, differing, lab_of, trial_of
from claimlab.cluster.parcel import project_in
from claimlab.cluster.tools import cache_for, is_there
from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import RUN, name_of
from claimlab.running import signals
from claimlab.running.readiness import Readiness
from claimlab.toolchains.folders import FOLDER
from claimlab.toolchains.origins import tree_of
from claimlab.trials.fingerprint import Shared
from claimlab.trials.trial import Trial, breakage_of

_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})
"""What a host's disk or kernel refuses whatever the lab does."""


@dataclass
class Place:
    """Where this process measures: with the project of one parcel, on one host."""

    root: Path
    """Of the unpacked parcel."""
    cache: Path
    worker: str
    """The worker's name, for provenance."""
    said: Connection
    """Takes words about preparing."""
    ready: Readiness = field(default_factory=Readiness)

    def project(self) -> Project:
        return project_in(self.root, self.cache)


_places: Final[list[Place]] = []


def begin(root: Path, cache: Path, worker: str, said: Connection) -> None:
    """This process measures there from now on, and ends when its worker does."""
    signals.end_with_parent()
    for number in (signal.SIGINT, signal.SIGHUP):  # meant for the worker, or for the head
        signal.signal(number, signal.SIG_IGN)
    os.environ[RUN] = name_of(os.getpid())  # what is left of its benches when it is killed tells so
    _places[:] = [Place(root, cache, worker, said)]
    end_dead(_project())


def process_number() -> int:
    return os.getpid()


def measured(content: bytes) -> bytes:
    """What came of the order: see :data:`claimlab.cluster.orders.Came`.

    Raises :class:`NotHere` if it cannot be measured here. SIGTERM ends the trial, and with it this process.
    """
    asked = signals.interrupt_by(signals.Asked(patience=math.inf), (signal.SIGTERM,))
    try:
        return msgspec.msgpack.encode(_came(msgspec.msgpack.decode(content, type=Order)))
    except KeyboardInterrupt:
        os._exit(asked.exit_code)  # what ran has been ended on the way here
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _came(order: Order) -> Came:
    place = _places[0]
    try:
        engine = _engine(order.engine, order.tools)
        engine.check()
        if order.tools and not _stands_on(order.tools):
            return NoTools()
        shared = _shared(order.lab, order)
        trial = trial_of(order, shared, engine)
        _refuse_what_cannot_travel(trial)
        place.ready.make(trial, place.said.send)
        if others := differing(order, trial):
            raise NotHere(f"it would be another trial there: {others}")
        with place.ready.doubted(trial):
            return _observed(trial)
    except (EnvironmentMissing, BadData) as missing:
        raise NotHere(str(missing), lacks=True) from None
    except OSError as error:
        raise NotHere(
            f"the host refused it: {error.strerror or error} {error.filename or ''}".strip(), lacks=True
        ) from None


def _observed(trial: Trial) -> Came:
    try:
        seen = trial.observed({"name": _places[0].worker})
    except EnvironmentMissing:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK:
            raise
        return Broke(breakage_of(error, trial.lab))
    return Seen(msgspec.json.encode(seen))


def _refuse_what_cannot_travel(trial: Trial) -> None:
    """One's own Go is in its folder here too, or was copied from there before."""
    for release in {one.toolchain.release for one in trial.wanted}:
        is_there = tree_of(release, _project()).path.is_dir() or Path(release.at).is_dir()
        if release.origin == FOLDER and not is_there:
            raise EnvironmentMissing(
                f"Go {release.name} is a folder of the machine that asks, {release.at}, and is not on this host.",
                "Pack it, and pin the archive by an address that all hosts reach: claimlab toolchains.add --archive",
            )


@cache
def _project() -> Project:
    return _places[0].project()


@cache
def _engine(name: str, tools: Tools | None) -> Engine:
    return choose(_project_on(tools), name)


@cache
def _project_on(tools: Tools | None) -> Project:
    project, known = _project(), cache_for(_places[0].cache, tools)
    return replace(project, settings=msgspec.structs.replace(project.settings, cache=str(known)))


def _stands_on(tools: Tools) -> bool:
    """The daemon has the image, and it is the one that is noted."""
    project = _project_on(tools)
    if not is_there(project, tools):
        return False
    notes = Notes(project.cache)
    if notes.tools() != tools:
        notes.keep_tools(tools)
    return True


_read: Final[dict[str, Shared]] = {}


def _shared(lab: str, order: Order) -> Shared:
    """The lab's files are read once: they lie where nobody edits them."""
    if lab not in _read:
        _read[lab] = Shared(lab_of(order, _project())).read()
    return _read[lab]
