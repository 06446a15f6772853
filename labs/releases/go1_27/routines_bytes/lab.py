"""By how much do binaries grow with the routines that were made for sizes of objects?

A small program and a large one are built as they are and without the experiment that gives sizes their own routines,
with symbols and stripped. The sizes of the files are compared.
"""

from typing import Final

import msgspec

from claimlab import Bench, Binary, Lab, gobuild, symbols

lab = Lab(asks={"zh": "有了专门针对各种大小的例程，二进制文件会增大多少？"})

PROGRAMS: Final = ("small", "large")
WITHOUT: Final = "nosizespecializedmalloc"
STRIPPED: Final = "-ldflags=-s -w"


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One program, built in two ways."""

    program: str
    stripped: bool
    own: int
    """Bytes of the file as the release builds it by itself."""
    general: int | None
    """And without the experiment; None where the go command does not know it."""
    alike: bool
    """Both have the same functions of the same sizes; the files differ at least in the setting that they name."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    sizes: list[Sizes]


@lab.observe
def observe(bench: Bench) -> Seen:
    known = gobuild.knows(bench, WITHOUT)
    return Seen([one for program in PROGRAMS for one in sizes(bench, program, known)])


def sizes(bench: Bench, program: str, known: bool) -> list[Sizes]:
    """With symbols, and stripped."""
    gobuild.put_module(bench, gobuild.lab_sources(bench, program), program)
    found = []
    for stripped, options in ((False, []), (True, [STRIPPED])):
        own = gobuild.with_experiments(bench, program, options=options, as_name="own")
        own_bytes, own_code = len(bench.get(own.name)), [] if stripped else functions(bench, own)
        if not known:
            found.append(Sizes(program, stripped, own_bytes, None, False))
            continue
        general = gobuild.with_experiments(bench, program, WITHOUT, options=options, as_name="general")
        alike = found[0].alike if stripped else own_code == functions(bench, general)
        found.append(Sizes(program, stripped, own_bytes, len(bench.get(general.name)), alike))
    return found


def functions(bench: Bench, program: Binary) -> list[tuple[str, int]]:
    """Their names and sizes, as they lie."""
    return [(one.name, one.size) for one in symbols.table(bench, program).all if one.kind == "function"]
