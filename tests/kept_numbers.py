"""Observations of tiny labs, kept without measuring anything."""

from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.project import found
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, observation_of
from claimlab.verdicts.kept_observations import Kept

PROVENANCE: Final = Provenance("2026-11-28T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")


def kept_numbers(lab: Path, **numbers: int) -> Kept:
    """The tiny lab, as if it had seen these numbers: ``v1_24_11=2`` is what it saw on 1.24.11."""
    kept = Kept(LabFolder(lab, found(lab)))
    for key, number in numbers.items():
        toolchain = key.removeprefix("v").replace("_", ".")
        seen = kept.folder.lab.seen_type(number)
        path = kept.path(toolchain)
        path.parent.mkdir(parents=True, exist_ok=True)
        observation = observation_of(kept.folder.name, toolchain, "local", {}, PROVENANCE, seen)
        path.write_bytes(msgspec.json.encode(observation))
    return kept
