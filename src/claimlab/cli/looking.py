"""A question on toolchains, from the command line: measured where nobody has, grouped, printed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
from invoke.context import Context
from rich.table import Table
from rich.text import Text

from claimlab.cli.measuring import measure_missing
from claimlab.cli.speaking import ROOT, project_of, say
from claimlab.cli.terminal import Terminal
from claimlab.project.files import users_cache, write_whole
from claimlab.project.project import FILE, Project, find, load
from claimlab.project.visible import visible
from claimlab.questions.asked import AskedLab, keep
from claimlab.questions.kinds import Asked
from claimlab.questions.laboratory import Laboratory
from claimlab.questions.question import Answer, Row, Seen
from claimlab.questions.told import Group, Told, groups
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.trial import Trial

_USERS: Final = 'title = "Questions"\narticles = []\ncache = "."\n'
"""The claimlab.toml of a user's own questions."""


def project_anywhere(c: Context) -> Project:
    """The project here, or else the user's own, which lies in their cache folder (the XDG base directories)."""
    if c.config["claimlab"][ROOT] or find(Path()):
        return project_of(c)
    root = users_cache()
    if not (root / FILE).is_file():
        write_whole(root / FILE, _USERS.encode())
    return load(root)


_DIFF_LINES: Final = 60
_PIPED_COLUMNS: Final = 120
"""Where nobody knows how wide the lines may be."""
_BESIDE: Final = 3
"""So many groups have room for their names in one line."""
_DIFF_COLOURS: Final = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True)
class Options:
    """What every command of ``look`` takes."""

    go: Sequence[str] = ()
    engine: str = ""
    plain: bool = False
    fresh: bool = False
    workers: int = 0
    json: bool = False
    expect: str = ""
    keep: str = ""
    article: str = ""
    flip: bool = False
    cluster: str = ""
    on: Sequence[str] = ()


@dataclass(frozen=True)
class Look:
    """One question as it was put: about one or more architectures, on some toolchains."""

    ours: Laboratory
    archs: Sequence[str]
    question: Callable[[str, Sequence[Toolchain]], Asked]
    """For an architecture and the toolchains that are asked."""
    files: dict[str, bytes]
    says: Callable[[Any, Toolchain], tuple[Answer, Sequence[str]]]
    """The part of what was seen that was asked for, and hints at what there is instead of what is not there."""
    shown: Mapping[str, Any]
    """The question as data."""
    options: Options
    only_differing: bool = False
    """Of rows on which all agree people see none."""
    console: Terminal = field(default_factory=lambda: Terminal(stderr=True, highlight=False))

    @cached_property
    def toolchains(self) -> list[Toolchain]:
        """Those that are asked."""
        return self.ours.toolchains(self.options.go, plain=self.options.plain, unpinned=True, say=say)

    @property
    def axis(self) -> list[str]:
        """All releases that there are to ask, oldest first."""
        known = {one.name: one for one in (*self.ours.pins.toolchains, *self.toolchains) if not one.variant}
        return [one.name for one in sorted(known.values(), key=lambda one: one.order)]

    def is_recorded(self, tool: Toolchain, arch: str) -> bool:
        """What this one says is known, and is not to be measured again."""
        if self.options.fresh:
            return False
        trials = self.ours.trials(keep(self.ours.project, self.question(arch, [tool]), self.files), [tool])
        return all(trial.recorded(self.ours.record) is not None for trial in trials)

    def told(self) -> list[Told]:
        """What each toolchain says; what is not recorded has been measured."""
        return self.told_by(self.toolchains, self.archs)

    def told_by(self, chosen: Sequence[Toolchain], archs: Sequence[str]) -> list[Told]:
        """What these say, of the same question about the same files."""
        labs = {arch: keep(self.ours.project, self.question(arch, chosen), self.files) for arch in archs}
        trials = {arch: self.ours.trials(lab, chosen) for arch, lab in labs.items()}
        all_trials = [trial for some in trials.values() for trial in some]
        fresh, workers = self.options.fresh, self.options.workers
        broken = measure_missing(self.ours, all_trials, self.console, fresh=fresh, workers=workers, quiet=True) or {}
        return [
            told
            for arch, some in trials.items()
            for trial in some
            for told in self._told(trial, arch, labs[arch], broken.get(trial.name, ""))
        ]

    def _told(self, trial: Trial, arch: str, lab: AskedLab, broke: str) -> Iterator[Told]:
        """What the trial says of its toolchain, and of those beside it."""
        found = None if broke else replace(trial).recorded(self.ours.record)  # a place is known when it is made ready
        seen: Seen | None = msgspec.json.decode(found.seen, type=lab.asked.sees) if found else None
        for toolchain in (*trial.beside, trial.toolchain):
            if found is None or seen is None:
                yield Told(toolchain, arch, "broken", words=broke or "it was not measured")
            elif refused := seen.refusal(toolchain.name):
                yield Told(toolchain, arch, "refused", None, refused, seen.notes, found.provenance)
            else:
                answer, hints = self.says(seen, toolchain)
                yield Told(toolchain, arch, "answered", answer, "", [*seen.notes, *hints], found.provenance)


def show(told: Sequence[Told], axis: Sequence[str], *, only_differing: bool = False) -> None:
    """The answer for people: a table for each architecture, a column for each group of toolchains that agree."""
    console = Terminal(highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_COLUMNS
    archs = list(dict.fromkeys(one.arch for one in told))
    for arch in archs:
        found = groups((one for one in told if one.arch == arch), axis)
        if len(archs) > 1:
            console.print(f"{arch}:", markup=False)
        if all(len(group.rows) == 1 for group in found) and not only_differing:
            console.print(_lines(found))
        else:
            console.print(_table(found, only_differing=only_differing))
            for label, row in ((group.label, row) for group in found for row in group.rows if not row.label):
                console.print(f"{label}: {row.text}", markup=False, soft_wrap=True)
        for text in _parted(found):
            console.print(text)
    notes = {note: [one.toolchain.name for one in told if note in one.notes] for one in told for note in one.notes}
    for note, names in notes.items():
        console.print(f"{', '.join(dict.fromkeys(names))}: {note}", style="dim", markup=False, soft_wrap=True)


def _parted(found: Sequence[Group]) -> Iterator[Text]:
    """Where listings of neighbours part, as a unified diff; the listing itself if there is but one."""
    listings = [(group.label, one) for group in found if (one := group.listing)]
    if len(listings) == 1 and len(found) == 1:
        yield Text("\n" + visible("\n".join(listings[0][1])))
    for (before, was), (after, now) in pairwise(listings):
        lines = [visible(line) for line in unified_diff(was, now, before, after, n=2, lineterm="")]
        shown = Text("\n")
        for line in lines[:_DIFF_LINES]:
            shown.append(f"{line}\n", _DIFF_COLOURS.get(line[:1], ""))
        if len(lines) > _DIFF_LINES:
            shown.append(f"… {len(lines) - _DIFF_LINES} lines more: --json has both listings\n", "dim")
        yield shown


def _lines(found: Sequence[Group]) -> Table:
    """One line a group."""
    table = Table.grid(padding=(0, 2))
    before = ""
    for group in found:
        (row,) = group.rows
        said = f"{row.text}  {row.label}" if row.counts else f"{row.label}  {row.text}".strip()
        table.add_row(Text(group.label), Text(visible(said), "bold yellow" if before and said != before else ""))
        before = said
    return table


def _table(found: Sequence[Group], *, only_differing: bool) -> Table | str:
    """One line a row of the answer that has a label; what differs from the group before it is marked."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    for group in found:
        label = group.label.replace(" – ", "\n– ") if len(found) > _BESIDE else group.label
        table.add_column(label, no_wrap=only_differing, overflow="fold")
    cells = [{row.label: row for row in group.rows} for group in found]
    rows = {row.label: row for group in cells for row in group.values()}
    labels = list(dict.fromkeys(label for group in reversed(cells) for label in group))
    labels.sort(key=lambda label: rows[label].order)
    if only_differing:
        labels = [label for label in labels if len({has.get(label) for has in cells}) > 1]
        if not any(labels):
            number = len(found[0].rows)
            return f"{found[0].label}: they agree, in {number} place{'s' * (number > 1)} (--all shows them)"
    for label in filter(None, labels):
        line = []
        before: Row | None = None
        for place, has in enumerate(cells):
            row = has.get(label)
            text = "" if row is None else visible(row.text if len(found) == 1 else row.short)
            differs = place > 0 and (row is None or not row.counts or before is None) and row != before
            line.append(Text(f"{text or '-'}*" if differs else text or "-", "bold yellow" if differs else ""))
            before = row
        table.add_row(Text(visible(label)), *line)
    return table
