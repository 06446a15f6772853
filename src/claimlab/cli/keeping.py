"""--keep: a question and its answer become a claim that is data, and so are watched from now on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from claimlab.cli.new_lab import chapter_named
from claimlab.project.article import Article
from claimlab.project.claim import CLAIM_ID, Chapter
from claimlab.project.errors import Refused
from claimlab.project.files import write_whole
from claimlab.project.project import Project
from claimlab.questions.benchmarks import BenchAnswer, Benchmarks
from claimlab.questions.claimed_benchmarks import BenchLook
from claimlab.questions.codes import CodeAnswer
from claimlab.questions.decided import DecidedAnswer
from claimlab.questions.go_benchmarks import short_name
from claimlab.questions.layouts import LayoutAnswer
from claimlab.questions.question import Answer
from claimlab.questions.runs import Run, RunAnswer
from claimlab.questions.stops import StopAnswer
from claimlab.questions.told import Told

_BY_HAND = {
    CodeAnswer: 'look = { code = "main.f", in = "f.go", calls = "runtime.growslice" }',
    DecidedAnswer: 'look = { compiler = "f.go", line = 27, decides = "escapes" }',
    StopAnswer: "a lab: claimlab lab.new",
}
"""What is claimed of these is to be chosen by who claims it."""


def keep(
    project: Project, name: str, chapter: str, told: Sequence[Told], question: Any, files: Mapping[str, bytes]
) -> Path:
    """The claims.toml has a row more, whose claim says what the newest toolchain has told, and the sources lie beside
    it. :class:`Refused` if that cannot be; then nothing was written."""
    article, where = place_for(project, name, chapter)
    newest = [one.answer for one in sorted(told, key=lambda one: one.toolchain.order) if one.answer is not None]
    if not newest:
        raise Refused("There is no answer to keep.", "Ask something that a toolchain answers.")
    table, sentence = _claimed(newest[-1], question)
    _put(files, question.package, where, table)
    import tomlkit  # a tenth of a second, and few commands need it

    look = tomlkit.inline_table()
    look.update(table)
    row = tomlkit.table()
    row.add("id", name)
    if section := where.sections[-1].id:
        row.add("section", section)
    for language in article.languages:
        row.add(language, sentence)  # in English, until its author has put it into the others
    row.add("look", look)
    rows = tomlkit.aot()
    rows.append(row)
    text = where.file.read_text(encoding="utf-8").rstrip()
    write_whole(where.file, f"{text}\n\n{tomlkit.dumps({'claim': rows})}".encode())
    return where.file


def place_for(project: Project, name: str, chapter: str) -> tuple[Article, Chapter]:
    """Where a claim of that name may be put; :class:`Refused` if it may not."""
    article, where = chapter_named(chapter, project, "--article")
    _refuse_unfit(name, where, [claim.id for claim in article.claims])
    return article, where


def _refuse_unfit(name: str, where: Chapter, known: Sequence[str]) -> None:
    if not CLAIM_ID.fullmatch(name):
        raise Refused(f"{name!r} is no id of a claim.", "Ids are letters and digits, with dots and hyphens.")
    if name in known:
        raise Refused(f"There is a claim {name} already.", "Take another id: --keep ID.")
    if where.page:
        raise Refused(
            f"The claims of {where.article} are sentences of its pages.", "Keep it in an article of chapters."
        )


def _claimed(answer: Answer, question: Any) -> tuple[dict[str, Any], str]:
    """The table of the claim, and its sentence."""
    if isinstance(answer, LayoutAnswer):
        return _of_layout(answer, question.at)
    if isinstance(answer, RunAnswer):
        return _of_run(answer, question)
    if isinstance(answer, BenchAnswer):
        return _of_benchmark(answer, question)
    kind = type(answer)
    raise Refused(
        "What is to be claimed of this answer is yours to say.", f"Write it into claims.toml: {_BY_HAND[kind]}"
    )


def _of_layout(answer: LayoutAnswer, at: str) -> tuple[dict[str, Any], str]:
    source = {"in": Path(at).name} if at else {}
    if not answer.present:
        return {"layout": answer.type, **source, "exists": False}, f"There is no type `{answer.type}`."
    if answer.size is not None:
        return {
            "layout": answer.type,
            **source,
            "size": answer.size,
        }, f"The size of `{answer.type}` is {answer.size} bytes."
    if len(answer.fields) != 1 or answer.fields[0].offset is None:
        raise Refused("A claim is about one field.", "Ask for one that is there: --field NAME.")
    field = answer.fields[0]
    table = {"layout": answer.type, **source, "field": field.name, "offset": field.offset}
    return table, f"`{field.name}` lies at offset {field.offset} of `{answer.type}`."


def _of_run(answer: RunAnswer, question: Run) -> tuple[dict[str, Any], str]:
    if len(answer.ways) != 1:
        raise Refused("It ended in several ways, and a claim says one.", "Write it into claims.toml, with share = 0.5.")
    way = answer.ways[0]
    code, _, message = way.ends.removeprefix("exit ").partition(": ")
    if not code.isdigit():
        raise Refused(f"It {way.ends}.", "Write that into claims.toml: hangs = true, or signal = 11.")
    table: dict[str, Any] = {"run": Path(question.at).name, "exit": int(code)}
    table |= {"message": message} if message else {}
    table |= {"prints": way.printed} if way.printed else {}
    table |= {"runs": question.runs} if question.runs > 1 else {}
    table |= {"env": question.env} if question.env else {}
    table |= {"args": list(question.args)} if question.args else {}
    line = way.printed.strip()
    says = f" and says: {message}" if message else ""
    prints = f" and prints `{line}`" if line and "\n" not in line else ""
    return table, f"The program {table['run']} exits with {code}{prints}{says}."


def _of_benchmark(answer: BenchAnswer, question: Benchmarks) -> tuple[dict[str, Any], str]:
    """What it allocates: how long it takes is claimed as a ratio, whose bound is to be chosen by who claims it."""
    if len(answer.measures) != 1:
        names = ", ".join(one.benchmark for one in answer.measures) or "none"
        raise Refused(f"A claim is about one benchmark, and here is {names}.", "Ask for one: --bench '^BenchmarkX$'.")
    (measure,) = answer.measures
    if len(measure.allocations) != 1:
        raise Refused(
            f"{measure.benchmark} has not the same allocs/op each time.", "Take more iterations: --benchtime 10000x."
        )
    name, allocs = short_name(measure.benchmark), int(measure.allocations[0])
    table: dict[str, Any] = {"bench": Path(question.at).name, "benchmark": name, "allocs": allocs}
    usual = BenchLook(bench=question.at, benchmark=name)
    table |= {"benchtime": question.benchtime} if question.benchtime != usual.benchtime else {}
    table |= {"gomaxprocs": question.gomaxprocs} if question.gomaxprocs != usual.gomaxprocs else {}
    objects = "object" if allocs == 1 else "objects"
    return table, f"One operation of the benchmark `{name}` allocates {allocs or 'no'} {objects}."


def _put(files: Mapping[str, bytes], package: str, where: Chapter, table: Mapping[str, Any]) -> None:
    """The file that was asked about lies beside the claims.toml."""
    if not files:
        return
    if len(files) > 1 or package not in ("", "."):
        raise Refused(
            "A whole module is not copied.", f"Put it beside {where.file.name}, and the row with its `in` into that."
        )
    ((name, text),) = files.items()
    target = where.folder / name
    if target.exists() and target.read_bytes() != text:
        raise Refused(f"{target} is there already, and is another file.", "Rename one of them.")
    write_whole(target, text)
