"""The pictures of labs: made from what the record holds, and kept beside it, so that nothing is drawn twice.

What is kept can be deleted at any time. It is looked up by all that it follows from: the files of the observations, and
the Python sources of the lab and of claimlab.
"""

import contextlib
import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from docutils import nodes
from sphinx.util import logging

from claimlab.pictures.declared import declared_by
from claimlab.project.files import digest, write_whole
from claimlab.project.languages import Language
from claimlab.site.data import SiteData
from claimlab.site.drawing.figure import Drawn, draw, figure
from claimlab.site.drawing.kinds import kinds_of
from claimlab.trials.fingerprint import draws
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.kept_rulings import judging_hash, sources
from claimlab.verdicts.ledger import Row

_HERE: Final = Path(__file__).parent
_log = logging.getLogger(__name__)


class Hung(msgspec.Struct, frozen=True):
    """A picture, and the claims at which it stands."""

    claims: list[str]
    drawn: Drawn


class _Wall(msgspec.Struct, frozen=True):
    """A file of pictures of one lab in one language: what they are, and what they follow from."""

    follows_from: str
    hung: list[Hung]
    faults: list[str]
    """Of pictures that could not be made."""


@dataclass
class Gallery:
    """The pictures of all labs, each lab's looked at once."""

    site: SiteData
    walls: dict[tuple[str, str], list[Hung]] = field(default_factory=dict)

    def pictures(self, lab: LabFolder, language: Language) -> list[Hung]:
        key = (lab.name, language)
        if key not in self.walls:
            wall = self._wall(lab, language)
            for fault in wall.faults:
                _log.warning("%s", fault, type="claimlab", subtype="picture")
            self.walls[key] = wall.hung
        return self.walls[key]

    def _wall(self, lab: LabFolder, language: Language) -> _Wall:
        if not (lab.path / "pictures.py").is_file():
            return _Wall("", [], [])
        record = self.site.ledger.record
        contents = [(trial.toolchain.name, trial.content(record) or b"") for trial in self.site.ledger.trials(lab)]
        seen = (part for name, content in contents for part in (name, hashlib.sha256(content).digest()))
        follows_from = digest(
            judging_hash(lab), _drawing_hash(), self.site.extensions, *sources(lab.path, draws), *seen
        )
        path = record.root.with_name(f"{record.root.name}-pictures") / lab.name / f"{language}.json"
        with contextlib.suppress(FileNotFoundError, UnicodeDecodeError, msgspec.DecodeError):
            kept = msgspec.json.decode(path.read_bytes(), type=_Wall)
            if kept.follows_from == follows_from:
                return kept
        made = self._made(lab, language, follows_from)
        with contextlib.suppress(OSError):  # whoever may not write here draws again
            write_whole(path, msgspec.json.encode(made))
        return made

    def _made(self, lab: LabFolder, language: Language, follows_from: str) -> _Wall:
        observations = self.site.observations(lab)
        seen = {
            name: msgspec.json.decode(observation.seen, type=lab.lab.seen_type)
            for name, observation in observations.items()
            if observation
        }
        hung, faults, kinds = [], [], kinds_of(lab.project)
        for declared in declared_by(lab) if seen else []:
            try:
                picture = declared.make(seen)
                if picture is not None:
                    name = f"{lab.name}-{declared.name}"
                    hung.append(Hung(list(declared.claims), draw(picture, language, name, declared.title, kinds)))
            except Exception as error:  # noqa: BLE001 - an author's function may raise anything; the page goes on without
                faults.append(f"the picture {declared.name} of lab {lab.name} cannot be made: {error!r}")
        return _Wall(follows_from, hung, faults)


@cache
def _drawing_hash() -> str:
    return digest(*(path.read_bytes() for path in sorted(_HERE.rglob("*.py"))))


@cache
def gallery_of(site: SiteData) -> Gallery:
    """One for each site, which is one for each build."""
    return Gallery(site)


def pictures_of(site: SiteData, row: Row, language: Language = "en") -> list[nodes.Node]:
    """The pictures that stand at a claim; none if no lab judges it, or there is nothing to be drawn yet."""
    hung = gallery_of(site).pictures(row.lab, language) if row.lab else []
    return [figure(one.drawn, language) for one in hung if row.claim.id in one.claims]


def pictures_of_lab(site: SiteData, lab: LabFolder, language: Language = "en") -> list[nodes.Node]:
    """All of a lab's pictures, each once."""
    return [figure(one.drawn, language) for one in gallery_of(site).pictures(lab, language)]
