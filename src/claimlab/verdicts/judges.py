"""Judges: what an author concludes from an observation, with controls that show that it can come out otherwise."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from claimlab.project.errors import BadData
from claimlab.questions.asked import AskedLab
from claimlab.questions.labs import ClaimLab
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.judge import OPPOSITES, Control, Judge
from claimlab.verdicts.looked import judge_of
from claimlab.verdicts.releases import Releases


@dataclass
class Judges:
    """Judges of one lab, in its ``judges.py`` or one of its ``judges_*.py``."""

    all: list[Judge] = field(default_factory=list)

    def of(
        self, claim: str, *, sees: Callable[[Any], Any], control: Control | tuple[Control, ...]
    ) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
        """Decorator: this function judges `claim` by what `sees` picks out of the observation.

        Claim and controls go through the very same function, so a judge cannot pass a control by another path.
        """
        return self._of(claim, sees, control, None)

    def across(
        self,
        claim: str,
        *releases: str,
        sees: Callable[[Releases], Any],
        control: Control | tuple[Control, ...],
    ) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
        """Decorator: as :meth:`of`, for a claim that relates releases: "less than on 1.23", "at one offset in all".

        For each toolchain `sees`, of the claim as of its controls, is given what was seen there and on other releases:
        on those that are named, such as ``"1.23"``, which are measured too if they are not asked, or else on all plain
        ones that are asked. While anything of that is missing, so is the outcome.
        """
        return self._of(claim, sees, control, releases)

    def _of(
        self,
        claim: str,
        sees: Callable[[Any], Any],
        control: Control | tuple[Control, ...],
        across: tuple[str, ...] | None,
    ) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
        controls = (control,) if isinstance(control, Control) else control
        if not controls:
            raise BadData(claim, "its judge has no control: give it an input whose answer is known")
        if any(one.known not in OPPOSITES for one in controls):
            raise BadData(claim, "a control's known answer is HOLDS or FAILS")

        def register(decide: Callable[[Any], Finding]) -> Callable[[Any], Finding]:
            reading = " ".join((decide.__doc__ or "").partition("\n\n")[0].split())
            if any(judge.claim == claim for judge in self.all):
                raise BadData(claim, "it is judged twice")
            self.all.append(Judge(claim, reading, decide, sees, controls, across))
            return decide

        return register


_NAMES_A_CLAIM: Final = re.compile(r"""\.(?:of|across)\(\s*["']([^"'\n]+)["']""")


def claims_judged_by(folder: LabFolder) -> list[str]:
    """The claims that the lab judges; those that its judges' text names where they cannot be read."""
    if isinstance(folder, ClaimLab):
        return [folder.claim.id]
    try:
        return [judge.claim for judge in judges_of(folder)]
    except BadData:
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.path.glob("judges*.py"))]
        return list(dict.fromkeys(claim for text in texts for claim in _NAMES_A_CLAIM.findall(text)))


def judges_of(folder: LabFolder) -> list[Judge]:
    """What the lab's judges.py and judges_*.py declare, in the order of these names.

    A judges_*.py without ``judges`` is there for the others to use. A question that nobody made a claim of judges
    nothing.
    """
    if isinstance(folder, ClaimLab):
        return [judge_of(folder)]
    if isinstance(folder, AskedLab):
        return []
    parts = sorted(path.stem for path in folder.path.glob("judges_*.py"))
    found: list[Judges] = []
    if (folder.path / "judges.py").is_file():
        found.append(folder.declaration("judges", Judges))
    for part in parts:
        declared = getattr(folder.module(part), "judges", None)
        if not isinstance(declared, Judges | None):
            raise BadData(str(folder.path / f"{part}.py"), "its `judges` is no Judges()")
        # One that a module imports from another, to add to it, counts once.
        if declared is not None and not any(declared is one for one in found):
            found.append(declared)
    if not found:
        raise BadData(str(folder.path), "it judges nothing: there is no judges.py with judges = Judges()")
    return _joined(found, folder)


def _joined(parts: Sequence[Judges], folder: LabFolder) -> list[Judge]:
    judges = [judge for part in parts for judge in part.all]
    claims = [judge.claim for judge in judges]
    if twice := sorted({claim for claim in claims if claims.count(claim) > 1}):
        raise BadData(str(folder.path), f"{', '.join(twice)} is judged twice: a claim has one judge")
    return judges
