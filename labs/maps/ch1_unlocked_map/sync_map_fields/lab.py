"""How is sync.Map laid out, and can its layout be seen and changed?

Chapter 1 of the article. Types and offsets come from the binary's DWARF and from reflection inside the process; shared
cache lines from the addresses of many values on the heap. What the compiler lets a program do is tried: a program that
asks for offsets of sync.Map's fields, and one that uses the directive go:align.
"""

import msgspec

from claimlab import FLAG_SETS, Bench, Lab, TypeLayout, gobuild, layout, processes

lab = Lab(asks={"zh": "sync.Map 的字段怎样布局，能看到、能改变吗？"})

TYPES = ["sync.Map", "main.described", "main.padded", "main.turned"]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field as reflection sees it."""

    Name: str
    Type: str
    Offset: int
    Size: int


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A struct as the program itself sees it."""

    Name: str
    Size: int
    Fields: list[Field]
    Held: str
    """The type of what the field `read` holds, if it is an atomic.Value."""
    Objects: int
    """Values of the type on the heap; 0 if it lacks one of the two fields."""
    SameLine: int
    """Those of them of which `mu` and `read` begin on one cache line."""
    Starts: list[int] | None
    """Where in a cache line they begin."""


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program says."""

    LineBytes: int
    """The size of a cache line as the kernel has it; 64 if it does not say."""
    Layouts: list[Layout]


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program that may or may not compile."""

    exit_code: int
    """Of the build."""
    complaints: str
    """What the build printed on standard error, whether it failed or not."""
    printed: str
    """By the program, if it was built."""


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two fields in a struct, with the directive in some place and spelling, without it, or padded by hand."""

    Name: str
    Size: int
    Align: int
    MuOffset: int
    ReadOffset: int
    Objects: int
    """Values of the type on the heap."""
    OnStarts: int
    """Those of them that begin at a multiple of 64."""


class Directed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program with the directive prints."""

    Variants: list[Variant]
    Starts: list[int]
    """Of variables of 24 bytes with the directive: their addresses modulo 64."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    report: Report
    types: list[TypeLayout]
    """By DWARF, in the order of TYPES."""
    snippet: Attempt
    """Asks for the offsets of `mu` and `read` of a sync.Map."""
    snippet_ours: Attempt
    """Asks the same of a struct of its own package."""
    directive: Attempt
    """Uses the directive go:align, and prints a `Directed`."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    return Seen(
        report=processes.answer(bench, [f"./{program.name}"], Report, gomaxprocs=1),
        types=layout.types(bench, program, TYPES),
        snippet=attempt(bench, "snippet"),
        snippet_ours=attempt(bench, "snippet_ours"),
        directive=attempt(bench, "directive"),
    )


def attempt(bench: Bench, name: str) -> Attempt:
    """The program of that folder has been built, if the compiler let it, and run. That it does not is no error."""
    options, env = FLAG_SETS["plain"]
    gobuild.put_module(bench, gobuild.lab_sources(bench, name), name)
    command = ["go", "build", "-C", f"{name}.src", *options, "-o", f"../{name}", "."]
    built = bench.run(command, step="build", env=env, timeout_s=180)
    complaints = built.stderr.decode("utf-8", "replace")
    if built.exit_code:
        return Attempt(built.exit_code, complaints, "")
    ran = processes.once(bench, [f"./{name}"], gomaxprocs=1)
    return Attempt(0, complaints, ran.stdout)
