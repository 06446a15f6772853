"""An order is a trial as it travels to a worker; what comes back is what was seen, or why nothing was."""

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from claimlab.benches.engine import Engine
from claimlab.benches.recipe import Tools
from claimlab.project.project import Project
from claimlab.questions.asked import FOLDER, AskedLab, ClaimsQuestion
from claimlab.toolchains.toolchain import Release, Toolchain, variant_of
from claimlab.trials.elsewhere import asked
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, digest_of
from claimlab.trials.record import address as address_of
from claimlab.trials.trial import Trial

_SAID: dict[str, str] = {
    "sources": "the lab's sources",
    "instruments": "the instruments, or modules of the project that the lab imports",
    "schema": "the form of observations",
}
"""What inputs are called that are hashes."""


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A toolchain, as far as measuring needs it."""

    release: Release
    variant: str
    bare: bool

    @property
    def toolchain(self) -> Toolchain:
        return replace(variant_of(self.release, self.variant), bare=self.bare)


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One trial, of a project that a parcel holds."""

    run: str
    """Whose order it is: what is said of the trial is said to the head of this name."""
    trial: str
    parcel: str
    """Its hash."""
    lab: str
    """The lab's folder, in the project's or, of a question, among the questions."""
    question: bool
    claims: str
    """What the lab is called, if it is a question that a claim asks."""
    tool: Tool
    beside: tuple[Tool, ...]
    engine: str
    inputs: dict[str, str]
    """The trial's, as the head has them."""
    tools: Tools | None = None
    """What its images are to stand on, if its engine is ``docker``."""


class Seen(msgspec.Struct, frozen=True, tag=True):
    """There is an observation: the bytes of its file."""

    content: bytes


class Broke(msgspec.Struct, frozen=True, tag=True):
    """The lab is broken."""

    words: str


class NoParcel(msgspec.Struct, frozen=True, tag=True):
    """The worker does not have the order's parcel yet: it is to be sent along."""


class NoTools(msgspec.Struct, frozen=True, tag=True):
    """The worker's daemon does not have the order's tools image: it is to be brought there."""

    address: str = ""
    """The worker's, as Dask knows it."""


Came = Seen | Broke | NoParcel | NoTools


@dataclass(eq=False)
class NotHere(Exception):
    """This worker could not measure the trial, which says nothing of the lab: another is to try."""

    words: str
    lacks: bool = False
    """Its environment lacks something, so it cannot measure others either."""

    def __reduce__(self) -> tuple[type, tuple[str, bool]]:
        return NotHere, (self.words, self.lacks)

    def __str__(self) -> str:
        return self.words


def order_of(trial: Trial, parcel: str, run: str, tools: Tools | None = None) -> Order:
    """The trial, to be measured elsewhere."""
    lab = trial.lab
    on = [Tool(one.release, one.variant, one.bare) for one in (trial.toolchain, *trial.beside)]
    is_question = isinstance(lab, AskedLab)
    return Order(
        run=run,
        trial=trial.name,
        parcel=parcel,
        lab=lab.path.name if is_question else lab.path.relative_to(lab.project.root).as_posix(),
        question=is_question,
        claims=lab.named if isinstance(lab, ClaimsQuestion) else "",
        tool=on[0],
        beside=tuple(on[1:]),
        engine=trial.engine.name,
        inputs=trial.inputs,
        tools=tools,
    )


def lab_of(order: Order, project: Project) -> LabFolder:
    """The lab that the order is about, in the project of its parcel."""
    if not order.question:
        return LabFolder(project.root / order.lab, project)
    path = project.cache / FOLDER / Path(order.lab).name
    return ClaimsQuestion(path, project, order.claims) if order.claims else AskedLab(path, project)


def trial_of(order: Order, shared: Shared, engine: Engine) -> Trial:
    """The trial that was ordered, of things as they are here."""
    beside = tuple(one.toolchain for one in order.beside)
    return Trial(shared.lab, order.tool.toolchain, engine, shared, beside)


def differing(order: Order, trial: Trial) -> str:
    """What makes the trial another question here than it was where it was ordered, in words; empty if nothing does."""
    there, here = asked(order.inputs), trial.asked
    names = [name for name in {**there, **here} if there.get(name) != here.get(name)]
    told = (_SAID.get(one) or f"{one}: {here.get(one, 'none')} instead of {there.get(one, 'none')}" for one in names)
    return ", ".join(told)


def observation_in(content: bytes, trial: Trial) -> tuple[Observation | None, str]:
    """The observation of this trial that a worker's answer is, and its address; or None, and why it is none."""
    try:
        found = msgspec.json.decode(content, type=Observation)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, f"it cannot be read: {error}"
    if digest_of(found) != found.digest:
        return None, "its digest is not that of what it holds"
    names = (found.lab, found.toolchain, found.engine)
    if names != (trial.lab.name, trial.toolchain.name, trial.engine.name) or asked(found.inputs) != trial.asked:
        return None, "it is of another trial"
    return found, address_of(found.inputs)
