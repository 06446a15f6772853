"""look.layout, look.code, look.compiler: what is read from binaries, and what the compiler says."""

from collections.abc import Sequence
from typing import Any, get_args

import msgspec
from invoke.context import Context

from claimlab.cli.asking import Where, ask, question
from claimlab.cli.looking import Options
from claimlab.instruments.machine_code import Architecture
from claimlab.project.errors import Refused
from claimlab.questions import codes, decided, layouts, programs
from claimlab.questions.codes import Code, CodeAnswer
from claimlab.questions.decided import TOPICS, Compiler
from claimlab.questions.layouts import Layout, LayoutAnswer
from claimlab.questions.sources import Sources
from claimlab.questions.told import Told


@question(
    type="runtime.g, sync.Map, main.T; or with a field behind it: runtime.g.sched.bp",
    field="only these fields; a path for a field of a field: sched.bp; repeatable",
)
def layout(c: Context, options: Options, where: Where, type: str, field: Any = None) -> None:
    """Where do the fields of a type lie, and how large is it?

    A type of the runtime, of the standard library, or of one's own code, read from the DWARF of a binary that has it.
    Releases that agree stand together; what differs is marked.

    claimlab look.layout runtime.g --field goid
    claimlab look.layout runtime.g --field goid --field sched.bp --arch amd64 --arch arm64
    claimlab look.layout internal/runtime/maps.Map --go 1.24 --go 1.27
    claimlab look.layout main.T --in main.go
    claimlab look.layout runtime.g --field goid --json > goid.json
    claimlab look.layout runtime.g --field goid --expect goid.json
    claimlab look.layout runtime.g --field goid --plain --flip
    """
    name, fields = _named(type, field or (), where.sources)
    told = ask(
        c,
        options,
        where,
        lambda about, _: msgspec.structs.replace(Layout(type=name), **about),
        lambda seen, _: (layouts.answer(name, seen, fields), layouts.hints(name, seen, fields)),
        {"look": "layout", "type": name, "fields": list(fields)},
    )
    if not options.expect:
        _refuse_nothing(name, fields, told)


@question(function="runtime.mallocgc, sync.(*Map).Load, main.f, as nm writes it")
def code(c: Context, options: Options, where: Where, function: str) -> None:
    """What machine code do releases make of a function, and where do they part?

    The function as it is linked into a program, for amd64 or arm64. Addresses, and places on the stack, make no
    difference. Where releases part stands a diff; where all agree, the code.

    claimlab look.code runtime.memhash64 --plain
    claimlab look.code main.sum --in sum.go --go 1.21 --go 1.27
    claimlab look.code 'sync.(*Map).Load' --arch arm64
    claimlab look.code runtime.memhash64 --go 1.24.11 --go 1.25.5 --flip
    """
    if other := [arch for arch in where.archs if arch not in get_args(Architecture)]:
        raise Refused(f"Machine code for {other[0]} is not read.", f"There are {', '.join(get_args(Architecture))}.")
    name = programs.in_full(function, where.sources.files, where.sources.package)
    told = ask(
        c,
        options,
        where,
        lambda about, _: msgspec.structs.replace(Code(function=name), **about),
        lambda seen, _: (codes.answer(name, seen), codes.hints(name, seen)),
        {"look": "code", "function": name},
    )
    answers = [one.answer for one in told if isinstance(one.answer, CodeAnswer)]
    if answers and not any(answer.present for answer in answers) and not options.expect:
        raise Refused(
            f"No toolchain that was asked has a function {name} in its program.",
            "Write it as nm does: runtime.mallocgc, sync.(*Map).Load. Perhaps it is inlined wherever it is called.",
        )


@question(
    source="a .go file, or the folder of a package",
    topic=f"only decisions about {', '.join(TOPICS)}; repeatable",
    all="also what is the same on all toolchains",
)
def compiler(
    c: Context,
    options: Options,
    where: Where,
    source: str,
    topic: Any = None,
    all: bool = False,
) -> None:
    """What escapes, what is inlined, where are bounds checked: where do releases decide otherwise?

    One line a decision, with its place. Without --all those on which all toolchains agree are left out.

    claimlab look.compiler main.go
    claimlab look.compiler ./internal/parse --topic escapes --go 1.23 --go 1.27
    claimlab look.compiler main.go --topic inlining --all
    claimlab look.compiler main.go --topic escapes --flip
    """
    if unknown := [one for one in topic or () if one not in TOPICS]:
        raise Refused(f"There is no topic {unknown[0]}.", f"Topics are {', '.join(TOPICS)}.")
    ask(
        c,
        options,
        where,
        lambda about, _: msgspec.structs.replace(Compiler(), **about),
        lambda seen, _: (decided.answer(seen, topic or (), where.sources.files, where.sources.package), []),
        {"look": "compiler", "topics": list(topic or ())},
        only_differing=not all,
    )


def _named(given: str, fields: Sequence[str], found: Sources) -> tuple[str, list[str]]:
    """The type as DWARF names it, and the paths of the fields; those may stand behind the type."""
    package, named = programs.split(programs.in_full(given, found.files, found.package), found.files)
    named, _, field = (named, "", "") if "[" in named else named.partition(".")
    name = f"{package}.{named}" if package else named
    return name, [".".join(filter(None, (field, one))) for one in fields] or ([field] if field else [])


def _refuse_nothing(name: str, fields: Sequence[str], told: Sequence[Told]) -> None:
    """What nobody has was not meant."""
    answers = [one.answer for one in told if isinstance(one.answer, LayoutAnswer)]
    if answers and not any(answer.present for answer in answers):
        raise Refused(
            f"No toolchain that was asked has a type {name} in its program.",
            "Write it as DWARF does: runtime.g, sync.Map, net/http.Server. "
            "A type that only your own code uses wants --in: claimlab --help look.layout",
        )
    seen = {place.name for answer in answers for place in answer.fields if place.offset is not None}
    if absent := [path for path in fields if answers and path not in seen]:
        raise Refused(
            f"No toolchain that was asked has a field {absent[0]} in {name}.", "Leave out --field to see all."
        )
