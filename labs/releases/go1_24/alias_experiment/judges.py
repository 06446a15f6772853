"""What the observations of alias-experiment say of the claim 1.24-q."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import Seen, Tried

judges = Judges()


@dataclass(frozen=True)
class Experiment:
    """One name of an experiment."""

    name: str
    tried: Tried
    has_aliases: bool
    """In some setting the compiler takes a generic alias."""


def experiment(seen: Seen, name: str) -> Experiment:
    return Experiment(name, seen.tried[name], any(one.takes for one in seen.tried.values()))


@judges.of(
    "1.24-q",
    sees=lambda seen: (experiment(seen, "noaliastypeparams"), experiment(seen, "aliastypeparams")),
    control=(
        Control(
            "a name that no release knows",
            lambda seen: (Experiment("nosuchexperiment", seen.tried["nosuchexperiment"], True),) * 2,
            Outcome.HOLDS,
        ),
        Control(
            "an experiment that every release knows",
            lambda seen: (Experiment("fieldtrack", seen.tried["fieldtrack"], True),) * 2,
            Outcome.FAILS,
        ),
    ),
)
def it_is_gone(both: tuple[Experiment, Experiment]) -> Finding:
    """The go command refuses `GOEXPERIMENT=noaliastypeparams`, as it does with a name that it does not know.

    Void where the compiler takes a generic alias in no setting: there is nothing yet to be switched.
    """
    off, on = both
    shows = "\n".join(f"GOEXPERIMENT={one.name}: {one.tried.said.strip() or 'compiled'}" for one in both)
    if not off.has_aliases:
        return void("the compiler takes a generic alias in no setting of `GOEXPERIMENT`", shows)
    if off.tried.is_unknown is not on.tried.is_unknown:
        return unclear("the go command knows the experiment only one way round", shows)
    if off.tried.is_unknown:
        return decided(True, f"the go command does not know `{off.name}`", shows)
    effect = "takes" if off.tried.takes else "does not take"
    return decided(
        False, f"the go command knows `{off.name}`, and with it the compiler {effect} a generic alias", shows
    )
