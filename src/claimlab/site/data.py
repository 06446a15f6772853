"""What the pages read: the ledger, the gaps in it, and from which state of things each page is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
from sphinx.config import Config
from sphinx.errors import ExtensionError

import claimlab
from claimlab.project.article import Article
from claimlab.project.claim import Chapter, Claim, Section
from claimlab.project.errors import ClaimlabError
from claimlab.project.files import digest
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.project.project import Project, found, load
from claimlab.questions.laboratory import Laboratory, laboratory
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.imports import modules_behind
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation
from claimlab.trials.sources import files_below
from claimlab.trials.trial import Trial
from claimlab.verdicts.changes import Laid, laid_out
from claimlab.verdicts.comparing import Comparison, compare, labs_with_layouts
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.stated import stated_of, unseen

GAPS: Final = frozenset({Outcome.BROKEN, Outcome.MISSING})
SITE: Final = "site"
"""The stamp of what every page depends on: which claims, labs and toolchains there are, and claimlab itself."""
OUTCOMES: Final = "outcomes"
"""The stamp of what came out for all claims, and of their words."""


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
class SiteData:
    """The ledger as pages need it. Reading it executes no lab."""

    ledger: Ledger

    @cached_property
    def rows(self) -> dict[str, Row]:
        """By the project-wide names of claims."""
        return {row.claim.ref: row for row in self.ledger.rows}

    @cached_property
    def rows_by_article(self) -> dict[str, list[Row]]:
        """In the order of the project; an article that has no claims yet has no rows."""
        return {name: [row for row in self.ledger.rows if row.claim.article == name] for name in self.articles}

    def row(self, name: str) -> Row | None:
        """The row of the claim with that name, ``maps:2.3-a`` or, where there is no doubt, ``2.3-a``; None if there is
        none, or if there are several."""
        found = self.ledger.find(name)
        return self.rows[found[0].ref] if len(found) == 1 else None

    @cached_property
    def labs(self) -> dict[str, LabFolder]:
        return {lab.name: lab for lab in self.ledger.labs}

    @property
    def project(self) -> Project:
        return self.ledger.project

    @property
    def main(self) -> str:
        """The name of the project's first article, whose pages need no prefix."""
        return self.project.articles[0].name if self.project.articles else ""

    @cached_property
    def articles(self) -> dict[str, Article]:
        return {article.name: article for article in self.project.articles}

    @cached_property
    def chapters(self) -> list[Chapter]:
        """Of all articles, in their order."""
        return [chapter for article in self.project.articles for chapter in article.chapters]

    def chapter(self, name: str) -> Chapter | None:
        """The chapter with that name, such as ``maps:2`` or, where there is no doubt, ``2``."""
        article, _, key = name.rpartition(":")
        found = [one for one in self.chapters if one.key == key and article in ("", one.article)]
        return found[0] if len(found) == 1 else None

    def title_beside(self, chapter: Chapter) -> Words | None:
        """What tells a chapter's title from others': the title of its article, where there are several."""
        return self.articles[chapter.article].title if len(self.articles) > 1 else None

    @cached_property
    def marked_by(self) -> dict[str, str]:
        """By the pages that mark claims, the names of the articles that those are of."""
        return {chapter.page: chapter.article for chapter in self.chapters if chapter.page}

    @cached_property
    def extensions(self) -> str:
        """A hash over the modules of the project that present and draw."""
        named = self.project.settings.extensions
        return digest(*(path.read_bytes() for path in modules_behind(self.project, named.presenters + named.pictures)))

    @cached_property
    def releases(self) -> list[Toolchain]:
        """The plain builds, oldest first."""
        return [toolchain for toolchain in self.ledger.toolchains if not toolchain.variant]

    def place_of(self, claim: Claim) -> tuple[Chapter, Section]:
        """Where the article makes the claim."""
        return self._places[claim.ref]

    @cached_property
    def _places(self) -> dict[str, tuple[Chapter, Section]]:
        return {
            claim.ref: (chapter, section)
            for chapter in self.chapters
            for section in chapter.sections
            for claim in section.claims
        }

    def rows_of(self, lab: LabFolder) -> list[Row]:
        return [row for row in self.ledger.rows if row.lab and row.lab.name == lab.name]

    def observations(self, lab: LabFolder) -> dict[str, Observation | None]:
        """By toolchain name. The record is read once, however many pages show the lab."""
        if lab.name not in self._observations:
            found = {trial.toolchain.name: trial.answer(self.ledger.record) for trial in self.ledger.trials(lab)}
            self._observations[lab.name] = found
        return self._observations[lab.name]

    @cached_property
    def _observations(self) -> dict[str, dict[str, Observation | None]]:
        return {}

    def seen(self, lab: LabFolder) -> dict[str, Any]:
        """What the lab saw on each toolchain that it has an observation of, by name."""
        if lab.name not in self._seen:
            self._seen[lab.name] = {
                name: msgspec.json.decode(observation.seen, type=lab.lab.seen_type)
                for name, observation in self.observations(lab).items()
                if observation
            }
        return self._seen[lab.name]

    def unseen_figures(self, row: Row) -> list[str]:
        """Figures of the claim's correction that what is recorded does not show: they were seen elsewhere or before."""
        if row.lab is None or row.claim.correction is None or "en" not in row.claim.correction:
            return []
        stated = stated_of(row.lab).get(row.claim.id, {})
        found = [one for ruling in row.rulings.values() for one in (ruling.finding, *ruling.controls)]
        judged = "\n".join(one.because for one in found if one.outcome not in GAPS)
        seen = self.seen(row.lab).values() if stated else ()
        return unseen(row.claim.correction.of("en"), stated, seen, judged, row.claim.says.of("en")) if judged else []

    @cached_property
    def _seen(self) -> dict[str, dict[str, Any]]:
        return {}

    @cached_property
    def layouts(self) -> Laid:
        return laid_out({lab.name: self.seen(lab) for lab in labs_with_layouts(self.ledger)})

    def compared(self, before: Toolchain, release: Toolchain) -> Comparison:
        """The two releases beside each other: a page of theirs shows them, and others count what it shows."""
        pair = (before.name, release.name)
        if pair not in self._compared:
            self._compared[pair] = compare(self.ledger, self.layouts, before, release)
        return self._compared[pair]

    @cached_property
    def _compared(self) -> dict[tuple[str, str], Comparison]:
        return {}

    def has_pictures(self, row: Row) -> bool:
        """The claim's page may show what the lab saw, not only what was concluded."""
        return row.lab is not None and (row.lab.path / "pictures.py").is_file()

    # --- gaps ---------------------------------------------------------------------------------------------

    def gaps(self, lab: LabFolder) -> list[Gap]:
        """Missing, stale and broken trials of the lab, and judges that failed on their own controls."""
        return [gap for trial in self.ledger.trials(lab) for gap in self._gaps_on(lab, trial.toolchain.name)]

    def all_gaps(self) -> list[Gap]:
        unusable = [
            Gap(name, "any toolchain", Outcome.BROKEN, "the lab cannot be used", fault, self._judged_by(name))
            for name, fault in self.ledger.survey.faults.items()
        ]
        return unusable + [gap for lab in self.ledger.labs for gap in self.gaps(lab)]

    def _judged_by(self, unusable: str) -> tuple[str, ...]:
        return tuple(row.claim.id for row in self.ledger.rows if row.unusable == unusable)

    def _gaps_on(self, lab: LabFolder, toolchain: str) -> Iterator[Gap]:
        claims: dict[tuple[Outcome, str, str], list[str]] = {}
        for claim, ruling in self.ledger.rulings(lab)[toolchain].items():
            if ruling.outcome in GAPS:
                finding = ruling.finding
                claims.setdefault((finding.outcome, finding.because, finding.shows), []).append(claim)
        for (outcome, because, shows), concerned in claims.items():
            yield Gap(lab.name, toolchain, outcome, because, shows, tuple(concerned))

    def file(self, trial: Trial) -> Path:
        """Where the record has the observation that answers the trial's question, if it has one."""
        record = self.ledger.record
        where = trial.answered_at(record) or trial.address
        return record.path(trial.lab.name, trial.toolchain.name, trial.engine.name, where)

    # --- stamps: what a page was made from ------------------------------------------------------------------

    def stamp(self, key: str) -> str:
        """A hash of SITE, of OUTCOMES, or of a part, by its kind and name; empty for what is no longer.

        ``row maps:2.3-a`` is what came out for a claim, ``claim maps:2.3-a`` is that with all its evidence, ``lab
        gdb-panic`` is everything that the lab's page is made from.
        """
        if key not in self._stamps:
            self._stamps[key] = self._stamp(*key.partition(" ")[::2])
        return self._stamps[key]

    def _stamp(self, kind: str, name: str) -> str:
        if kind == SITE:
            return self._site_stamp()
        if kind == OUTCOMES:
            return digest(*map(_outcome_of, self.ledger.rows))
        if kind == "lab":
            return self._lab_stamp(self.labs[name]) if name in self.labs else ""
        row = self.rows.get(name)
        if row is None:
            return ""
        return digest(_outcome_of(row) if kind == "row" else f"{row.claim} {row.rulings} {row.architectures}")

    @cached_property
    def _stamps(self) -> dict[str, str]:
        return {}

    def _site_stamp(self) -> str:
        package = Path(claimlab.__path__[0])
        code = [path.read_bytes() for path in sorted(package.rglob("*")) if path.suffix in {".py", ".html", ".po"}]
        names = [*(tool.name for tool in self.ledger.toolchains), *self.labs, str(self.project.settings)]
        names += map(str, self.project.topics)
        articles = [
            f"{one.name} {one.title} {one.author} {one.date} {one.link} {one.about}" for one in self.project.articles
        ]
        chapters = [f"{one.article} {one.key} {one.title}" for one in self.chapters]
        places = [f"{row.claim.ref} {row.lab.name if row.lab else ''}" for row in self.ledger.rows]
        return digest(self.ledger.laboratory.engine.name, self.extensions, *names, *articles, *chapters, *places, *code)

    def _lab_stamp(self, lab: LabFolder) -> str:
        """Its own files, and those of the record, by size and time: an observation that is not there has neither."""
        own = [path for path in files_below(lab.path) if "tests" not in path.relative_to(lab.path).parts]
        trials = self.ledger.trials(lab)
        files = sorted(own) + [path for path in map(self.file, trials) if path.is_file()]
        states = (f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
        return digest(*states, *(trial.address for trial in trials), *map(str, self.gaps(lab)))


def _outcome_of(row: Row) -> str:
    """What came out for a claim, and of gaps also why."""
    gaps = [ruling.finding for ruling in row.rulings.values() if ruling.outcome in GAPS]
    others = {arch: one.outcomes for arch, one in row.architectures.items()}
    return f"{row.claim} {row.outcomes} {gaps} {others} {row.machines()}"


def project_of(config: Config, srcdir: Path) -> Project:
    """The project that the configuration names, or else the one that the sources lie in."""
    try:
        return load(srcdir / config.claimlab_project) if config.claimlab_project else found(srcdir)
    except ClaimlabError as error:
        raise ExtensionError(str(error), modname="claimlab.site") from error


def open_site_data(config: Config, srcdir: Path) -> SiteData:
    """What the configuration describes."""
    try:
        project = project_of(config, srcdir)
        engine = config.claimlab_engine
        ours = laboratory(project, engine) if isinstance(engine, str) else Laboratory(project, engine)
        return SiteData(Ledger(ours, ours.toolchains(config.claimlab_go)))
    except ClaimlabError as error:
        raise ExtensionError(str(error), modname="claimlab.site") from error
