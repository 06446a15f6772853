"""record.export and record.import: observations that travel from one machine to another."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from invoke.context import Context
from invoke.tasks import task

from claimlab.benches.recipe import Notes
from claimlab.cli.report import counted
from claimlab.cli.speaking import ENGINE_HELP, as_typed, or_exit, print_json, project_of, say
from claimlab.project.errors import BadData, Refused
from claimlab.project.visible import visible
from claimlab.questions.laboratory import Laboratory, laboratory
from claimlab.questions.standing import Kind, Standing, Standings
from claimlab.trials import archive as archives
from claimlab.trials.archive import Manifest, Packed
from claimlab.trials.bringing import Adopted, Brought, Fate, adopt, bring
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record

SCHEMA: Final = 1
_TOOLS: Final = {
    Adopted.SAME: "it names the tools image that this project knows",
    Adopted.ADOPTED: "this project knew of no tools image and takes the archive's",
    Adopted.KEPT: "it names another tools image than this project knows, which is kept",
    Adopted.OTHER_RECIPE: "its tools image was made by another recipe than this claimlab's, and is not taken",
}


@task(
    positional=["file"],
    iterable=["lab", "go", "engine"],
    auto_shortflags=False,
    help={
        "file": "the archive to be written, such as record.tar.gz",
        "lab": "only this lab's; repeatable (default: all)",
        "go": "only these toolchains: 1.24.11, 1.24 (with variants), +noswissmap; repeatable (default: all)",
        "article": "only the labs of this article, by its name",
        "engine": f"{ENGINE_HELP}; repeatable",
        "json": "print what is in it as data",
    },
)
@or_exit
def export(
    c: Context, file: str, lab: Any = None, go: Any = None, article: str = "", engine: Any = None, json: bool = False
) -> None:
    """Put what the record holds of current trials into one file, for another machine or a reader.

    It is a .tar.gz with a manifest that says what everything is. The same record gives the same bytes.

    claimlab record.export record.tar.gz
    claimlab record.export evidence.tar.gz --lab gdb-panic --go 1.27.3
    claimlab record.export both.tar.gz --engine docker --engine local
    """
    project = project_of(c)
    refuse_target(Path(file))
    found: dict[str, Packed] = {}
    asked = []
    for name in engine or [""]:
        ours = laboratory(project, name)
        asked.append(ours.engine.name)
        for one in _packed(ours, _chosen(ours, lab or (), article), go or ()):
            found[one.entry.file] = one
    if not found:
        raise Refused(
            f"Nothing is recorded of these trials as things are now, with the engine {' or '.join(asked)}.",
            f"Measure them first: claimlab lab.all --engine {asked[0]}; or export another engine's, with --engine.",
        )
    has_images = any(one.entry.engine == "docker" for one in found.values())
    tools = Notes(project.cache).tools() if has_images else None
    manifest = archives.write(Path(file), list(found.values()), version("claimlab"), tools)
    with Path(file).open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    if json:
        print_json({"schema": SCHEMA, "file": file, "sha256": sha256, "manifest": manifest})
        return
    _show(manifest)
    print(f"{file}: {counted(len(found), 'observation')}, {Path(file).stat().st_size} bytes, sha256:{sha256}")


def refuse_target(target: Path) -> None:
    """A file can be written there, in the place of a file at most; :class:`Refused` otherwise."""
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}.", "Make it first.")
    if target.exists() and not target.is_file():
        raise Refused(f"{target} is no file that an archive could replace.", "Name a file, such as record.tar.gz.")


def _chosen(ours: Laboratory, names: Sequence[str], article: str) -> list[LabFolder]:
    """The labs that are meant; of those that cannot be used it is said."""
    labs = {lab.name: lab for lab in ours.labs}
    if strangers := [name for name in names if name not in labs]:
        raise Refused(f"There is no lab {strangers[0]}.", "claimlab --list shows all there are.")
    known = [one.name for one in ours.project.articles]
    if article and article not in known:
        raise Refused(f"There is no article {article!r}.", f"Articles: {', '.join(known) or 'none'}.")
    chosen = [labs[name] for name in names] if names else list(labs.values())
    chosen = [lab for lab in chosen if not article or (lab.article and lab.article.name == article)]
    for lab in chosen:
        if lab.fault:
            say(f"{lab.name} is left out, it cannot be used: {lab.fault}")
    return [lab for lab in chosen if not lab.fault]


def _packed(ours: Laboratory, labs: Sequence[LabFolder], go: Sequence[str]) -> list[Packed]:
    toolchains, record = ours.toolchains(go), ours.record
    found = []
    for lab in labs:
        try:
            trials = ours.trials(lab, toolchains)
        except BadData as error:
            say(f"{lab.name} is left out, it cannot be used: {error}")
            continue
        for trial in trials:
            observation = trial.answer(record)
            content = trial.content(record)
            if observation is not None and content is not None:
                found.append(archives.packed(record, observation, content))
    return found


def _show(manifest: Manifest) -> None:
    labs = Counter(entry.lab for entry in manifest.observations)
    width = max(map(len, labs))
    for lab, count in labs.items():
        print(visible(f"{lab:{width}}  {counted(count, 'observation')}"))


@task(
    name="import",
    positional=["file"],
    auto_shortflags=False,
    help={
        "file": "an archive that record.export has written",
        "dry-run": "say what would be done, and change nothing",
        "json": "print data: an object",
    },
)
@or_exit
def import_(c: Context, file: str, dry_run: bool = False, json: bool = False) -> None:
    """Take the observations of an archive into the record, and say which of them answer what this project asks.

    All of it is verified before anything is written. What the record has of the same inputs is replaced only by
    something newer. The hashes show damage; that you trust who made the archive is for you to know.

    claimlab record.import record.tar.gz --dry-run
    claimlab record.import record.tar.gz
    claimlab record.import record.tar.gz --json | jq .unanswering
    """
    project = project_of(c)
    archive = archives.read(Path(file))
    brought = bring(archive, Record(project.record), dry_run=dry_run)
    tools = adopt(archive.manifest.tools, Notes(project.cache), dry_run=dry_run)
    standings = Standings(project)
    found = [_Imported(one, standings.of(one.entry.where, one.inputs)) for one in brought]
    if json:
        print_json(_as_data(file, dry_run, found, tools))
        return
    for line in _lines(file, dry_run, found, tools):
        print(visible(as_typed(c, line)))


@dataclass(frozen=True, slots=True)
class _Imported:
    brought: Brought
    standing: Standing


def _lines(file: str, dry_run: bool, found: Sequence[_Imported], tools: Adopted) -> Iterator[str]:
    fates = Counter(one.brought.fate for one in found)
    yield f"{file}: {counted(len(found), 'observation')}, all as its manifest says"
    yield f"{', '.join(f'{count} {fate}' for fate, count in fates.items())}{'; nothing was written' if dry_run else ''}"
    for one in found:
        if one.brought.was:
            entry, was = one.brought.entry, one.brought.was
            yield f"  {entry.name}: the record's of the same inputs is of {was}, this one of {entry.measured_at}"
            yield f"    {one.brought.fate}"
    for one in found:
        if one.brought.broke:
            yield f"  {one.brought.entry.name}: it broke here; the archive's observation counts instead"
    kinds = Counter(one.standing.kind for one in found)
    answers = kinds[Kind.HERE] + kinds[Kind.ELSEWHERE]
    yield f"{answers} answer what this project asks, {kinds[Kind.ELSEWHERE]} of them from another host or image"
    for (lab, kind, because), names in _unanswering(found).items():
        yield f"  {lab} on {', '.join(names)}: {kind}: {', '.join(because)}"
    if tools in _TOOLS:
        yield _TOOLS[tools]


def _unanswering(found: Sequence[_Imported]) -> dict[tuple[str, Kind, tuple[str, ...]], list[str]]:
    """The toolchains of the observations that answer no trial of this machine, by lab and reason."""
    groups: dict[tuple[str, Kind, tuple[str, ...]], list[str]] = {}
    for one in found:
        entry, standing = one.brought.entry, one.standing
        if not standing.answers:
            groups.setdefault((entry.lab, standing.kind, standing.because), []).append(entry.toolchain)
    return groups


def _as_data(file: str, dry_run: bool, found: Sequence[_Imported], tools: Adopted) -> dict[str, Any]:
    fates = Counter(one.brought.fate for one in found)
    kinds = Counter(one.standing.kind for one in found)
    return {
        "schema": SCHEMA,
        "file": file,
        "dry_run": dry_run,
        "observations": {fate.name.lower(): fates[fate] for fate in Fate},
        "answers": {"here": kinds[Kind.HERE], "elsewhere": kinds[Kind.ELSEWHERE]},
        "conflicts": [
            {**_named(one), "fate": one.brought.fate.name.lower(), "ours": one.brought.was}
            | {"theirs": one.brought.entry.measured_at}
            for one in found
            if one.brought.was
        ],
        "broke": [_named(one) for one in found if one.brought.broke],
        "unanswering": [
            {**_named(one), "kind": one.standing.kind, "because": one.standing.because}
            for one in found
            if not one.standing.answers
        ],
        "tools": tools,
    }


def _named(one: _Imported) -> dict[str, str]:
    entry = one.brought.entry
    return {"lab": entry.lab, "toolchain": entry.toolchain, "engine": entry.engine, "address": entry.address}
