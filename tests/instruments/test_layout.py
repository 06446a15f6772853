"""Layouts against independent witnesses: pyelftools' reading of the DWARF, Go's reflect, and shapes known by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import msgspec
import pytest
from elftools.dwarf.die import DIE
from elftools.elf.elffile import ELFFile
from tests.bench_fixtures import RESOURCES, VARIANT, bench_at, places
from tests.ours import TOOLCHAINS

from claimlab.benches.bench import Bench
from claimlab.instruments import layout, processes
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.layout import PointerLayout, TypeLayout, Wanted
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

SOURCE: Final = {"main.go": (RESOURCES / "laid_out.go").read_bytes()}
PREFIXES: Final = ("runtime.", "sync.", "internal/", "main.", "reflect.", "bucket<", "noalg.map.", "hchan<", "string")
VALUES: Final = 18
MAPS: Final = ("ints", "pointers", "numbers", "tiny")
BASIC: Final = {
    "int": ("integer", 8, 8),
    "int8": ("integer", 1, 1),
    "float64": ("float", 8, 8),
    "complex128": ("complex", 16, 8),
    "bool": ("boolean", 1, 1),
    "uintptr": ("integer", 8, 8),
    "string": ("struct", 16, 8),
    "[]uint8": ("struct", 24, 8),
    "error": ("struct", 16, 8),
    "func()": ("pointer", 8, 8),
}
OURS: Final = ("main.mixed", "main.plain", "main.unsafePointers")
BLOCKS: Final = {"Bucket": "bucket<string,{}>", "Group": "noalg.map.group[string]{}"}
ABSENT: Final = ("main.nosuch", "main.values")
"""The second is a variable, and no type."""
NAMES: Final = [*BASIC, *OURS, *ABSENT, *(name.format(value) for name in BLOCKS.values() for value in ("int", "*int"))]
PLACES: Final = places(*(one.name for one in TOOLCHAINS if not one.variant or one.name == VARIANT))
newest_only = pytest.mark.parametrize("laid", [PLACES[-1], PLACES[-2]], indirect=True)


class Reflected(msgspec.Struct, forbid_unknown_fields=True):
    """What the program says of one of its values' types."""

    Name: str
    Size: int
    Align: int
    Words: list[int]
    Heads: list[int]


@dataclass
class Laid:
    """A program on a bench, with what the instrument and the witnesses say of its types."""

    bench: Bench
    binary: Binary
    witnessed: dict[str, DIE]
    reflected: list[Reflected]
    types: dict[str, TypeLayout]
    described: dict[str, PointerLayout]


@pytest.fixture(scope="module", params=PLACES)
def laid(request: pytest.FixtureRequest) -> Iterator[Laid]:
    with bench_at(request) as bench:
        binary = build(bench, SOURCE)
        ran = processes.once(bench, [f"./{binary.name}"], gomaxprocs=1)
        wanted = [Wanted(f"value {number}", f"'main.values'.array[{number}]") for number in range(VALUES)]
        wanted += [Wanted(name, f"'main.maps'.array[{number}]", True) for number, name in enumerate(MAPS)]
        wanted += [Wanted("a map itself", "'main.maps'.array[0]"), Wanted("by address", "'main.maps'.array[0]._type")]
        wanted += [Wanted("nil", "'main.nothing'"), Wanted("no such name", "'main.nosuch'")]
        described = layout.pointers(bench, binary, wanted, at="main.hold", gomaxprocs=1)
        yield Laid(
            bench,
            binary,
            structs_by_pyelftools(bench.get(binary.name)),
            msgspec.json.decode(ran.stdout, type=list[Reflected]),
            {one.name: one for one in layout.types(bench, binary, NAMES, parts=True)},
            {one.label: one for one in described},
        )


# --- pyelftools --------------------------------------------------------------------------------------------


def structs_by_pyelftools(binary: bytes) -> dict[str, DIE]:
    """Every struct type, by name. The linker puts all types under one of the units named runtime."""
    for unit in ELFFile(BytesIO(binary)).get_dwarf_info().iter_CUs():
        if text(unit.get_top_DIE(), "DW_AT_name") == "runtime":
            found = [die for die in unit.get_top_DIE().iter_children() if die.tag == "DW_TAG_structure_type"]
            if found:
                return {text(die, "DW_AT_name"): die for die in found}
    raise AssertionError("no unit has types")


def text(die: DIE, attribute: str) -> str:
    value: bytes = die.attributes[attribute].value
    return value.decode()


def bare(die: DIE) -> DIE:
    while die.tag == "DW_TAG_typedef":
        die = die.get_DIE_from_attribute("DW_AT_type")
    return die


def size_of(die: DIE) -> int:
    known = bare(die)
    if known.tag in {"DW_TAG_pointer_type", "DW_TAG_subroutine_type"}:
        return 8
    size: int = known.attributes["DW_AT_byte_size"].value
    return size


def count_of(die: DIE) -> int:
    """Of an array; 0 for anything else."""
    known = bare(die)
    if known.tag != "DW_TAG_array_type":
        return 0
    count: int = next(child.attributes["DW_AT_count"].value for child in known.iter_children())
    return count


Shape = tuple[int, list[tuple[str, int, int, int]]]


def shape_by_pyelftools(die: DIE) -> Shape:
    fields = []
    for member in die.iter_children():
        known = member.get_DIE_from_attribute("DW_AT_type")
        offset = member.attributes["DW_AT_data_member_location"].value
        fields.append((text(member, "DW_AT_name"), offset, size_of(known), count_of(known)))
    return size_of(die), fields


def shape_by_gdb(known: TypeLayout) -> Shape:
    return known.size, [(field.name, field.offset, field.size, field.count) for field in known.fields]


def test_every_struct_is_laid_out_as_pyelftools_reads_it(laid: Laid) -> None:
    names = [name for name in laid.witnessed if name.startswith(PREFIXES)]
    assert len(names) > 250
    found = layout.types(laid.bench, laid.binary, names)
    assert [one.name for one in found if not one.present] == []
    differ = [
        (one.name, shape_by_gdb(one), witness)
        for one in found
        if shape_by_gdb(one) != (witness := shape_by_pyelftools(laid.witnessed[one.name]))
    ]
    assert differ == []


# --- types -------------------------------------------------------------------------------------------------


def test_absent_is_a_value(laid: Laid) -> None:
    for name in ABSENT:
        assert laid.types[name] == TypeLayout(name, False)


def test_basic_types_are_those_of_go(laid: Laid) -> None:
    found = {name: laid.types[name] for name in BASIC}
    assert {name: (one.kind, one.size, one.align) for name, one in found.items()} == BASIC


def test_a_struct_of_ours_is_laid_out_as_reflect_says(laid: Laid) -> None:
    by_name = {one.Name: one for one in laid.reflected}
    for name in OURS:
        known, witness = laid.types[name], by_name[name]
        assert (known.size, known.align) == (witness.Size, witness.Align)
        assert known.pointer_words() == sorted(witness.Words + witness.Heads)


def test_fields_say_what_they_are(laid: Laid) -> None:
    known = laid.types["main.mixed"]
    types = {field.name: (field.type, field.kind) for field in known.fields}
    assert types["p"] == ("*int", "pointer")
    assert types["m"] == ("map[string]int", "pointer")
    assert types["text"] == ("string", "struct")
    assert types["raw"] == ("uintptr", "integer")
    words = known.field("words")
    assert words is not None
    assert (words.element, words.count, words.kind, words.end - words.offset) == ("uint16", 3, "array", 6)
    assert known.field("nosuch") is None
    paths = [part.path for part in known.parts]
    assert {"words[2]", "text.str", "list.cap", "err.data", "pairs[1].p"} <= set(paths)
    assert [part.offset for part in known.parts] == sorted(part.offset for part in known.parts)


def test_pointers_and_arrays_have_names_of_their_own(laid: Laid) -> None:
    pointer, array = layout.types(laid.bench, laid.binary, ["*int", "[3]uint16"])
    assert (pointer.kind, pointer.size) == ("pointer", 8)
    assert (array.kind, array.element, array.count, array.size, array.align) == ("array", "uint16", 3, 6, 2)


# --- pointer masks -----------------------------------------------------------------------------------------


def test_masks_are_the_words_that_reflect_finds(laid: Laid) -> None:
    assert len(laid.reflected) == VALUES
    forms = set()
    for number, witness in enumerate(laid.reflected):
        found = laid.described[f"value {number}"]
        forms.add(found.form)
        assert (found.name, found.size, found.align) == (witness.Name, witness.Size, witness.Align)
        if found.name == "[20000]*int" and found.words is None:
            assert found.form == "on demand"  # nothing has asked for them
            continue
        assert found.words == witness.Words, found.name
        if found.form == "mask":
            assert found.ptr_bytes == 8 * (1 + witness.Words[-1])
    assert {"none", "mask"} < forms
    assert forms & {"program", "on demand"}


def test_shapes_known_by_hand(laid: Laid) -> None:
    assert laid.described["value 0"].words == [0]  # []byte: array, len, cap
    assert laid.described["value 1"].words == [0, 2]  # p *int; n int; q *int


def test_a_maps_memory_is_what_the_compiler_makes_of_it(laid: Laid) -> None:
    """cmd/compile/internal/reflectdata: MapBucketType, and MapGroupType since 1.24."""
    ints, pointers, numbers = (laid.described[name] for name in ("ints", "pointers", "numbers"))
    if ints.block == "Bucket":
        assert ints.words == [1, 3, 5, 7, 9, 11, 13, 15, 25]
        assert pointers.words == [1, 3, 5, 7, 9, 11, 13, 15, *range(17, 26)]
        assert [laid.described[name].size for name in MAPS] == [208, 208, 144, 32]
        assert ints.map_type["BucketSize"] == ints.size
    else:
        assert (ints.block, ints.name) == ("Group", "map.group[string]int")
        assert ints.words == [1 + 3 * slot for slot in range(8)]
        assert pointers.words == [word for slot in range(8) for word in (1 + 3 * slot, 3 + 3 * slot)]
        assert [laid.described[name].size for name in MAPS] == [200, 200, 136, 24]
        assert ints.map_type["GroupSize"] == ints.size
    assert (numbers.form, numbers.ptr_bytes, numbers.words) == ("none", 0, [])


def test_dwarf_and_mask_agree_on_a_maps_memory(laid: Laid) -> None:
    for name, value in (("ints", "int"), ("pointers", "*int")):
        described = laid.described[name]
        known = laid.types[BLOCKS[described.block].format(value)]
        assert known.size == described.size
        assert known.pointer_words() == described.words


def test_a_type_that_is_not_there_is_a_value(laid: Laid) -> None:
    for label in ("nil", "no such name"):
        assert laid.described[label] == PointerLayout(label, False)


def test_a_map_is_one_pointer_however_it_is_named(laid: Laid) -> None:
    one, other = laid.described["a map itself"], laid.described["by address"]
    assert (one.name, one.size, one.words, one.block) == ("map[string]int", 8, [0], "")
    assert msgspec.structs.replace(other, label=one.label) == one


@newest_only
def test_a_function_that_is_never_reached_breaks_the_lab(laid: Laid) -> None:
    for at, why in (("main.nosuch", "not defined"), ("runtime.fatal", "ended before it reached")):
        with pytest.raises(LabBroken, match=why):
            layout.pointers(laid.bench, laid.binary, [], at=at, gomaxprocs=1)
