"""What the pages read: the ledger, the gaps in it, and from which state of things each page was made."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sphinx.config import Config
from sphinx.errors import ExtensionError

import claimlab
from claimlab.claim import Chapter
from claimlab.engine import choose
from claimlab.errors import ClaimlabError
from claimlab.images.recipe import digest
from claimlab.lab import LabFolder
from claimlab.ledger import Ledger, Row
from claimlab.outcome import Outcome
from claimlab.places import LABS, RECORD
from claimlab.record import Observation, Record
from claimlab.trial import Trial

GAPS = frozenset({Outcome.BROKEN, Outcome.MISSING})


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that should have been measured and judged, and has no outcome."""

    lab: str
    toolchain: str
    outcome: Outcome
    because: str
    shows: str
    claims: tuple[str, ...]

    def __str__(self) -> str:
        claims = ", ".join(self.claims) if len(self.claims) < 4 else f"{len(self.claims)} claims"
        return f"{self.lab} on {self.toolchain}: {self.because} ({claims})"


@dataclass(frozen=True)
class Desk:
    """The ledger as pages need it. Reading it executes no lab."""

    ledger: Ledger

    @cached_property
    def rows(self) -> dict[str, Row]:
        return {row.claim.id: row for row in self.ledger.rows}

    @cached_property
    def labs(self) -> dict[str, LabFolder]:
        return {lab.name: lab for lab in self.ledger.labs}

    @cached_property
    def chapters(self) -> dict[int, Chapter]:
        return {chapter.number: chapter for chapter in self.ledger.chapters}

    def rows_of(self, lab: LabFolder) -> list[Row]:
        return [row for row in self.ledger.rows if row.lab and row.lab.name == lab.name]

    def chapter_of(self, lab: LabFolder) -> Chapter | None:
        return next((one for one in self.ledger.chapters if one.folder == lab.chapter_folder), None)

    def observations(self, lab: LabFolder) -> dict[str, Observation | None]:
        """By toolchain name."""
        return {trial.toolchain.name: trial.recorded(self.ledger.record) for trial in self.ledger.trials(lab)}

    def gaps(self, lab: LabFolder) -> list[Gap]:
        """Missing, stale and broken trials of the lab, and judges that failed on their own controls."""
        return [gap for trial in self.ledger.trials(lab) for gap in self._gaps_on(lab, trial.toolchain.name)]

    def all_gaps(self) -> list[Gap]:
        return [gap for lab in self.ledger.labs for gap in self.gaps(lab)]

    def _gaps_on(self, lab: LabFolder, toolchain: str) -> Iterator[Gap]:
        claims: dict[tuple[Outcome, str, str], list[str]] = {}
        for claim, ruling in self.ledger.rulings(lab)[toolchain].items():
            if ruling.outcome in GAPS:
                finding = ruling.finding
                claims.setdefault((finding.outcome, finding.because, finding.shows), []).append(claim)
        for (outcome, because, shows), concerned in claims.items():
            yield Gap(lab.name, toolchain, outcome, because, shows, tuple(concerned))

    def files(self, lab: LabFolder) -> list[Path]:
        """What the lab's pages are made from: its own files and those of the record."""
        own = [path for path in lab.path.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        return sorted(own) + [path for path in map(self.file, self.ledger.trials(lab)) if path.is_file()]

    def file(self, trial: Trial) -> Path:
        """Where the record has the trial's observation, if it has one."""
        return self.ledger.record.path(trial.lab.name, trial.toolchain.name, trial.engine.name, trial.address)

    @cached_property
    def stamps(self) -> dict[str, str]:
        """A hash of what a file's time cannot tell: by lab, and under "" for what every page depends on.

        An observation that is not there has no time, and a changed instrument gives it another address.
        """
        package = Path(claimlab.__path__[0])
        code = [path.read_bytes() for path in sorted(package.rglob("*.py"))]
        names = [*(tool.name for tool in self.ledger.toolchains), *self.labs, *map(str, self.chapters)]
        places = [f"{row.claim.id} {row.lab.name if row.lab else ''}" for row in self.ledger.rows]
        stamps = {"": digest(self.ledger.engine.name, *names, *places, *code)}
        for lab in self.ledger.labs:
            addresses = [trial.address for trial in self.ledger.trials(lab)]
            stamps[lab.name] = digest(*addresses, *map(str, self.gaps(lab)))
        return stamps


def open_desk(config: Config, srcdir: Path) -> Desk:
    """The desk that the configuration describes; relative paths start at the sources."""
    labs = srcdir / config.claimlab_labs if config.claimlab_labs else LABS
    record = srcdir / config.claimlab_record if config.claimlab_record else RECORD
    wanted = config.claimlab_engine
    try:
        engine = choose(wanted) if isinstance(wanted, str) else wanted
        return Desk(Ledger(engine, record=Record(record), labs=labs))
    except ClaimlabError as error:
        raise ExtensionError(str(error), modname="claimlab.sphinx") from error
