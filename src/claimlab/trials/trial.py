"""A trial: one lab on one toolchain with one engine. Looked up in the record, or measured."""

import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from claimlab.benches import host
from claimlab.benches.engine import Engine
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.fingerprint import Shared, address
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Observation, Provenance, Record, observation_of


@dataclass(frozen=True)
class Trial:
    """The unit of scheduling, of the record, of time limits and of evidence."""

    lab: LabFolder
    toolchain: Toolchain
    engine: Engine
    shared: Shared | None = None
    """With the other trials of the lab; without it the trial reads the lab's files for itself alone."""

    @property
    def name(self) -> str:
        return f"{self.lab.name}[{self.toolchain.name}]"

    @property
    def replay(self) -> str:
        """What measures exactly this trial again."""
        go = "" if self.toolchain.bare else f" --go {self.toolchain.name}"
        return f"claimlab lab.{self.lab.name}{go} --engine {self.engine.name} --fresh"

    @cached_property
    def _shared(self) -> Shared:
        return self.shared or Shared(self.lab)

    @cached_property
    def inputs(self) -> dict[str, str]:
        """Everything that can change what this trial sees."""
        declared, shared = self.lab.declared, self._shared
        found = {
            "schema": str(SCHEMA),
            "sources": shared.sources,
            "instruments": shared.instruments,
            "toolchain": f"{self.toolchain.name} {self.toolchain.release.sha256()}",
            "engine": self.engine.name,
            "place": self.engine.identity(self.toolchain.release),
        }
        if declared.timing or declared.host_matters:
            found |= {f"host {name}": value for name, value in host.host_facts().items()}
        return found

    @cached_property
    def address(self) -> str:
        return address(self.inputs)

    def recorded(self, record: Record) -> Observation | None:
        """What was seen when everything was as it is now."""
        if not self.inputs["place"]:
            return None
        return record.get(self.lab.name, self.toolchain.name, self.engine.name, self.address)

    def content(self, record: Record) -> bytes | None:
        """The file of :meth:`recorded`, unread."""
        if not self.inputs["place"]:
            return None
        return record.content(self.lab.name, self.toolchain.name, self.engine.name, self.address)

    def measure(self, record: Record) -> Observation:
        """The trial was run and its observation is in the record; a broken one leaves its reason there.

        Where it is the environment that is lost, nothing is known of the trial, and nothing is filed.
        """
        try:
            observation = self._observe()
        except EnvironmentMissing:
            raise
        except Exception as error:
            breakage = Breakage(
                SCHEMA, self.lab.name, self.toolchain.name, self.engine.name, breakage_of(error, self.lab)
            )
            record.put_breakage(breakage, self.address)
            raise
        record.put(observation, self.address)
        return observation

    def _observe(self) -> Observation:
        lab = self.lab.lab
        started, now = time.monotonic(), datetime.now(UTC)
        hold = host.alone if lab.timing else host.share
        with hold(), self.engine.open(self.toolchain, lab.life_s or self.lab.project.settings.limits.life_s) as bench:
            bench.name, bench.files = self.lab.name, self._shared.files
            try:
                seen = lab.look(bench)
            except Exception as error:
                if bench.journal.last and not isinstance(error, LabBroken):
                    error.add_note(bench.journal.last.told())
                raise
        provenance = Provenance(
            measured_at=now.isoformat(timespec="seconds"),
            duration_s=round(time.monotonic() - started, 3),
            go=f"go{self.toolchain.release.version}",
            place=self.engine.facts(self.toolchain.release),
            host=host.host_facts(),
            commands=bench.journal.commands,
            binaries=bench.journal.binaries,
            replay=self.replay,
        )
        return observation_of(self.lab.name, self.toolchain.name, self.engine.name, self.inputs, provenance, seen)


def breakage_of(error: BaseException, lab: LabFolder) -> str:
    """Why a trial has no observation, for the lab's author: what went wrong, and the line of the lab that it came from.

    A :class:`LabBroken` says itself what ran and what was printed; of any other exception its notes say that.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(lab.path)]
    lines = [str(error) if isinstance(error, LabBroken) else f"{type(error).__name__}: {error}"]
    lines += [f"  at:   {lab.project.shown(Path(one.filename))}:{one.lineno}" for one in own[-1:]]
    return "\n".join([*lines, *getattr(error, "__notes__", ())])
