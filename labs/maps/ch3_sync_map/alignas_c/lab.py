"""What does alignas(64) do to a C struct with one counter, and where may it stand?

Section 3.2 of the article shows a struct in C. The bench's gcc compiles it in every mode of C that it has, with and
without the header that defines alignas. Where the elements of an array lie is told by the compiled program and, apart
from it, by the DWARF that the compiler wrote.
"""

import io
from typing import Any, Final

import msgspec

from claimlab import Bench, Lab, LabBroken, decoded, processes

lab = Lab(
    has_axis=False,
    asks={
        "zh": "alignas(64) 对只有一个计数器的 C 结构体起什么作用，可以写在哪里？",
    },
)

DECLARATIONS: Final = {
    "listed": "struct alignas(64) Entry { uint64_t counter; };",
    "on the member": "struct Entry { alignas(64) uint64_t counter; };",
    "without": "struct Entry { uint64_t counter; };",
    "array as listed": "struct Entry { uint64_t counter; }; Entry entries[2];",
}
PROGRAM: Final = "layout"


class Compiled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attempt to compile a declaration."""

    mode: str
    header: str
    """That was included beside <stdint.h>, if any."""
    accepted: bool
    errors: list[str]
    """The first one, where there are any."""


class Compilations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All attempts."""

    gcc: str
    tried: dict[str, list[Compiled]]
    """By the name of the declaration."""


class Lies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an array of two such structs lies in memory, by the compiled program itself."""

    size: int
    align: int
    stride: int
    """From one element to the next."""
    places: int
    """Where in a line the array can begin."""
    sharing: int
    """In how many of these places its two elements share a line."""
    addresses: list[int]
    """Of the two elements of an array that the linker has placed."""


class Layouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the compiled program tells."""

    line: int
    """Size of a line of the first-level data cache, by sysconf(3)."""
    known: bool
    """False if the C library does not know it, and 64 was taken."""
    structs: dict[str, Lies]


class Described(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A struct as DWARF has it."""

    size: int
    align: int | None
    """Of the struct's member, if the source asks for one (DW_AT_alignment, DWARF 5, 2.24)."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    declarations: dict[str, str]
    compilations: Compilations
    layouts: Layouts
    dwarf: dict[str, Described]


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({name: bench.files[name] for name in ("compile.py", "layout.c")})
    argv = [bench.python, "-I", "compile.py", msgspec.json.encode(DECLARATIONS).decode()]
    tried = bench.run(argv, step="build", timeout_s=120).or_broken("the declarations could not be tried")
    build = ["gcc", "-std=c11", "-g", "-O1", "-o", PROGRAM, "layout.c"]
    bench.run(build, step="build").or_broken("the lab's C source does not build")
    return Seen(
        DECLARATIONS,
        decoded(tried.stdout, Compilations, "what was compiled"),
        processes.answer(bench, [f"./{PROGRAM}"], Layouts, gomaxprocs=None),
        described(bench.get(PROGRAM), ["Plain", "Aligned"]),
    )


def described(elf: bytes, names: list[str]) -> dict[str, Described]:
    """The structs of these names, by the DWARF of a binary; :class:`LabBroken` if one is missing."""
    from elftools.elf.elffile import ELFFile

    found: dict[str, Described] = {}
    for unit in ELFFile(io.BytesIO(elf)).get_dwarf_info().iter_CUs():
        for entry in unit.iter_DIEs():
            name = text_of(entry, "DW_AT_name")
            if entry.tag == "DW_TAG_structure_type" and name in names:
                asked = [child.attributes["DW_AT_alignment"].value for child in entry.iter_children() if aligned(child)]
                found[name] = Described(entry.attributes["DW_AT_byte_size"].value, asked[0] if asked else None)
    if missing := [name for name in names if name not in found]:
        raise LabBroken(f"the DWARF of the C program has no struct {', '.join(missing)}")
    return found


def text_of(entry: Any, attribute: str) -> str:
    value = entry.attributes.get(attribute)
    return value.value.decode() if value else ""


def aligned(entry: Any) -> bool:
    return "DW_AT_alignment" in entry.attributes
