"""look.stop: where a program stops under gdb, and gdb itself there."""

import re
import sys
from contextlib import ExitStack, closing
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec
from invoke.context import Context

from claimlab.benches import host
from claimlab.cli.asking import Where, ask, question
from claimlab.cli.look_running import arguments_of, refuse_nothing_to_run, settings_of
from claimlab.cli.looking import Options, project_anywhere
from claimlab.cli.speaking import say
from claimlab.instruments.attended import leave_in_gdb
from claimlab.project.errors import Refused
from claimlab.questions import programs, stops
from claimlab.questions.asked import needs_of
from claimlab.questions.laboratory import laboratory
from claimlab.questions.programs import SOURCES, module_path
from claimlab.questions.sources import Sources
from claimlab.questions.stops import LINE, Stop, StopAnswer
from claimlab.toolchains.needs import Wanted
from claimlab.toolchains.toolchain import Toolchain

_LIFE_S: Final = 24 * 3600.0
"""Of a bench that somebody visits."""


@question(
    tests=True,
    running=True,
    source="a .go file, or the folder of a package: a program, or else its tests",
    at="where: a function (main.f, f, runtime.mallocgc), or FILE:LINE",
    when="a gdb expression: the first time that it is true there, such as 'n == 3'",
    registers="also the general registers",
    gomaxprocs="GOMAXPROCS (default 1)",
    godebug="a GODEBUG setting, such as gctrace=1; repeatable",
    env="an environment variable, NAME=value; repeatable",
    timeout="seconds until it has to be there, gdb's own included (default 30)",
    interactive="leave me there, in gdb, on one toolchain: the newest, or the one of --go",
)
def stop(
    c: Context,
    options: Options,
    where: Where,
    source: str,
    at: str = "",
    when: str = "",
    registers: bool = False,
    gomaxprocs: int = 1,
    godebug: Any = None,
    env: Any = None,
    timeout: float = 30.0,
    interactive: bool = False,
) -> None:
    """How does a program stand when it comes to a function: who called it, with which arguments?

    gdb stops it there the first time, and reads the backtrace, the arguments, goroutines, and with --registers these.
    What stands after -- are the program's arguments. Functions, one's own lines, and values that are no addresses make
    a difference between releases. With --interactive you are in gdb at that place; the bench ends when you leave it.

    claimlab look.stop main.go --at main.f
    claimlab look.stop main.go --at main.go:12 --when 'n == 3' --go 1.21 --go 1.27
    claimlab look.stop main.go --at runtime.mallocgc --registers --json
    claimlab look.stop ./internal/parse --at parse --flip -- -test.run TestParse
    claimlab look.stop main.go --at main.f --interactive --go 1.24.11
    """
    if not at:
        raise Refused("look.stop has to know where.", "Say it: --at main.f, --at main.go:12.")
    refuse_nothing_to_run(where)
    if gomaxprocs < 1 or timeout <= 0:
        raise Refused("Processors and seconds are positive numbers.", "Leave the option out for its default.")
    asked = Stop(
        place=_placed(at, where.sources),
        when=when,
        gomaxprocs=gomaxprocs,
        env=settings_of(env, godebug),
        args=arguments_of(c),
        timeout_s=timeout,
    )
    files = where.sources.files
    if interactive:
        asked = msgspec.structs.replace(asked, at=where.given, package=where.sources.package)
        _attend(c, options, asked, where.sources)
        return
    told = ask(
        c,
        options,
        where,
        lambda about, _: msgspec.structs.replace(asked, **about),
        lambda seen, _: (stops.answer(asked, seen, files, registers=registers), stops.hints(asked, seen)),
        msgspec.to_builtins(asked),
    )
    answers = [one.answer for one in told if isinstance(one.answer, StopAnswer)]
    if answers and all(one.is_nowhere for one in answers) and not options.expect:
        raise Refused(
            f"No toolchain that was asked has {asked.place} in its program.",
            "Write a function as nm does: main.f, sync.(*Map).Load. Perhaps nothing calls it.",
        )


def _placed(at: str, found: Sources) -> str:
    """The function with its import path, or the file as DWARF names it and the line."""
    line = LINE.fullmatch(at)
    if line is None:
        return programs.in_full(at, found.files, found.package)
    named = "/" + re.sub(r"^(\.{0,2}/)+", "", line["file"])
    module = module_path(found.files, ".")
    full = [f"{module}/{name}" for name in found.files if f"/{module}/{name}".endswith(named)]
    inside = [one for one in full if PurePosixPath(one).parent == PurePosixPath(module, found.package)]
    if len(inside or full) != 1:
        raise Refused(
            f"{line['file']} names {len(full)} files of what is asked about.", "Write its path below the module."
        )
    return f"{(inside or full)[0]}:{line['line']}"


def _attend(c: Context, options: Options, asked: Stop, found: Sources) -> None:
    """Who sits at the terminal was in gdb at that place, and has left it."""
    given = [name for name in ("json", "expect", "keep", "flip") if getattr(options, name)]
    if given:
        raise Refused(f"--interactive leaves nothing for --{given[0]}.", "Leave one of the two out.")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused("--interactive wants a terminal, and this is none.", "Leave it out, or type it at a terminal.")
    ours = laboratory(project_anywhere(c), options.engine)
    tool = _one_of(ours.toolchains(options.go, plain=options.plain, unpinned=True, say=say), options)
    ours.engine.check()
    with closing(ours.engine), ExitStack() as held:
        # While somebody thinks, the machine is nobody's: who measures time would wait for them, and all others with it.
        with host.share(say=say):
            needs = needs_of(asked, found.files)
            ours.engine.prepare([Wanted(tool, needs)], say)
            bench = held.enter_context(ours.engine.open(tool, _LIFE_S, needs))
            bench.files = {f"{SOURCES}{name}": text for name, text in found.files.items()}
            built = asked.built(bench)
            if built.refused:
                raise Refused(f"On Go {tool} it does not build: {built.refused}", "Mend it, or take another --go.")
        for text in (*built.notes, f"Go {tool}, engine {ours.engine.name}; quit leaves gdb and ends the bench"):
            say(text)
        leave_in_gdb(bench, built.binary, module_path(found.files, "."), asked.run(bench))


def _one_of(chosen: list[Toolchain], options: Options) -> Toolchain:
    plain = [one for one in chosen if not one.variant] or chosen
    if options.go and len(plain) > 1:
        raise Refused(f"--interactive is on one toolchain, and --go names {len(plain)}.", "Name one: --go 1.27.3")
    return max(plain, key=lambda one: one.order)
