"""What all commands of ``look`` have in common: their options, and the way from a question to an answer."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from invoke.context import Context
from invoke.tasks import Task

from claimlab.cli.answering import earlier_data, finish
from claimlab.cli.keeping import keep, place_for
from claimlab.cli.looking import Look, Options, project_anywhere
from claimlab.cli.measuring import measuring_laboratory
from claimlab.cli.speaking import CLUSTER_HELP, ENGINE_HELP, ON_HELP, as_typed, or_exit, say
from claimlab.project.errors import Refused
from claimlab.questions import sources
from claimlab.questions.kinds import Asked
from claimlab.questions.labs import name_of
from claimlab.questions.question import Answer
from claimlab.questions.sources import Sources
from claimlab.questions.told import Told
from claimlab.toolchains.archives import arch_of
from claimlab.toolchains.toolchain import Toolchain, this_platform

HELP: Final = {
    "in": "the .go file, or the folder of the package, that is asked about (default: Go itself)",
    "arch": "a GOARCH, such as arm64; repeatable (default: this machine's)",
    "go": "only these toolchains: 1.24.11, 1.24 (with variants), 1.24.11+noswissmap; repeatable (default: all)",
    "engine": ENGINE_HELP,
    "plain": "leave out variants of releases, such as +noswissmap",
    "fresh": "measure again what is recorded",
    "workers": "trials at a time (default: one a processor)",
    "cluster": CLUSTER_HELP,
    "on": ON_HELP,
    "json": "print the answer as data: one object for each toolchain and architecture",
    "expect": "a file that --json has written: exit with 1 if something that it holds has changed",
    "keep": "the id of a claim that this question and the newest answer are to become",
    "article": "the article, or article:chapter, that --keep puts it into (default: the only one)",
    "flip": "between neighbouring releases that differ, search the patch releases for where the answer turns",
}
EXITS: Final = """
    Exit codes: 0 there is an answer, 1 something broke or is not as expected, 2 the command cannot be carried out.
    """
GOARCHES: Final = (
    *("386", "amd64", "arm", "arm64", "loong64", "mips", "mips64"),
    *("mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x"),
)
"""That Go has for Linux (go tool dist list, 1.21 to 1.27)."""


@dataclass(frozen=True)
class Where:
    """What a question is about."""

    given: str
    """As --in has it."""
    sources: Sources
    archs: Sequence[str]


def _common(
    in_: str = "",
    arch: Any = None,
    go: Any = None,
    engine: str = "",
    plain: bool = False,
    fresh: bool = False,
    workers: int = 0,
    json: bool = False,
    expect: str = "",
    keep: str = "",
    article: str = "",
    flip: bool = False,
    cluster: str = "",
    on: Any = None,
) -> None:
    """The options that all have."""


def question(
    *, tests: bool = False, running: bool = False, **helps: str
) -> Callable[[Callable[..., None]], Task[Callable[..., None]]]:
    """Decorator: a command of ``look``. After the context the body is given :class:`Options` and :class:`Where`; its
    further parameters are the command's own, the first of them without a flag. One that is called `source` says where
    the sources are, in place of --in.

    With `tests` these are read with their tests. What is `running` does so on this machine's own processor.
    """

    def made(body: Callable[..., None]) -> Task[Callable[..., None]]:
        context, _, _, *own = inspect.signature(body).parameters.values()
        names = {one.name for one in own}
        common = [
            one for one in inspect.signature(_common).parameters.values() if one.name != "in_" or "source" not in names
        ]

        def command(c: Context, /, **given: Any) -> None:
            about = given.pop("in_", "") or given.get("source", "")
            archs = given.pop("arch") or [own_arch()]
            if unknown := [arch for arch in archs if arch not in GOARCHES]:
                raise Refused(f"There is no architecture {unknown[0]}.", f"There are {', '.join(GOARCHES)}.")
            if running and archs != [own_arch()]:
                raise Refused(f"What runs, runs on this machine's own processor: {own_arch()}.", "Leave --arch out.")
            read = sources.read(about, tests=tests) if about else Sources({}, "")
            rest = {one.name: given.pop(one.name) for one in common if one.name in given}
            options = Options(**rest | {"go": rest["go"] or (), "on": rest["on"] or ()})
            body(c, options, Where(about, read, archs), **given)

        command.__doc__ = f"{(body.__doc__ or '').rstrip()}\n{EXITS}"
        guarded = or_exit(command)
        guarded.__signature__ = inspect.Signature([context, *own, *common])  # type: ignore[attr-defined]
        first = [one.name for one in own[:1] if one.default is inspect.Parameter.empty]
        several = [one.name for one in (*own, *common) if one.annotation is Any]
        return Task(
            guarded,
            name=body.__name__,
            positional=first,
            iterable=several,
            auto_shortflags=False,
            help={**helps, **{name: text for name, text in HELP.items() if name != "in" or "source" not in names}},
        )

    return made


def ask(
    c: Context,
    options: Options,
    where: Where,
    make: Callable[[dict[str, str], Sequence[Toolchain]], Asked],
    says: Callable[[Any, Toolchain], tuple[Answer, Sequence[str]]],
    shown: Mapping[str, Any],
    *,
    only_differing: bool = False,
) -> list[Told]:
    """The question was put to every toolchain, and the answer printed, for people perhaps only what differs."""
    about = {"at": where.given, "package": where.sources.package}
    ours = measuring_laboratory(project_anywhere(c), options.engine, options.cluster, options.on)
    look = Look(
        ours,
        where.archs,
        lambda arch, chosen: make({**about, "arch": "" if arch == own_arch() else arch}, chosen),
        where.sources.files,
        says,
        {**shown, "in": where.given},
        options,
        only_differing,
    )
    # What cannot be is refused before minutes are spent on measuring.
    if options.expect:
        earlier_data(options.expect)
    chapter = options.article if ":" in options.article or not options.article else f"{options.article}:"
    if options.keep:
        place_for(ours.project, options.keep, chapter)
    told = look.told()
    finish(look, told)
    if options.keep:
        asked = look.question(where.archs[0], look.toolchains)
        path = keep(ours.project, options.keep, chapter, told, asked, where.sources.files)
        say(f"{ours.project.shown(path)} has the claim {options.keep}. Look at its words, and then:")
        say(as_typed(c, f"  claimlab lab.{name_of(options.keep)} --expect"))
    return told


def own_arch() -> str:
    """The GOARCH of this machine."""
    return arch_of(this_platform())
