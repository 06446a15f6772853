"""Observations that a lab keeps for its tests, and what its judges make of them where there is no bench.

They lie beside the lab, in ``tests/observations/<toolchain>.json``, and lack their journals of commands, which no judge
reads. ``claimlab record.keep`` writes them. A test of a lab lies in its folder ``tests`` and begins with::

    from claimlab import kept

    LAB = kept(__file__)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from claimlab.instruments.processes import Ending, Tally
from claimlab.project.claim import Claim
from claimlab.project.errors import BadData, Refused
from claimlab.project.files import write_whole
from claimlab.project.outcome import Outcome
from claimlab.project.project import found
from claimlab.toolchains.pins import pins_of
from claimlab.toolchains.toolchain import Release, Toolchain, variant_of
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, Record, digest_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.differing import reason
from claimlab.verdicts.expectations import expected_of, is_expected
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.judge import OPPOSITES, Judge
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.releases import Releases
from claimlab.verdicts.ruling import Ruling, rule

TESTS: Final = "tests"
"""The folder of a lab that holds its tests."""
Seen = TypeVar("Seen", bound=msgspec.Struct)


@dataclass(frozen=True)
class Kept:
    """A lab with the observations of it that are kept, and its judges."""

    folder: LabFolder

    @property
    def tests(self) -> Path:
        return self.folder.path / TESTS

    @cached_property
    def toolchains(self) -> dict[str, Toolchain]:
        """Those with an observation, by name. They need not be pinned any more."""
        pins = pins_of(self.folder.project)
        pinned = {one.name: one for one in [*pins.toolchains, pins.bare]}
        names = sorted(path.stem for path in (self.tests / "observations").glob("*.json"))
        return {name: pinned.get(name) or _unpinned(name) for name in names}

    @cached_property
    def judges(self) -> dict[str, Judge]:
        """By claim."""
        return {judge.claim: judge for judge in judges_of(self.folder)}

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Those that the lab judges, by id."""
        known = {claim.id: claim for claim in self.folder.article.claims} if self.folder.article else {}
        if strangers := sorted(set(self.judges) - set(known)):
            raise BadData(str(self.folder.path), f"it judges claims that its article has not: {', '.join(strangers)}")
        return {claim: known[claim] for claim in self.judges}

    def path(self, toolchain: str) -> Path:
        """Where an observation is kept."""
        return self.tests / "observations" / f"{toolchain}.json"

    def observation(self, toolchain: str) -> Observation:
        """What is kept, with where it comes from; :class:`BadData` if it is not what the record held."""
        path = self.path(toolchain)
        again = f"keep it again: claimlab record.keep {self.folder.name}"
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Observation)
        except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
            raise BadData(str(path), f"{error}; {again}") from None
        if (found.lab, found.toolchain) != (self.folder.name, toolchain):
            raise BadData(str(path), f"it is of {found.lab} on {found.toolchain}; {again}")
        if digest_of(found) != found.digest:
            raise BadData(str(path), f"somebody has changed it; {again}")
        return found

    def seen(self, toolchain: str = "-") -> Any:
        """What was observed, as the lab's ``observe`` gave it."""
        return msgspec.json.decode(self.observation(toolchain).seen, type=self.folder.lab.seen_type)

    def ruling(self, claim: str, seen: Any, toolchain: str = "") -> Ruling:
        """What counts: the finding, if the judge answers its control rightly.

        A judge across releases looks at all that is kept of plain ones, as from that toolchain, or from the newest.
        """
        judge = self.judges[claim]
        return rule(judge, self._given(judge, seen, toolchain), folder=self.folder.path)

    def finding(self, claim: str, seen: Any) -> Finding:
        """Without the control, which what was changed may concern too."""
        judge = self.judges[claim]
        return judge.decide(judge.sees(self._given(judge, seen, "")))

    def _given(self, judge: Judge, seen: Any, toolchain: str) -> Any:
        if judge.across is None:
            return seen
        plain = sorted((one for one in self.toolchains.values() if not one.variant), key=lambda one: one.order)
        here = self.toolchains[toolchain] if toolchain else plain[-1]
        return Releases(seen, here, {one: self.seen(one.name) for one in plain})

    # --- what every lab's observations and judges have to be ---------------------------------------------------

    def unexpected(self, toolchain: str) -> str:
        """Where judges give another outcome than is expected there, told to a reader; nothing if all is well."""
        seen, tool = self.seen(toolchain), self.toolchains[toolchain]
        texts = []
        for claim in self.claims.values():
            ruling, expected = self.ruling(claim.id, seen, toolchain), expected_of(claim, tool)
            if not is_expected(claim, tool, ruling.outcome):
                where = "without Go" if tool.bare else f"on Go {toolchain}"
                lines = [
                    f"{claim.id} {where}, as it is kept: expected {expected or 'nothing'}, judged {ruling.outcome}",
                    f"  claim:    {claim.says.first}",
                    *reason(ruling),
                    "  If the judge is right, change `expected` of this claim in its claims.toml. If the observation",
                    f"  is out of date, keep another: claimlab record.keep {self.folder.name}",
                ]
                texts.append("\n".join(lines))
        return "\n\n".join(texts)

    @cached_property
    def changed(self) -> dict[str, list[Any]]:
        """What nobody saw, by claim: observations with something changed, from the lab's ``tests/changed.py``."""
        if not (self.tests / "changed.py").is_file():
            return {}
        changed: dict[str, list[Any]] = self.folder.declaration("changed", dict, TESTS)
        if strangers := sorted(set(changed) - set(self.judges)):
            raise BadData(str(self.tests / "changed.py"), f"the lab does not judge {', '.join(strangers)}")
        return changed

    def one_sided(self) -> str:
        """Judges that never said both holds and fails, told to their author; nothing if all have.

        They are asked about all that is kept, and about what is changed for them; what they say of their controls
        counts too.
        """
        kept = {toolchain: self.seen(toolchain) for toolchain in self.toolchains}
        texts = []
        for claim in self.judges:
            rulings = [self.ruling(claim, seen, toolchain) for toolchain, seen in kept.items()]
            rulings += [self.ruling(claim, seen) for seen in self.changed.get(claim, [])]
            said = {one.outcome for one in rulings} | {said.outcome for one in rulings for said in one.controls}
            if lacking := sorted(map(str, OPPOSITES - said)):
                broken = dict.fromkeys(one.finding.because for one in rulings if one.outcome is Outcome.BROKEN)
                texts.append("\n".join([self._never(claim, lacking, said), *(f"  broken: {why}" for why in broken)]))
        return "\n\n".join(texts)

    def _never(self, claim: str, lacking: Iterable[str], said: Iterable[Outcome]) -> str:
        changed = self.folder.project.shown(self.tests / "changed.py")
        go = " --go RELEASE" if self.folder.declared.has_axis else ""
        return (
            f"{claim}: nobody has seen its judge say {' or '.join(lacking)}; "
            f"it said {', '.join(sorted(map(str, said))) or 'nothing, since no observation is kept'}.\n"
            f"  Keep an observation in which it does: claimlab record.keep {self.folder.name}{go}\n"
            f"  Or change one so that it has to: {changed} with\n"
            f'  changed = {{"{claim}": [change(kept(__file__).seen("…"), …)]}}'
        )


def kept(test: str) -> Kept:
    """The lab that a test belongs to, which calls this with its ``__file__``; it lies in the lab's folder ``tests``."""
    path = Path(test).resolve()
    folder = path.parent.parent
    if path.parent.name != TESTS or not (folder / "lab.py").is_file():
        raise BadData(str(path), "kept(__file__) is for files in the folder tests of a lab")
    return Kept(LabFolder(folder, found(folder)))


def keep(trials: Iterable[Trial], record: Record) -> list[Path]:
    """What the record holds of these trials is kept; :class:`Refused`, and nothing written, if it lacks any."""
    observations = []
    for trial in trials:
        if trial.toolchain.release.own:
            raise Refused(
                f"{trial.toolchain.name} is a Go of one's own: what is seen on it is kept for nobody else.",
                "Keep what is seen on a release: claimlab toolchains.list shows them.",
            )
        observation = trial.recorded(record)
        if observation is None:
            raise Refused(
                f"{trial.name} is not recorded as things are now.",
                f"Measure it first: {trial.replay.removesuffix(' --fresh')}",
            )
        provenance = msgspec.structs.replace(observation.provenance, commands=[])
        bare = msgspec.structs.replace(observation, provenance=provenance, digest="")
        whole = msgspec.structs.replace(bare, digest=digest_of(bare))
        observations.append((Kept(trial.lab).path(trial.toolchain.name), whole))
    for path, observation in observations:
        write_whole(path, msgspec.json.format(msgspec.json.encode(observation), indent=1))
    return [path for path, _ in observations]


def _unpinned(name: str) -> Toolchain:
    version, _, variant = name.partition("+")
    return variant_of(Release(version, {}), variant)


# --- what nobody saw, made of what somebody saw ----------------------------------------------------------------


def change(seen: Seen, **fields: Any) -> Seen:
    """The same with other values in these fields."""
    return msgspec.structs.replace(seen, **fields)


def with_entries(seen: Seen, field: str, entries: Mapping[str, Any]) -> Seen:
    """The same with other values for these keys of one of its mappings; each has one there to take the place of."""
    known = getattr(seen, field)
    if strangers := sorted(set(entries) - set(known)):
        raise KeyError(f"{field} has no {', '.join(strangers)}")
    return change(seen, **{field: {**known, **entries}})


def tally_of(*endings: Ending) -> Tally:
    """Processes that ended like this; what counts to 0 did not happen."""
    return Tally(["./program"], {}, sum(one.count for one in endings), [one for one in endings if one.count])
