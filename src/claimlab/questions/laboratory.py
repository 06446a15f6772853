"""A laboratory: a project and the engine that its trials run on, with all that follows from the two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from claimlab.benches.engine import Engine
from claimlab.benches.engines import choose
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.questions.labs import all_labs
from claimlab.toolchains.needs import PLAIN, Needs
from claimlab.toolchains.pins import Pins, pins_of
from claimlab.toolchains.toolchain import Toolchain
from claimlab.toolchains.unpinned import resolve
from claimlab.trials.across import across
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial


@dataclass(frozen=True)
class Laboratory:
    """Where a project's trials are found, run and recorded."""

    project: Project
    engine: Engine
    cluster: str = ""
    """The cluster whose hosts are to measure; without one this machine does."""
    on: tuple[str, ...] = ()
    """Of which kind the host is to be, where the host matters: ``cpu=EPYC``."""

    @cached_property
    def pins(self) -> Pins:
        return pins_of(self.project)

    @cached_property
    def record(self) -> Record:
        return Record(self.project.record)

    @cached_property
    def labs(self) -> list[LabFolder]:
        return all_labs(self.project)

    @cached_property
    def needs(self) -> Needs:
        """All that the labs' benches are to have compiled beforehand; of a lab with a fault nothing is known."""
        return PLAIN.union(*(Shared(lab).needs for lab in self.labs if not lab.fault))

    def toolchains(
        self,
        selectors: Sequence[str] = (),
        *,
        plain: bool = False,
        unpinned: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> list[Toolchain]:
        """Those that the selectors name, or all: see :func:`claimlab.toolchains.unpinned.resolve`.

        With `plain` without variants, with `unpinned` also releases that nobody has pinned;
        :class:`EnvironmentMissing` if nothing is left.
        """
        chosen = resolve(selectors, self.project, say, unpinned_too=unpinned)
        found = [tool for tool in chosen if not (plain and tool.variant)]
        if not found:
            raise EnvironmentMissing("Only variants were selected.", "Leave out --plain or --go.")
        return found

    def trials(self, lab: LabFolder, toolchains: Sequence[Toolchain]) -> list[Trial]:
        """The lab's trials on its axis among the toolchains. They are of one moment: its files are read once."""
        shared = Shared(lab).read()
        axis = lab.axis(toolchains) if lab.declared.has_axis else [self.pins.bare]
        pairs = across(lab.declared.across, axis, self.pins.toolchains)
        return [Trial(lab, toolchain, self.engine, shared, beside) for toolchain, beside in pairs]


def laboratory(project: Project, engine: str = "", cluster: str = "", on: Sequence[str] = ()) -> Laboratory:
    """The project's laboratory on the engine of that name, or on the project's own choice."""
    return Laboratory(project, choose(project, engine), cluster, tuple(on))
