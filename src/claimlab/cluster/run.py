"""The trials of one command on their way: sent to workers, heard of, filed when they come back."""

import contextlib
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Final

import msgspec
from distributed import Future
from distributed.scheduler import KilledWorker

from claimlab.benches.recipe import Tools
from claimlab.cluster import orders, worker
from claimlab.cluster.carrying import Carrier
from claimlab.cluster.hosts import Hosts
from claimlab.cluster.joining import LOST, PATIENCE_S, Link
from claimlab.cluster.losses import ELSEWHERE, NO_HOST, Losses
from claimlab.cluster.orders import Broke, Came, NoParcel, NoTools, Seen
from claimlab.cluster.parcel import hash_of
from claimlab.project.errors import EXIT_ENVIRONMENT, ClaimlabError, EnvironmentMissing, Stopped
from claimlab.project.visible import visible
from claimlab.running import signals
from claimlab.running.display import Display, End, lab_broken
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial
from claimlab.verdicts.differing import told
from claimlab.verdicts.expectations import differences
from claimlab.verdicts.ruling import rule_all

_AHEAD: Final = 3
"""For each processor of the cluster so many trials are under way or wait at a worker: one that is killed takes no more
with it, and none waits for the head."""
_LOOK_S: Final = 0.5
_END_S: Final = 60.0
"""So long may trials take to end that are asked to."""


@dataclass
class Run:
    """The trials of one command, on their way."""

    link: Link
    hosts: Hosts
    display: Display
    record: Record
    parcel: bytes
    limit: int
    """Of trials that are under way at a time; 0 for none."""
    waiting: deque[Trial]
    carrier: Carrier
    tools: Tools | None
    flying: dict[str, tuple[Trial, Future[bytes]]] = field(default_factory=dict)
    """By the key of Dask's task."""
    losses: Losses = field(default_factory=Losses)
    done: list[Trial] = field(default_factory=list)
    """Those that are filed whose observations depend on the host."""
    inbox: "SimpleQueue[tuple[str, Any]]" = field(default_factory=SimpleQueue)
    """What Dask's threads have heard: events of workers, and keys of tasks that have ended."""
    run: str = field(default_factory=lambda: f"claimlab-{uuid.uuid4().hex[:12]}")
    brought: set[str] = field(default_factory=set)
    """The workers that have been given the tools image."""
    lacking: str = ""
    """What a host lacked last, in words."""

    def go(self) -> None:
        """Every trial has ended. :class:`Stopped` says why some have not."""
        self.parcel_hash = hash_of(self.parcel)
        self._listen()
        try:
            while self.waiting or self.flying:
                self._look()
                self._send_on()
                with contextlib.suppress(Empty):
                    self._hear(*self.inbox.get(timeout=_LOOK_S))
                    while True:
                        self._hear(*self.inbox.get_nowait())
        except KeyboardInterrupt as interrupt:
            raise self._interrupted(signals.code_of(interrupt)) from None
        except Stopped:
            self._end_all()
            raise

    def _listen(self) -> None:
        """What workers say of these trials comes to the inbox."""
        self.link.client.subscribe_topic(self.run, lambda event: self.inbox.put(("event", event[1])))

    def _send_on(self) -> None:
        """As many are under way as may be. What no worker can measure now keeps no room from others."""
        room = _AHEAD * max(self.hosts.processors, 1)
        room = min(self.limit or room, room) - sum(self.hosts.absent_s(trial) == 0 for trial, _ in self.flying.values())
        if room <= 0 or self.link.is_lost:
            return
        for trial in list(islice((one for one in self.waiting if self.hosts.absent_s(one) == 0), room)):
            self.waiting.remove(trial)
            self._send(trial)

    def _look(self) -> None:
        """There is a scheduler, and a worker for some of what is left; :class:`Stopped` if not for long."""
        try:
            if self.link.is_lost:
                self._find_again()
            self.hosts.look_again()
        except EnvironmentMissing:
            raise self._stopped(f"The scheduler has not answered for {PATIENCE_S:.0f} s") from None
        except LOST:
            return  # the link will say so
        if self.hosts.rests:  # Dask takes from a worker that has paused what has queued up there, but for the last
            self._take_back(lambda trial: not self.losses.is_under_way(trial.name))
        for lab in self.hosts.moved(PATIENCE_S):
            self._move(lab)
        left = [*self.waiting, *(trial for trial, _ in self.flying.values())]
        if left and all(self.hosts.absent_s(trial) > PATIENCE_S for trial in left):
            why = f": {self.lacking}" if self.lacking else ""
            raise self._stopped(f"No worker has been able to measure {left[0].name} for {PATIENCE_S:.0f} s{why}")

    def _move(self, lab: str) -> None:
        """All trials of the lab, those too that are filed, wait for another host: what is compared is of one."""
        self._say(f"the host that measured {lab} is gone: all its trials are measured on another one")
        self._take_back(lambda trial: trial.lab.name == lab)
        for trial in [one for one in self.done if one.lab.name == lab]:
            self.done.remove(trial)
            self._again(trial)

    def _take_back(self, these: Callable[[Trial], bool]) -> None:
        """Those of the trials that are on their way wait again."""
        taken = {key: pair for key, pair in self.flying.items() if these(pair[0])}
        with contextlib.suppress(*LOST):
            self.link.client.cancel([future for _, future in taken.values()], force=True)
        for key, (trial, _) in taken.items():
            del self.flying[key]
            self.losses.struck_now(trial.name)
            self._again(trial)

    def _find_again(self) -> None:
        """There is a scheduler again; of what was on its way it knows nothing."""
        self._say(f"the scheduler {self.link.address} does not answer: waiting for it")
        lost = [trial for trial, _ in self.flying.values()]
        self.flying.clear()
        self.link.find_again()
        self.hosts.be_patient()  # workers come back to it later than we do
        self._listen()
        for trial in lost:
            self._lost(trial)

    def _send(self, trial: Trial, parcel: bytes = b"") -> None:
        key = f"{self.run}-{uuid.uuid4().hex[:8]}-{trial.name}"
        order = msgspec.msgpack.encode(orders.order_of(trial, self.parcel_hash, self.run, self.tools))
        try:
            future = self.link.client.submit(
                worker.measured,
                order,
                *([parcel] if parcel else []),
                key=key,
                pure=False,
                retries=ELSEWHERE,
                resources=self.hosts.wants_of(trial),
            )
        except LOST:
            self.waiting.appendleft(trial)
            return
        self.flying[key] = trial, future
        future.add_done_callback(lambda done: self.inbox.put(("done", done.key)))

    def _hear(self, kind: str, what: Any) -> None:
        if kind == "done":
            if what in self.flying:
                self._landed(*self.flying.pop(what))
        elif "began" in what:
            if self.losses.began(what["trial"]):
                self._say(f"a worker was killed, or left, while it measured {what['trial']}")
            self.display.began(what["trial"], what["host"])
        elif "lacks" in what:
            self.losses.lacked(what["trial"], what["lacks"])
            self.lacking = f"{what['host']}: {what['lacks']}"
            self.display.waits(what["trial"])
            self._say(f"worker {self.lacking}")
        elif "failed" in what:
            self.losses.left(what["trial"])
            self.display.waits(what["trial"])
        else:
            self._say(f"{what['said']}, for {what['trial']} on {what['host']}")

    def _landed(self, trial: Trial, future: Future[bytes]) -> None:
        """The trial's answer is filed, or it waits again, or it is broken."""
        status = future.status
        error = future.exception(timeout=PATIENCE_S) if status == "error" else None
        if status == "finished":
            self.losses.left(trial.name)
            try:
                self._answered(trial, msgspec.msgpack.decode(future.result(timeout=PATIENCE_S), type=Came))
            except LOST:  # what it answered went with the scheduler
                self._lost(trial)
        elif isinstance(error, KilledWorker):
            self.losses.struck_now(trial.name)
            self._again(trial)
        elif error:
            self._broken(trial, f"{NO_HOST}: {error}")
        elif status == "cancelled":
            self._lost(trial)
        else:  # what it answered went with its worker
            self._again(trial)

    def _answered(self, trial: Trial, came: Came) -> None:
        if isinstance(came, NoParcel):
            self._send(trial, self.parcel)
        elif isinstance(came, NoTools):
            (self._again if self._bring_tools(came.address) else self._lost)(trial)
        elif isinstance(came, Broke):
            self._broken(trial, came.words)
        else:
            self._seen(trial, came)

    def _bring_tools(self, address: str) -> bool:
        """The worker there has been given the tools image just now."""
        if address in self.brought or self.tools is None:
            return False
        self._say(f"bringing the tools image to {address}")
        try:
            self.carrier.bring(self.tools, [address])
            self.brought.add(address)
            return True
        except EnvironmentMissing as missing:
            raise self._stopped(str(missing).rstrip(".")) from None
        except LOST as error:
            self._say(f"the tools image could not be brought to {address}: {error}")
            return False

    def _again(self, trial: Trial) -> None:
        """It waits, after all others if much is held against it, or is broken."""
        self.losses.left(trial.name)
        self.display.waits(trial.name)
        if why := self.losses.too_many(trial.name):
            self._broken(trial, why)
        elif self.losses.is_suspect(trial.name):
            self.waiting.append(trial)
        else:
            self.waiting.appendleft(trial)

    def _lost(self, trial: Trial) -> None:
        """It was lost with its scheduler: that says nothing of it, but does not go on for ever."""
        self.losses.lost(trial.name)
        self._again(trial)

    def _seen(self, trial: Trial, came: Seen) -> None:
        observation, where = orders.observation_in(came.content, trial)
        if observation is None:
            self._broken(trial, f"what came back from a worker was refused: {where}")
            return
        try:
            self.record.put(observation, where)
        except OSError as error:
            raise self._stopped(f"The record {self.record.root} cannot be written to: {error.strerror}") from None
        if trial.lab.declared.depends_on_host:
            self.done.append(trial)
        try:
            rulings = rule_all(trial, observation)  # judges across releases wait until all trials are over
            article = trial.lab.article
            differs = "\n\n".join(told(differences(trial, rulings, article.claims if article else ())))
            end = End(differs, True, {claim: ruling.outcome for claim, ruling in rulings.items()})
        except ClaimlabError as error:
            end = End(lab_broken(trial, str(error)))
        self.display.ended(trial.name, end, observation.provenance.host.get("name", ""))

    def _broken(self, trial: Trial, words: str) -> None:
        with contextlib.suppress(OSError):  # as where trials are measured here
            trial.file_breakage(self.record, words)
        self.display.ended(trial.name, End(lab_broken(trial, words), seen=False))

    def _say(self, text: str) -> None:
        self.display.said(visible(text))

    def _stopped(self, why: str) -> Stopped:
        return Stopped(EXIT_ENVIRONMENT, f"{why}. {self.display.so_far('what is still under way is ended')}")

    def _interrupted(self, code: int) -> Stopped:
        """What was finished is filed, and no trial of this command goes on anywhere."""
        with contextlib.suppress(Empty, Stopped):
            while True:
                self._hear(*self.inbox.get_nowait())
        ended = self._end_all()
        left = "nothing is left running" if ended else "a host does not answer: its trials end with their time limits"
        return Stopped(code, f"interrupted: {self.display.so_far(left)}")

    def _end_all(self) -> bool:
        """No trial goes on, as far as workers answer; whether all did."""
        try:
            self.link.client.cancel([future for _, future in self.flying.values()], force=True)
            ended = self.link.client.run(worker.idle, self.run, _END_S, on_error="ignore")
        except LOST:
            return False
        return all(ended.values())
