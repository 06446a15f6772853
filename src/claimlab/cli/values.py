"""values: the figures that a lab names, for every release, from the record alone."""

import csv as csv_format
import io
from collections.abc import Mapping, Sequence
from typing import Any

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from claimlab.cli.answering import differs_from
from claimlab.cli.asking import own_arch
from claimlab.cli.looking import show
from claimlab.cli.speaking import ENGINE_HELP, as_typed, or_exit, print_data, print_json, project_of, say
from claimlab.cli.terminal import Terminal
from claimlab.project.errors import EXIT_DIFFERS, Refused
from claimlab.questions.asked import AskedLab
from claimlab.questions.laboratory import Laboratory, laboratory
from claimlab.questions.told import Told, as_data
from claimlab.toolchains.toolchain import one_release
from claimlab.trials.lab import LabFolder, not_asked
from claimlab.verdicts.told_values import CSV_HEAD, agree, csv_rows, measured_elsewhere, told
from claimlab.verdicts.value import Value
from claimlab.verdicts.values import names_values, valued


@task(
    positional=["lab"],
    iterable=["go"],
    auto_shortflags=False,
    help={
        "lab": "the lab's name, or that of a claim that is data: look-2-1-a",
        "go": "only these toolchains: 1.24.11, 1.24 (with variants), 1.24.11+noswissmap; repeatable (default: all)",
        "engine": ENGINE_HELP,
        "plain": "leave out variants of releases, such as +noswissmap",
        "compare": "a release, such as 1.23: each figure is shown beside the one of that release",
        "json": "print data: one object for each toolchain",
        "csv": "print a line for each figure of each toolchain",
        "expect": "a file that --json has written: exit with 1 if something that it holds has changed",
    },
)
@or_exit
def values(
    c: Context,
    lab: str,
    go: Any = None,
    engine: str = "",
    plain: bool = False,
    compare: str = "",
    json: bool = False,
    csv: bool = False,
    expect: str = "",
) -> None:
    """Print the figures that a lab names in its values.py, for every release.

    They are those of the record as things are now: what is stale or missing is said, and has no figures. Nothing is
    measured.

    claimlab values bucket-layout
    claimlab values bucket-layout --plain --compare 1.23
    claimlab values bucket-layout --csv > sizes.csv
    claimlab values bucket-layout --json > sizes.json
    claimlab values bucket-layout --expect sizes.json

    Exit codes: 0 they are printed, 1 something is broken or not as expected, 2 the command cannot be carried out.
    """
    if json and csv:
        raise Refused("There is one output: --json or --csv.", "Leave one of them out.")
    ours = laboratory(project_of(c), engine)
    folder = _lab(ours, lab)
    toolchains = ours.toolchains(go or (), plain=plain) if folder.declared.has_axis else [ours.pins.bare]
    base = _base(ours, folder, compare) if compare else {}
    arch = (folder.asked.arch if isinstance(folder, AskedLab) else "") or own_arch()
    trials = ours.trials(folder, toolchains)
    if not trials:
        raise not_asked([folder], toolchains)
    found = [told(trial.toolchain, arch, valued(trial, ours.record), base) for trial in trials]
    if not any(one.provenance for one in found):
        raise Refused(f"Nothing is recorded of {lab} as things are now.", f"Measure it: claimlab {folder.command()}")
    shown = {"values": lab} | ({"compare": compare} if compare else {})
    if json:
        print_json(as_data(shown, found))
    elif csv:
        print_data(_csv(found))
        for one in found:
            for note in one.notes:
                say(f"{one.toolchain.name}: {note}")
    else:
        show(found, [one.name for one in ours.pins.toolchains if not one.variant])
    _say_gaps(found, as_typed(c, f"claimlab {folder.command()}"))
    differs = differs_from(expect, shown, found, Terminal(stderr=True, highlight=False), agree) if expect else False
    if differs or any(one.status == "broken" for one in found):
        raise Exit(code=EXIT_DIFFERS)


def _lab(ours: Laboratory, name: str) -> LabFolder:
    folder = next((one for one in ours.labs if one.name == name), None)
    if folder is None:
        raise Refused(f"There is no lab {name}.", "claimlab --list shows all there are.")
    if folder.fault:
        raise Refused(f"{name} is broken: {folder.fault}.", "Mend it first.")
    if not names_values(folder) and isinstance(folder, AskedLab):
        raise Refused(
            f"{name} names no values.", "Of claims that are rows, all do but those about what the compiler decides."
        )
    if not names_values(folder):
        where = ours.project.shown(folder.path / "values.py")
        raise Refused(f"{name} names no values.", f"Write a function for them: {where}, as docs/write-a-lab.md shows.")
    return folder


def _base(ours: Laboratory, folder: LabFolder, compare: str) -> Mapping[str, Value]:
    """The figures of the release that all are compared with; :class:`Refused` where there are none."""
    toolchain = one_release(compare, ours.pins.toolchains)
    if toolchain is None:
        raise Refused(
            f"--compare {compare} does not name one release.", "claimlab toolchains.list shows all there are."
        )
    (trial,) = ours.trials(folder, [toolchain])
    found = valued(trial, ours.record)
    if found.absent is not None:
        raise Refused(
            f"There is nothing to compare with on {toolchain.name}: {found.absent.because}.",
            f"Measure it first: {trial.replay.removesuffix(' --fresh')}",
        )
    if where := measured_elsewhere(found):
        say(f"{toolchain.name}, which others are compared with, was {where}")
    return found.values


def _csv(found: Sequence[Told]) -> str:
    out = io.StringIO()
    csv_format.writer(out, lineterminator="\n").writerows([CSV_HEAD, *csv_rows(found)])
    return out.getvalue().rstrip("\n")


def _say_gaps(found: Sequence[Told], command: str) -> None:
    """What has no figures is told beside them, whatever form these have."""
    for one in found:
        if one.status != "answered":
            say(f"{one.toolchain.name} has no values: {one.words}")
    if any(one.status == "missing" for one in found):
        say(f"Measure what is missing: {command}")
