"""Where do the module's data and the table of functions lie in a binary, and how large is what debuggers read?

The same program is linked as usual and as position independent; and, where the release can, with DWARF 4 again.
Sections, segments and relocations of the files are read.
"""

import io
from typing import Any, Final

import msgspec

from claimlab import Bench, Lab, LabBroken, gobuild

lab = Lab(asks={"zh": "模块数据和函数表位于二进制文件的何处？调试信息有多大？"})

MODULE: Final = "runtime.firstmoduledata"
TABLE: Final = "gopclntab"
OLD_DWARF: Final = "nodwarf5"
_DEBUG: Final = (".debug_", ".zdebug_")


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lies somewhere in a binary."""

    section: str
    in_relro: bool
    """It is written when the program is loaded, and protected then."""
    relocations: int
    """Within it."""


class Debug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a binary has for debuggers."""

    version: int
    """Of DWARF, in the first unit."""
    bytes: int
    """Of all its sections, as they are read."""
    stored: int
    """In the file, where they may be compressed."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    module: Part
    """The data of the module, in an ordinary executable."""
    module_pie: Part
    """The same in a position independent one."""
    text: Part
    """The code, in that."""
    data: Part
    """Data that are relocated, in that."""
    table: Part
    """The table of functions and lines, in that."""
    debug: Debug
    debug_old: Debug | None
    """None where the go command knows no such experiment."""


@lab.observe
def observe(bench: Bench) -> Seen:
    gobuild.put_module(bench, gobuild.lab_sources(bench), "parts")
    plain, pie = linked(bench, "plain"), linked(bench, "pie", "-buildmode=pie")
    names = [section.name for section in pie.iter_sections()]
    table = next((name for name in names if name.endswith(f".{TABLE}")), "")
    old = debug(linked(bench, "old", experiment=OLD_DWARF)) if gobuild.knows(bench, OLD_DWARF) else None
    return Seen(
        part(plain, section_of(plain)),
        part(pie, section_of(pie)),
        part(pie, ".text"),
        part(pie, ".data.rel.ro"),
        part(pie, table),
        debug(plain),
        old,
    )


def linked(bench: Bench, name: str, *options: str, experiment: str = "") -> Any:
    from elftools.elf.elffile import ELFFile

    program = gobuild.with_experiments(bench, "parts", experiment, options=options, as_name=name)
    return ELFFile(io.BytesIO(bench.get(program.name)))


def section_of(elf: Any) -> str:
    """The section that holds the module's data."""
    found = elf.get_section_by_name(".symtab").get_symbol_by_name(MODULE)
    if not found:
        raise LabBroken(f"the binary has no {MODULE}")
    return str(elf.get_section(found[0]["st_shndx"]).name)


def part(elf: Any, name: str) -> Part:
    section = elf.get_section_by_name(name)
    if section is None:
        raise LabBroken(f"the binary has no section {name}")
    low, high = section["sh_addr"], section["sh_addr"] + section["sh_size"]
    relro = [(one["p_vaddr"], one["p_vaddr"] + one["p_memsz"]) for one in elf.iter_segments("PT_GNU_RELRO")]
    rela = elf.get_section_by_name(".rela")
    offsets = [one["r_offset"] for one in rela.iter_relocations()] if rela else []
    inside = any(start <= low < end for start, end in relro)
    return Part(name, inside, sum(low <= offset < high for offset in offsets))


def debug(elf: Any) -> Debug:
    sections = [one for one in elf.iter_sections() if one.name.startswith(_DEBUG)]
    units = next(one for one in sections if one.name.endswith("debug_info"))
    version = int.from_bytes(units.data()[4:6], "little" if elf.little_endian else "big")
    return Debug(version, sum(one.data_size for one in sections), sum(one["sh_size"] for one in sections))
