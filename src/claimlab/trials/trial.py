"""A trial: one lab on one toolchain with one engine. Looked up in the record, or measured."""

import contextlib
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from claimlab.benches import host
from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine, Say
from claimlab.benches.leftovers import the_machine_to_oneself
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.project.theirs import bounded
from claimlab.toolchains.needs import Wanted
from claimlab.toolchains.saying import printed
from claimlab.toolchains.toolchain import Release, Toolchain
from claimlab.trials import elsewhere
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Beside, Breakage, Observation, Provenance, Record, address, observation_of

BESIDE: Final = " beside "
"""Between a trial's toolchain and the others that it has."""


@dataclass(frozen=True)
class Trial:
    """The unit of scheduling, of the record, of time limits and of evidence."""

    lab: LabFolder
    toolchain: Toolchain
    engine: Engine
    shared: Shared | None = None
    """With the other trials of the lab; without it the trial reads the lab's files for itself alone."""
    beside: tuple[Toolchain, ...] = ()
    """Toolchains whose benches it has too: see :attr:`claimlab.trials.lab.Lab.across`."""
    platform: str = ""
    """Another one of PLATFORMS than this machine's: such a trial is answered by others, and never measured."""

    @property
    def name(self) -> str:
        return f"{self.lab.name}[{self.toolchains}]"

    @property
    def toolchains(self) -> str:
        """``1.24.11``, or ``1.24.11 beside 1.23.9``."""
        names = ", ".join(one.name for one in self.beside)
        return f"{self.toolchain.name}{BESIDE}{names}" if names else self.toolchain.name

    @property
    def replay(self) -> str:
        """What measures exactly this trial again."""
        go = [] if self.toolchain.bare else ["--go", self.toolchain.name]
        return f"claimlab {self.lab.command(*go, '--engine', self.engine.name, '--fresh')}"

    @cached_property
    def _shared(self) -> Shared:
        return self.shared or Shared(self.lab)

    @property
    def wanted(self) -> list[Wanted]:
        """What its benches are made of."""
        return [Wanted(one, self._shared.needs) for one in (self.toolchain, *self.beside)]

    @cached_property
    def asked(self) -> dict[str, str]:
        """Of its inputs those that are the same wherever it is measured."""
        return {
            "schema": str(SCHEMA),
            **self._shared.here,
            "toolchain": f"{self.toolchain.name} {self.toolchain.release.sha256(self.platform)}",
            "engine": self.engine.name,
            **{f"beside {one.name}": one.release.sha256(self.platform) for one in self.beside},
        }

    @cached_property
    def inputs(self) -> dict[str, str]:
        """Everything that can change what this trial sees."""
        found = {**self.asked, **self._places()}
        if self.lab.declared.depends_on_host:
            found |= {f"host {name}": value for name, value in host.host_facts().items()}
        return found

    @cached_property
    def address(self) -> str:
        return address(self.inputs)

    def _places(self) -> dict[str, str]:
        """What the engine has to make the trial's benches of now, as inputs; empty where it has nothing yet."""
        return {name: self._place(one.release) for name, one in self._placed.items()}

    def _place(self, release: Release) -> str:
        try:
            return self.engine.identity(release)
        except EnvironmentMissing:  # what cannot measure can still read: the engine's check tells who is to measure
            return ""

    @property
    def _placed(self) -> dict[str, Toolchain]:
        """The toolchains that it has benches of, by the inputs that name their places."""
        return {"place": self.toolchain, **{f"place of {one.name}": one for one in self.beside}}

    @property
    def _is_placed(self) -> bool:
        """The engine had what its benches are made of when the inputs were read."""
        return not self.platform and all(self.inputs[name] for name in self._placed)

    def recorded(self, record: Record) -> Observation | None:
        """What was seen when everything was as it is now."""
        if not self._is_placed:
            return None
        return record.get(self.lab.name, self.toolchain.name, self.engine.name, self.address)

    def content(self, record: Record) -> bytes | None:
        """The file of :meth:`answer`, damaged or not."""
        where = self.answered_at(record)
        return record.content(self.lab.name, self.toolchain.name, self.engine.name, where) if where else None

    def answered_at(self, record: Record) -> str | None:
        """The address of what answers this trial's question: its own or, where nothing was measured or broke here, that
        of the newest observation from elsewhere; None if there is none. Who measures asks :meth:`recorded`."""
        where = (self.lab.name, self.toolchain.name, self.engine.name)
        if self.platform:
            question, ours = elsewhere.asked_anywhere(self.asked), replace(self, platform="").address
            return elsewhere.newest(record, where, question, elsewhere.asked_anywhere, ours)
        if (self._is_placed and record.has(*where, self.address)) or record.breakage(*where, self.address):
            return self.address
        return elsewhere.newest(record, where, self.asked)

    def answer(self, record: Record) -> Observation | None:
        """What was seen when all that was asked was as it is now, here or elsewhere: see :meth:`answered_at`."""
        found = self.recorded(record)
        while found is None and (where := self.answered_at(record)):
            if where == self.address and not self.platform:
                return None  # it broke here
            found = record.get(self.lab.name, self.toolchain.name, self.engine.name, where)
        return found

    def make_ready(self, say: Say) -> None:
        """The engine has all that its benches are made of; :class:`EnvironmentMissing` if that cannot be had."""
        with host.share(say=say):
            self.engine.prepare(self.wanted, say)

    def measure(self, record: Record) -> Observation:
        """The trial was run and its observation is in the record; a broken one leaves its reason there.

        The inputs are read before anything is measured, and are the same when it is over, or the trial is broken.
        Where the environment lacks something in its midst (:class:`EnvironmentMissing`), nothing is filed.
        """
        where = self.address
        try:
            observation = self.observed()
            with _filing(record):
                record.put(observation, where)
        except EnvironmentMissing:
            raise  # it says nothing of this lab
        except Exception as error:
            with contextlib.suppress(OSError):  # who called is told; who asks later finds nothing, as if nobody tried
                self.file_breakage(record, breakage_of(error, self.lab))
            raise
        return observation

    def observed(self, more: Mapping[str, str] = MappingProxyType({})) -> Observation:
        """What was seen when the trial was run now; nothing is filed. `more` is what provenance says of the host beside
        its facts. Raises as :meth:`measure` does."""
        self._refuse_changes()
        observation = self._observe(more)
        self._refuse_changes()
        return observation

    def file_breakage(self, record: Record, why: str) -> None:
        """The record says why there is no observation."""
        breakage = Breakage(SCHEMA, self.lab.name, self.toolchain.name, self.engine.name, why)
        record.put_breakage(breakage, self.address)

    def _refuse_changes(self) -> None:
        """What the address was made of is still so."""
        names = self._shared.changed()
        moved = [name for name, place in self._places().items() if place != self.inputs[name]]
        for name in moved:
            go = name.partition(" of ")[2] or self.toolchain.release.name
            names.append(f"the {self.engine.name} engine's place for Go {go}")
        if names:
            raise LabBroken(
                f"{', '.join(names)} changed after it was read for this trial, so nobody knows what was measured: "
                "nothing is filed, measure again"
            )

    def _observe(self, more: Mapping[str, str]) -> Observation:
        lab = self.lab.lab
        limits = self.lab.project.settings.limits
        life_s = lab.life_s or limits.life_s
        waiting = time.monotonic()
        hold = the_machine_to_oneself(self.lab.project, self.engine) if lab.timing else host.share()
        with hold:
            started, now = time.monotonic(), datetime.now(UTC)
            with contextlib.ExitStack() as open_benches:
                benches = {
                    one.toolchain.name: open_benches.enter_context(self.engine.open(one.toolchain, life_s, one.needs))
                    for one in self.wanted
                }
                for bench in benches.values():
                    bench.name, bench.files = self.lab.name, self._shared.files
                    _hear(bench)
                bench = benches.pop(self.toolchain.name)
                bench.beside = benches
                try:
                    with bounded("observe", life_s + limits.judge_s, self.lab.path):  # a bench ends by itself before
                        seen = lab.look(bench)
                except Exception as error:
                    if bench.journal.last and not isinstance(error, LabBroken):
                        error.add_note(bench.journal.last.told())
                    raise
            ended = time.monotonic()
        provenance = Provenance(
            measured_at=now.isoformat(timespec="seconds"),
            duration_s=round(ended - started, 3),
            go=bench.journal.says.get("go", self.toolchain.release.says.go),
            place=self.engine.facts(self.toolchain, self._shared.needs),
            host={**host.host_facts(), **more},
            commands=bench.journal.commands,
            binaries=bench.journal.binaries,
            beside={name: Beside(one.journal.commands, one.journal.binaries) for name, one in benches.items()},
            replay=self.replay,
            says=bench.journal.says,
            waited_s=round(started - waiting, 3),
        )
        return observation_of(self.lab.name, self.toolchain.name, self.engine.name, self.inputs, provenance, seen)


def on_platform(trials: Sequence[Trial], platform: str) -> list[Trial]:
    """Those whose toolchains are pinned for that platform, as they are asked there; all, where it is this machine's."""
    if not platform:
        return list(trials)
    there = [one for one in trials if all(platform in tool.release.hashes for tool in (one.toolchain, *one.beside))]
    return [replace(one, platform=platform) for one in there]


def _hear(bench: Bench) -> None:
    """The bench's toolchain says that it is the trial's; where a trial has no axis, nobody asks."""
    if not bench.toolchain.bare:
        said = bench.run(["go", "version"], step="housekeeping").or_broken("the bench's Go does not say what it is")
        bench.journal.heard("go", printed(said.text()), bench.toolchain)


@contextmanager
def _filing(record: Record) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LabBroken(f"what was seen could not be written to the record {record.root}: {error.strerror}") from None


def breakage_of(error: BaseException, lab: LabFolder) -> str:
    """Why a trial has no observation, for the lab's author: what went wrong, and the line of the lab that it came from.

    A :class:`LabBroken` says itself what ran and what was printed; of any other exception its notes say that.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(lab.path)]
    lines = [str(error) if isinstance(error, LabBroken) else f"{type(error).__name__}: {error}"]
    lines += [f"  at:   {lab.project.shown(Path(one.filename))}:{one.lineno}" for one in own[-1:]]
    return "\n".join([*lines, *getattr(error, "__notes__", ())])
