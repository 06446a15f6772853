"""A worker: a host that measures trials, under a nanny that starts it again when it is killed."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

import dask
import msgspec
from dask.typing import Key
from distributed import Nanny, Worker, WorkerPlugin, get_worker
from distributed.core import Status
from distributed.utils import sync

from claimlab.benches.engines import choose
from claimlab.benches.leftovers import end_dead
from claimlab.cluster.certificates import refuse_without_certificates
from claimlab.cluster.children import Child
from claimlab.cluster.ending import asked_to_end
from claimlab.cluster.offers import offered
from claimlab.cluster.orders import Came, NoParcel, NotHere, NoTools, Order
from claimlab.cluster.parcel import folder_of, is_here, remove_unused, unpacked
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project, Settings
from claimlab.project.runs import RUN, name_of
from claimlab.running import signals

Say = Callable[[str], None]
PLUGIN: Final = "claimlab"
AGAIN_S: Final = 10.0
"""After so long a worker whose environment lacks something looks again, and one whose scheduler is gone asks again."""
CONFIG: Final = {
    "distributed.worker.daemon": False,
    "distributed.worker.profile.enabled": False,
    "distributed.deploy.lost-worker-timeout": "24 h",
}
"""Of Dask: a worker has processes of its own, where its threads are is not asked every 10 ms, and a head does not end
for good what it has started here, if that happens to be starting again so long after it was lost."""


def project_of(cache: Path) -> Project:
    """What a worker has in place of a project, for engines and for what killed runs left."""
    return Project(cache, Settings(title="worker", articles=[], cache="."))


class Trials(WorkerPlugin):
    """What a worker of claimlab has beside Dask's: the processes that measure, and who ends them."""

    name = PLUGIN

    def __init__(self, cache: Path, worker: str) -> None:
        self.cache, self.called = cache, worker

    async def setup(self, worker: Worker) -> None:
        """What an earlier worker left when it was killed has ended."""
        os.environ[RUN] = name_of(os.getpid())  # in the processes' environment: others can tell that we are gone
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the nanny or the head sees to us
        self.worker = worker
        self.running: dict[Key, Child] = {}
        """By the keys of Dask's tasks."""
        self.unwanted: set[Key] = set()
        self._threads = threading.local()
        self._children: list[Child] = []
        self._looking: asyncio.Task[None] | None = None
        await asyncio.to_thread(end_dead, project_of(self.cache))
        await asyncio.to_thread(remove_unused, self.cache)

    def teardown(self, worker: Worker) -> None:
        for child in self._children:
            child.end()

    def transition(self, key: Key, start: str, finish: str, **more: Any) -> None:
        """A task that nobody wants any more, or whose head is gone, ends here too; Dask leaves its thread running."""
        if start == "executing" and finish == "released":
            self.unwanted.add(key)
            if child := self.running.get(key):
                child.interrupt()

    def measured(self, content: bytes, parcel: bytes) -> bytes:
        """What came of an order; see :func:`claimlab.cluster.measuring.measured`."""
        order = msgspec.msgpack.decode(content, type=Order)
        key = self.worker.get_current_task()
        child = self._child()
        child.say = lambda text: self._tell(order, said=text)
        try:
            if parcel:
                unpacked(parcel, self.cache)
            elif not is_here(order.parcel, self.cache):
                return msgspec.msgpack.encode(NoParcel())
            self._tell(order, began=True)
            self.running[key] = child
            root = folder_of(order.parcel, self.cache)
            came = child.measured(root, content, is_wanted=lambda: key not in self.unwanted)
            if isinstance(msgspec.msgpack.decode(came, type=Came), NoTools):
                return msgspec.msgpack.encode(NoTools(self.worker.address))
            return came
        except OSError as error:
            raise self._lacking(order, NotHere(f"the parcel cannot be unpacked there: {error}", lacks=True)) from None
        except NotHere as not_here:
            raise self._lacking(order, not_here) from None
        finally:
            self.running.pop(key, None)
            self.unwanted.discard(key)

    def _lacking(self, order: Order, not_here: NotHere) -> NotHere:
        """Where the environment lacks something, this worker gets no further trials until it looks well again."""
        if not_here.lacks:
            self._tell(order, lacks=not_here.words)
            sync(self.worker.loop, self._pause, order.engine)
        else:
            self._tell(order, failed=not_here.words)
        return not_here

    async def _pause(self, engine: str) -> None:
        if self.worker.status is Status.running:
            self.worker.status = Status.paused
            self._looking = asyncio.create_task(self._go_on_when_well(engine))

    async def _go_on_when_well(self, engine: str) -> None:
        while self.worker.status is Status.paused:
            await asyncio.sleep(AGAIN_S)
            if await asyncio.to_thread(self._is_well, engine) and self.worker.status is Status.paused:
                self.worker.status = Status.running

    def _is_well(self, engine: str) -> bool:
        try:
            looked = choose(project_of(self.cache), engine)
        except EnvironmentMissing:
            return True  # a project's own: only its trials can tell
        try:
            looked.check()
        except EnvironmentMissing:
            return False
        finally:
            looked.close()
        return True

    def _tell(self, order: Order, **what: Any) -> None:
        self.worker.log_event(order.run, {"trial": order.trial, "host": self.called, **what})

    def _child(self) -> Child:
        """This thread's."""
        if not hasattr(self._threads, "child"):
            self._threads.child = Child(self.cache, self.called)
            self._children.append(self._threads.child)
        found: Child = self._threads.child
        return found


def measured(order: bytes, parcel: bytes = b"") -> bytes:
    """The task that a head submits."""
    return _trials_of(get_worker()).measured(order, parcel)


def cache_of(worker: Worker) -> Path:
    return _trials_of(worker).cache


def _trials_of(worker: Worker) -> Trials:
    return cast("Trials", worker.plugins[PLUGIN])


async def idle(run: str, within_s: float, dask_worker: Worker) -> bool:
    """No trial is measured on this worker, or some are still at the end of the time. For :meth:`Client.run`."""
    running = _trials_of(dask_worker).running
    deadline = asyncio.get_running_loop().time() + within_s
    while any(str(key).startswith(run) for key in running):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


def options(cache: Path, name: str, processors: int, engine: str) -> dict[str, Any]:
    """How a nanny starts such a worker."""
    cache.mkdir(parents=True, exist_ok=True)
    return {
        "name": name,
        "nthreads": processors,
        "resources": offered(project_of(cache.resolve()), processors, name, engine),
        "memory_limit": 0,  # benches have limits of their own, and nothing of theirs is in this process
        "local_directory": str(cache / "dask"),
        "plugins": (Trials(cache.resolve(), name),),
    }


def serve(address: str, how: dict[str, Any], say: Say) -> None:
    """The worker measures for the scheduler at this address until a signal ends it; one that is gone is waited for.

    Raises :class:`claimlab.running.signals.Ended`.
    """
    refuse_without_certificates(address, "worker")
    with dask.config.set(CONFIG):
        number = asyncio.run(_serve(address, how, say))
    raise signals.Ended(number)


async def _serve(address: str, how: dict[str, Any], say: Say) -> int:
    asked = asked_to_end()
    while not asked.done():
        try:
            async with Nanny(address, **how) as nanny:
                say(f"worker {how['name']}: up to {how['nthreads']} trials at a time for {address}")
                await asyncio.wait([asked, asyncio.ensure_future(nanny.finished())], return_when="FIRST_COMPLETED")
        except (OSError, TimeoutError, RuntimeError) as error:
            _refuse_unless_silent(error)
            say(f"the scheduler {address} does not answer; asking again every {AGAIN_S:.0f} s")
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asked), AGAIN_S)
    return asked.result()


def _refuse_unless_silent(error: Exception) -> None:
    """Nothing but that nobody answers is why a nanny could not start; :class:`EnvironmentMissing` otherwise."""
    why = error.__cause__ or error
    if not isinstance(why, OSError | TimeoutError):
        raise EnvironmentMissing(
            f"The worker cannot be started: {why}.", "If its name is taken, give it another one: --name"
        ) from None


def name_here() -> str:
    return socket.gethostname()
