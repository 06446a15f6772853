"""Observations that real trials recorded, kept for the tests of judges.

They lie in `resources/<lab's folder>/<toolchain>.json` and lack their journals of commands, which no judge reads. Keep
what the record holds now with::

    python -m tests.recorded gdb-panic 1.23.9 1.24.11+noswissmap 1.27.3
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
from tests.ours import OUR, ROOT, toolchain

from claimlab.benches.engines import choose
from claimlab.instruments.processes import Ending, Tally
from claimlab.project.claim import Claim
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder, find_labs
from claimlab.trials.record import Observation, Record, digest_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.judges import Judge, judges_of
from claimlab.verdicts.ruling import Ruling, rule

RESOURCES: Final = ROOT / "tests" / "resources"
HOLDS, FAILS, UNCLEAR, VOID, BROKEN = Outcome.HOLDS, Outcome.FAILS, Outcome.UNCLEAR, Outcome.VOID, Outcome.BROKEN

change = msgspec.structs.replace


@dataclass(frozen=True)
class Recorded:
    """A lab, and the observations of it that are kept."""

    folder: LabFolder

    @property
    def resources(self) -> Path:
        return RESOURCES / self.folder.path.name

    @cached_property
    def toolchains(self) -> dict[str, Toolchain]:
        """Those with an observation, by name."""
        return {path.stem: toolchain(path.stem) for path in sorted(self.resources.glob("*.json"))}

    @cached_property
    def judges(self) -> dict[str, Judge]:
        """By claim."""
        return {judge.claim: judge for judge in judges_of(self.folder)}

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """The chapter's, by id."""
        assert self.folder.chapter is not None
        return {claim.id: claim for claim in self.folder.chapter.claims()}

    def observation(self, toolchain: str) -> Observation:
        return msgspec.json.decode((self.resources / f"{toolchain}.json").read_bytes(), type=Observation)

    def seen(self, toolchain: str = "-") -> Any:
        return msgspec.json.decode(self.observation(toolchain).seen, type=self.folder.lab.seen_type)

    def ruling(self, claim: str, seen: Any) -> Ruling:
        return rule(self.judges[claim], seen)

    def finding(self, claim: str, seen: Any) -> Finding:
        """Without the control, which what was changed may concern too."""
        return self.judges[claim].decide(self.judges[claim].sees(seen))

    def keep(self, tool: Toolchain) -> Path:
        """What the record holds of this trial is kept; ValueError if it holds nothing."""
        found = Trial(self.folder, tool, choose(OUR)).recorded(Record(OUR.record))
        if found is None:
            raise ValueError(f"{self.folder.name} is not recorded on {tool.name}: run ./inv lab.{self.folder.name}")
        found = msgspec.structs.replace(
            found, provenance=msgspec.structs.replace(found.provenance, commands=[]), digest=""
        )
        found = msgspec.structs.replace(found, digest=digest_of(found))
        self.resources.mkdir(exist_ok=True)
        path = self.resources / f"{tool.name}.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))
        return path


def with_entries(seen: Any, field: str, entries: Mapping[str, Any]) -> Any:
    """Some of the entries of one of its mappings are others; each has one there to take the place of."""
    known = getattr(seen, field)
    assert set(entries) <= set(known)
    return change(seen, **{field: {**known, **entries}})


def with_counts(seen: Any, **tallies: Tally) -> Any:
    """Processes ended otherwise: `remove_absent_2` are those counted as ``remove-absent/2``."""
    named = {f"{name.rpartition('_')[0].replace('_', '-')}/{name[-1]}": found for name, found in tallies.items()}
    return with_entries(seen, "counts", named)


def tally_of(*endings: Ending) -> Tally:
    """What counts to 0 did not happen."""
    return Tally(["./program"], {}, sum(one.count for one in endings), [one for one in endings if one.count])


def recorded(lab: str) -> Recorded:
    return next(Recorded(folder) for folder in find_labs(OUR) if folder.name == lab)


def main(lab: str, *toolchains: str) -> None:
    for name in toolchains:
        sys.stdout.write(f"{recorded(lab).keep(toolchain(name)).relative_to(ROOT)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
