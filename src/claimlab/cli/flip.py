"""flip: since which patch release does a claim hold?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from claimlab.cli.flipping import Flips, Said
from claimlab.cli.measuring import measure_missing, measuring_laboratory
from claimlab.cli.speaking import CLUSTER_HELP, ENGINE_HELP, ON_HELP, or_exit, print_json, project_of, say
from claimlab.cli.terminal import Terminal
from claimlab.project.claim import Claim
from claimlab.project.errors import EXIT_DIFFERS, Refused
from claimlab.project.outcome import Outcome
from claimlab.project.visible import visible
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.flipping import Search
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.verdict import DECIDED

SCHEMA: Final = 1


@task(
    positional=["claim"],
    auto_shortflags=False,
    help={
        "claim": "a claim's id, with its article where there is doubt: maps:2.3-a",
        "engine": ENGINE_HELP,
        "json": "print data: an object",
        "cluster": CLUSTER_HELP,
        "on": ON_HELP,
    },
    iterable=["on"],
)
@or_exit
def flip(c: Context, claim: str, on: list[str], engine: str = "", json: bool = False, cluster: str = "") -> None:
    """Between which patch releases does a claim's outcome turn?

    Where two neighbouring pinned releases differ (holds, fails, void), releases between them that the package index
    offers are fetched, one after the other, and the claim's lab is run on them. What is expected is left as it is.

    claimlab flip 2.3-a
    claimlab flip maps:2.3-a --engine local
    claimlab flip 2.3-a --json | jq '.flips[].words'

    Exit codes: 0 nobody broke, 1 an outcome is broken or missing, 2 the command cannot be carried out.
    """
    ours = measuring_laboratory(project_of(c), engine, cluster, on)
    pinned = [one for one in ours.toolchains(plain=True) if not one.release.own]
    asked = _asked(Ledger(ours, pinned), claim)
    row, searches = asked.row(pinned), []
    if not json:
        print(visible(f"{row.label}: {row.words()}"))
    flips = Flips(ours)
    for older, newer in _neighbours(row, pinned):
        ends = (row.outcomes[older.name], row.outcomes[newer.name])
        searches.append(flips.sought(older, newer, ends, asked.recall, asked.ask))
        if not json:
            print(visible(_line(searches[-1])), flush=True)
    if json:
        data = {"schema": SCHEMA, "claim": asked.claim.ref, "flips": [_as_data(one) for one in searches]}
        print_json(data)
    elif not searches:
        print("no two neighbours differ, so nothing turns between them")
    outcomes = {*row.outcomes.values(), *asked.seen.values()}
    if outcomes & {Outcome.BROKEN, Outcome.MISSING}:
        raise Exit(code=EXIT_DIFFERS)


@dataclass
class _Asked:
    """A claim, and the lab that is run for it: as it was when the search began."""

    ours: Laboratory
    claim: Claim
    lab: LabFolder
    shared: Shared
    seen: dict[str, Outcome]
    """What releases have said in the search."""

    def row(self, toolchains: Sequence[Toolchain]) -> Row:
        """The claim on these, measured where the record lacks it, and judged."""
        if names := self.shared.changed():
            raise Refused(
                f"{', '.join(names)} changed under the search.", "Ask again: what was measured before is kept."
            )
        console = Terminal(stderr=True, highlight=False)
        broken = measure_missing(self.ours, self.ours.trials(self.lab, toolchains), console, quiet=True)
        return Ledger(self.ours, toolchains, broken or {}).row(self.claim)

    def recall(self, tool: Toolchain) -> Said | None:
        trials = self.ours.trials(self.lab, [tool])
        return self.ask(tool) if all(one.recorded(self.ours.record) is not None for one in trials) else None

    def ask(self, tool: Toolchain) -> Said:
        ruling = self.row([tool]).rulings[tool.name]
        self.seen[tool.name] = ruling.outcome
        decided = ruling.outcome in DECIDED
        return Said(
            ruling.outcome,
            "" if decided else f"is {ruling.outcome}: {_first(ruling.finding.because, ruling.finding.shows)}",
        )


def _first(because: str, shows: str) -> str:
    return "; ".join(text.splitlines()[0] for text in (because, shows) if text)


def _asked(ledger: Ledger, name: str) -> _Asked:
    """The claim of that name; :class:`Refused` if there is none, or if no lab can be run for it on other releases."""
    found = ledger.find(name)
    if not found:
        raise Refused(f"There is no claim {name!r}.", "claimlab verdicts shows all there are.")
    if len(found) > 1:
        raise Refused(f"{name} is a claim of several articles.", f"Say which: {', '.join(one.ref for one in found)}.")
    (claim,) = found
    lab = ledger.survey.by_claim.get(claim.ref)
    if claim.untestable or lab is None:
        why = "it is untestable" if claim.untestable else "no lab asks it yet"
        raise Refused(f"{name} has no outcome that could turn: {why}.", "claimlab verdicts shows those that have.")
    if fault := ledger.survey.faults.get(lab.name):
        raise Refused(f"The lab {lab.name} of {name} cannot be used: {fault}.", "Mend it first.")
    if not claim.has_axis:
        raise Refused(f"{name} asks nothing of Go.", "It is the same on every release.")
    if any(one.claim == claim.id and one.across == () for one in ledger.kept_rulings.questions(lab)):
        raise Refused(
            f"{name} is about all releases together, and so it turns nowhere.",
            "Its page, and claimlab verdicts, say what each of them has.",
        )
    return _Asked(ledger.laboratory, claim, lab, Shared(lab).read(), {})


def _neighbours(row: Row, pinned: Sequence[Toolchain]) -> Iterator[tuple[Toolchain, Toolchain]]:
    """Those whose outcomes differ. Beside one that has decided nothing, nothing is sought."""
    for older, newer in pairwise(pinned):
        outcomes = {one.name: row.outcomes[one.name] for one in (older, newer)}
        undecided = [f"{name} is {outcome}" for name, outcome in outcomes.items() if outcome not in DECIDED]
        if undecided:
            say(f"nobody is asked between {older} and {newer}: {', '.join(undecided)}")
        elif len(set(outcomes.values())) > 1:
            yield older, newer


def _turn(search: Search) -> str:
    return search.in_words(str)


def _line(search: Search) -> str:
    return f"{search.releases[0]} – {search.releases[-1]}  {_turn(search)}; {'; '.join(search.remarks())}"


def _as_data(search: Search) -> Mapping[str, Any]:
    outcomes = {name: str(search.said[name]) for name in search.releases if name in search.said}
    return {**search.as_data(), "words": _turn(search), "outcomes": outcomes}
