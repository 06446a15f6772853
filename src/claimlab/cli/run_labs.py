"""Labs on toolchains, from the command line: what is missing is measured, then judged, then compared."""

from collections.abc import Sequence

from claimlab.cli.expect import expect, refuse_part
from claimlab.cli.measuring import measure_missing
from claimlab.cli.report import counted, coverage, show_table
from claimlab.cli.terminal import Terminal
from claimlab.project.errors import EXIT_DIFFERS, EXIT_ENVIRONMENT, EXIT_OK, EnvironmentMissing, Stopped
from claimlab.project.project import spelled
from claimlab.questions.laboratory import Laboratory
from claimlab.trials.lab import LabFolder, not_asked
from claimlab.verdicts.differing import told
from claimlab.verdicts.expectations import differences
from claimlab.verdicts.ledger import Ledger


def run(
    ours: Laboratory,
    labs: Sequence[LabFolder],
    *,
    go: Sequence[str] = (),
    plain: bool = False,
    fresh: bool = False,
    workers: int = 0,
    expected: bool = False,
) -> int:
    """The labs' trials are in the record, judged and verified; the exit code says how it went.

    With `expected` the claims data is brought to what was measured.
    """
    console = Terminal(stderr=True, highlight=False)
    try:
        # With its survey: a judge of a claim that is none is known before hours of measuring, not after.
        ledger = Ledger(ours, ours.toolchains(go, plain=plain))
        if expected:
            refuse_part(ledger)
        sound = ledger.survey.sound(labs)
        trials = [trial for lab in sound for trial in ledger.wanted(lab)]
        if sound and not trials:
            raise not_asked(sound, ledger.toolchains)
        broken = measure_missing(ours, trials, console, fresh=fresh, workers=workers)
    except EnvironmentMissing as missing:
        console.print(spelled(str(missing), ours.project.command), style="red", soft_wrap=True, markup=False)
        return EXIT_ENVIRONMENT
    except Stopped as stopped:
        console.print(str(stopped), soft_wrap=True, markup=False)
        return stopped.exit_code
    if broken is not None:
        ledger = Ledger(ours, ledger.toolchains, broken)  # of things as they are by now
    code = verify(ledger, labs, advised=not expected)
    if not expected or code != EXIT_DIFFERS:
        return code
    changed, left = expect(ledger.rows_of(labs), ledger, console)
    console.print(f"what is expected of {counted(changed, 'claim')} is now what was measured", markup=False)
    return EXIT_DIFFERS if left or ledger.survey.told(labs) else EXIT_OK


def verify(ledger: Ledger, labs: Sequence[LabFolder], *, advised: bool = True) -> int:
    """The verdicts of the labs' claims are printed; 1 if any outcome is not as expected, or a lab cannot be used."""
    console = Terminal(highlight=False)
    rows = ledger.rows_of(labs)
    unusable, labs = ledger.survey.told(labs), ledger.survey.sound(labs)
    show_table(console, rows, [toolchain.name for toolchain in ledger.toolchains])
    found = [
        difference
        for lab in labs
        for trial in ledger.trials(lab)
        for difference in differences(
            trial, ledger.rulings(lab)[trial.toolchain.name], lab.article.claims if lab.article else ()
        )
    ]
    for text in [*unusable, *told(found, advised=advised)]:
        console.print(f"\n{spelled(text, ledger.project.command)}", markup=False, soft_wrap=True)
    trials = sum(len(ledger.trials(lab)) for lab in labs)
    outcomes = sum(len(row.outcomes) for row in rows)
    console.print(
        f"\n{coverage(rows)}\n{counted(trials, 'trial')} on engine {ledger.laboratory.engine.name}, "
        f"{counted(outcomes, 'outcome')}: " + _in_short(len(found), len(unusable)),
        markup=False,
    )
    return EXIT_DIFFERS if found or unusable else EXIT_OK


def _in_short(differing: int, unusable: int) -> str:
    parts = [f"{differing} not as expected"] if differing else []
    parts += [f"{counted(unusable, 'lab')} cannot be used"] if unusable else []
    return ", ".join(parts) or "all as expected"
