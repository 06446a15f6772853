"""Types read by pyelftools, beside two witnesses that read no DWARF with it: gdb, and the compiler's own constants.

The program is cross-built and never runs: what `unsafe` says of the types are constants, which lie in its data.
"""

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection
from tests.bench_fixtures import NEWEST, pinned, silent, wanted

from claimlab.benches.local_engine import LocalEngine
from claimlab.instruments import dwarf_types, packages
from claimlab.instruments.dwarf_types import Types
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]
pytestmark = pytest.mark.gdb  # the local engine needs it

TYPES: Final = """
type Inner struct {
	small int8
	text  string
}

type Pale struct {
	flag bool
	pale complex64
}

type Box[V any] struct {
	small int8
	value V
}

type Pair[K comparable, V any] struct {
	key   K
	value V
}

type Shape interface{ Area() int64 }

type Mixed struct {
	flag   bool
	wide   int64
	pale   complex64
	deep   complex128
	inner  Inner
	inners [3]Inner
	grid   [2][3]uint16
	none   [0]int64
	box    Box[int16]
	pair   Pair[string, *Inner]
	boxes  [2]Box[Box[bool]]
	shape  Shape
	any    any
	counts map[string]Inner
	queue  chan int
	call   func(int) string
	list   []Inner
	next   *Mixed
	float  float32
	last   struct{}
}
"""
FIELDS: Final = {
    "Inner": ("small", "text"),
    "Pale": ("flag", "pale"),
    "Box[int16]": ("small", "value"),
    "Box[Box[bool]]": ("small", "value"),
    "Pair[string,*Inner]": ("key", "value"),
    "Mixed": tuple(
        line.split()[0] for line in TYPES.partition("type Mixed struct {\n")[2].splitlines() if line.startswith("\t")
    ),
}
"""By type, as Go writes it."""
ARCHS: Final = ("amd64", "386", "arm64", "mips", "s390x")
"""Both word sizes and both byte orders."""
_GDB: Final = """
import gdb, json
found = {}
def size(type):
    # A func value is a pointer; gdb takes its type for that of code, whose size is 1.
    bare = type.strip_typedefs()
    return (bare.pointer() if bare.code == gdb.TYPE_CODE_FUNC else bare).sizeof
for name in json.loads(%r):
    type = gdb.lookup_type(name).strip_typedefs()
    fields = [[one.name, one.bitpos // 8, size(one.type)] for one in type.fields()]
    found[name] = [type.sizeof, fields]
print(json.dumps(found))
"""
Shape = tuple[int, list[tuple[str, int, int]]]
"""A size, and the name, offset and size of each field."""


def dwarf_name(name: str) -> str:
    """As the linker writes a type of the program: every name in it with its package."""
    for own in ("Inner", "Pale", "Box", "Pair", "Mixed"):
        name = name.replace(own, f"main.{own}")
    return name


def program() -> bytes:
    """The types, and what the compiler says of them: for each its size and alignment, and each field's place."""
    facts = []
    for number, fields in enumerate(FIELDS.values()):
        facts += [f"unsafe.Sizeof(zero{number})", f"unsafe.Alignof(zero{number})"]
        for field in fields:
            facts += [f"unsafe.Offsetof(zero{number}.{field})", f"unsafe.Sizeof(zero{number}.{field})"]
    zeros = "".join(f"var zero{number} {name}\n" for number, name in enumerate(FIELDS))
    kept = ", ".join(f"&zero{number}" for number in range(len(FIELDS)))
    params = ", ".join(f"_ *{name}" for name in FIELDS)
    listed = "".join(f"\tuint32({fact}),\n" for fact in facts)
    return (
        f'package main\n\nimport "unsafe"\n{TYPES}\n{zeros}\nvar facts = [...]uint32{{\n{listed}}}\n\n'
        f"//go:noinline\nfunc keep(_ *[{len(facts)}]uint32, {params}) {{}}\n\n"
        f"func main() {{ keep(&facts, {kept}) }}\n"
    ).encode()


@dataclass
class Built:
    """The program for one processor."""

    arch: str
    elf: bytes
    types: Types

    def read(self, name: str) -> Shape:
        known = self.types.layout(name)
        return known.size, [(field.name, field.offset, field.size) for field in known.fields]


@pytest.fixture(scope="module", params=ARCHS)
def built(request: pytest.FixtureRequest, local_engine: LocalEngine) -> Iterator[Built]:
    local_engine.prepare([wanted(NEWEST)], silent)
    with local_engine.open(pinned(NEWEST), 300) as bench:
        found = packages.build(bench, {"main.go": program()}, arch=request.param)
        assert found.refused == ""
        elf = bench.get(found.binary)
    yield Built(request.param, elf, dwarf_types.read(elf, "program"))


def compiled_facts(elf: bytes, many: int) -> list[int]:
    """The numbers in the program's data: found by the symbol's address, without DWARF."""
    file = ELFFile(io.BytesIO(elf))
    table = file.get_section_by_name(".symtab")
    assert isinstance(table, SymbolTableSection)
    (symbol,) = table.get_symbol_by_name("main.facts") or []
    section = file.get_section(symbol["st_shndx"])
    start = symbol["st_value"] - section["sh_addr"]
    data = section.data()[start : start + 4 * many]
    return [
        int.from_bytes(data[at : at + 4], "little" if file.little_endian else "big") for at in range(0, len(data), 4)
    ]


def test_types_are_as_the_compiler_lays_them_out(built: Built) -> None:
    facts = iter(compiled_facts(built.elf, sum(2 + 2 * len(fields) for fields in FIELDS.values())))
    for name, fields in FIELDS.items():
        size, align = next(facts), next(facts)
        places = [(field, next(facts), next(facts)) for field in fields]
        assert built.read(dwarf_name(name)) == (size, places), name
        assert built.types.layout(dwarf_name(name)).align == align, name
    assert list(facts) == []


def test_the_words_of_processors_differ(built: Built) -> None:
    """So that the test above cannot pass by one and the same table: where `wide` lies depends on the word."""
    word = {"386": 4, "mips": 4}.get(built.arch, 8)
    assert built.types.word == word
    wide = built.types.layout("main.Mixed").field("wide")
    assert wide is not None
    assert wide.offset == word


def test_types_are_as_gdb_reads_them(built: Built, tmp_path: Path) -> None:
    """Of the program, and of the runtime: structs in structs, arrays, maps' groups, interfaces, channels."""
    gdb = shutil.which("gdb-multiarch") or (shutil.which("gdb") if built.arch == "amd64" else None)
    if gdb is None:
        pytest.skip(f"no gdb here reads {built.arch}: apt-get install gdb-multiarch")
    (tmp_path / "program").write_bytes(built.elf)
    names = [*map(dwarf_name, FIELDS), "runtime.g", "runtime.m", "runtime.p", "runtime.mheap", "runtime.hchan"]
    names += ["internal/runtime/maps.Map", "noalg.map.group[string]main.Inner", "runtime.iface", "internal/abi.Type"]
    (tmp_path / "ask.py").write_text(_GDB % json.dumps(names))
    done = subprocess.run(
        [gdb, "-nx", "-nh", "-batch", "-iex", "set auto-load off", "program", "-x", "ask.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout, done.stderr
    witnessed = json.loads(done.stdout.splitlines()[-1])
    for name in names:
        size, fields = witnessed[name]
        assert built.read(name) == (size, [tuple(field) for field in fields]), name


def test_parts_tile_the_type_but_for_padding(built: Built) -> None:
    """Each lies behind the one before it, within the whole, and arrays of structs come out element by element."""
    known = built.types.layout("main.Mixed", parts=True)
    end = 0
    for part in known.parts:
        assert part.offset >= end
        end = part.offset + part.size
    assert end <= known.size
    paths = {part.path: part for part in known.parts}
    inners = known.field("inners")
    assert inners is not None
    assert (inners.element, inners.count) == ("main.Inner", 3)
    stride = inners.size // 3
    assert [paths[f"inners[{at}].text.str"].offset - inners.offset for at in range(3)] == [
        at * stride + built.types.word for at in range(3)
    ]
    assert {"grid[1][2]", "boxes[1].value.value", "pair.value", "shape.tab", "any.data"} <= set(paths)


def test_a_pointer_is_a_word_of_the_processor(built: Built) -> None:
    known = built.types.layout("main.Mixed", parts=True)
    pointers = {part.path for part in known.parts if part.kind == "pointer"}
    assert {"counts", "queue", "call", "next", "list.array", "pair.value"} <= pointers
    assert known.pointer_words() == [part.offset // built.types.word for part in known.parts if part.path in pointers]


def test_a_name_that_no_type_has_is_absent(built: Built) -> None:
    """`facts` is a variable, `keep` a function, the end of a type's name is no name, nor is nothing."""
    for name in ("main.facts", "main.keep", "ain.Mixed", "Mixed", ""):
        assert not built.types.layout(name).present, name


def test_names_are_those_that_are_found(built: Built) -> None:
    names = built.types.names()
    assert names == sorted(set(names))
    assert {dwarf_name(name) for name in FIELDS} <= set(names)
    assert all(built.types.layout(name).present for name in names if name.startswith("main."))


def test_what_is_no_elf_file_is_said() -> None:
    with pytest.raises(LabBroken, match="the binary program is no ELF file"):
        dwarf_types.read(b"#!/bin/sh\n", "program")


def test_a_binary_without_dwarf_is_said(local_engine: LocalEngine) -> None:
    with local_engine.open(pinned(NEWEST), 300) as bench:
        stripped = ["go", "build", "-ldflags=-w", "-o", "bare", "bare.go"]
        bench.put({"bare.go": b"package main\n\nfunc main() {}\n"})
        bench.run(stripped, step="build", timeout_s=200).or_broken("it does not build")
        types = dwarf_types.read(bench.get("bare"), "bare")
    with pytest.raises(LabBroken, match="the binary bare has no DWARF"):
        types.layout("runtime.g")
