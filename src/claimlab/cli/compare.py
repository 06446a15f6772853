"""compare: what a step from one release to another changes, from the record alone."""

from collections.abc import Iterator

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from claimlab.cli.report import counted
from claimlab.cli.speaking import ENGINE_HELP, or_exit, print_json, project_of, say
from claimlab.cli.terminal import Terminal
from claimlab.project.errors import EXIT_DIFFERS, Refused
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory, laboratory
from claimlab.toolchains.toolchain import Toolchain, one_release
from claimlab.verdicts.changes import Flip, Move
from claimlab.verdicts.comparing import Comparison, Relaid, Turn, compare, layouts_of
from claimlab.verdicts.ledger import Ledger


@task(
    positional=["older", "newer"],
    auto_shortflags=False,
    help={
        "older": "the release that you leave, such as 1.23 or 1.23.9",
        "newer": "the one that you go to, such as 1.26",
        "engine": ENGINE_HELP,
        "json": "print data: an object",
    },
    name="compare",
)
@or_exit
def compare_(c: Context, older: str, newer: str, engine: str = "", json: bool = False) -> None:
    """What changes under your feet from one release to another?

    First what was true and is false, then what is true only now, what exists no longer and why, what is claimed about
    the releases between, and what lies elsewhere in memory. It is said from the record; nothing is measured.

    claimlab compare 1.23 1.26
    claimlab compare 1.24 1.27 --engine docker
    claimlab compare 1.23 1.26 --json | jq '.turned[] | select(.turn == "true before, false now").claim'

    Exit codes: 0 both are known, 1 something is broken or missing on one of them, 2 the command cannot be carried out.
    """
    ours = laboratory(project_of(c), engine)
    before, release = (_release(ours, name) for name in (older, newer))
    if before.order >= release.order:
        says = "is the same release" if before == release else "is older"
        raise Refused(f"{release} {says}.", "Say the older one first: claimlab compare 1.23 1.26")
    ledger = Ledger(ours)
    found = compare(ledger, layouts_of(ledger), before, release)
    if not found.known:
        raise Refused(
            f"Nothing is recorded of {before} and {release} as things are now.",
            f"Measure them: claimlab lab.all --go {before} --go {release}",
        )
    if json:
        print_json(found.as_data())
    else:
        console = Terminal(highlight=False)
        for line in lines(found):
            console.print(line, markup=False)
    for fault in ledger.survey.told(ours.labs):
        say(fault)
    if found.outcomes_unknown & {Outcome.BROKEN, Outcome.MISSING}:
        raise Exit(code=EXIT_DIFFERS)


def _release(ours: Laboratory, name: str) -> Toolchain:
    found = one_release(name, ours.pins.toolchains)
    if found is None:
        raise Refused(f"{name} does not name one pinned release.", "claimlab toolchains.list shows all there are.")
    return found


def lines(found: Comparison) -> Iterator[str]:
    """The comparison for a terminal."""
    yield f"Go {found.before} beside Go {found.release}"
    for turn in Turn:
        groups = found.by_reason(turn)
        yield ""
        yield f"{turn}: {sum(map(len, groups.values()))}"
        for reason, flips in groups.items():
            yield f"  {reason}"
            yield from _flips(turn, flips)
    for release in found.notes:
        yield ""
        yield f"claimed about {release}"
        for came, ones in found.notes_by_fate(release).items():
            yield f"  {came}: {', '.join(one.row.label for one in ones)}"
    yield ""
    yield f"types laid out otherwise: {len(found.moves)}"
    for one in found.relaid():
        yield from _relaid(one)
    yield ""
    yield f"{counted(found.same, 'claim')} as before, {len(found.unknown)} not known on both"
    if found.unknown:
        yield f"  {', '.join(row.label for row in found.unknown)}"


def _flips(turn: Turn, flips: list[Flip]) -> Iterator[str]:
    if turn is Turn.GONE:
        yield f"    {', '.join(flip.row.label for flip in flips)}"
        return
    for flip in flips:
        yield f"    {flip.row.label}  {flip.row.claim.says.first}"
        if turn is Turn.LOST and flip.row.claim.correction:
            yield f"    {' ' * len(flip.row.label)}  > {flip.row.claim.correction.first}"


def _relaid(one: Relaid) -> Iterator[str]:
    yield f"  {one.reason or 'no variant shows why'}"
    for sign, ones in (("-", one.went), ("+", one.came), ("*", one.moved)):
        yield from (f"    {sign} {_move(move)}" for move in ones)


def _move(move: Move) -> str:
    if move.instead:
        return f"{move.name}: {move.now.size} bytes, in the place of {move.instead}"
    if move.was.present and move.now.present:
        moved = ", ".join(line.field for line in move.lines if line.was != line.now)
        return f"{move.name}: {move.was.size} bytes, then {move.now.size}; {moved}"
    there = move.was if move.was.present else move.now
    return f"{move.name}: {there.size} bytes"
