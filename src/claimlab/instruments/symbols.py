"""A binary's ELF symbol table as data: where its functions and variables lie."""

import io
import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments.gobuild import Binary
from claimlab.project.errors import LabBroken

Kind = Literal["function", "object", "other"]

_ROW: Final = struct.Struct("<IBBHQQ")
"""Elf64_Sym: name, info, other, section index, value, size (elf(5)). Every processor we build for is little-endian."""
_KINDS: Final[dict[int, Kind]] = {1: "object", 2: "function"}
_UNDEFINED: Final = 0


class Symbol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name and the addresses it stands for."""

    name: str
    address: int
    size: int
    kind: Kind


@dataclass(frozen=True)
class Symbols:
    """All symbols of one binary, by address: some thousands, so an observation holds the few that matter."""

    all: Sequence[Symbol]

    def find(self, name: str) -> Symbol | None:
        """The symbol of exactly that name; with several of them, the one at the lowest address."""
        return self._by_name.get(name)

    def matching(self, prefix: str) -> list[Symbol]:
        """The symbols whose names begin so."""
        return [symbol for symbol in self.all if symbol.name.startswith(prefix)]

    def containing(self, address: int) -> Symbol | None:
        """The symbol that has this address among its bytes."""
        place = bisect_right(self._starts, address) - 1
        if place < 0:
            return None
        found = self._sized[place]
        return found if address < found.address + found.size else None

    def name_of(self, address: int) -> str:
        """``runtime.writeBarrier`` or ``runtime.writeBarrier+0x4``; empty where no symbol has the address."""
        symbol = self.containing(address)
        if symbol is None:
            return ""
        return symbol.name if address == symbol.address else f"{symbol.name}+{address - symbol.address:#x}"

    @cached_property
    def _by_name(self) -> dict[str, Symbol]:
        return {symbol.name: symbol for symbol in reversed(self.all)}

    @cached_property
    def _sized(self) -> list[Symbol]:
        return [symbol for symbol in self.all if symbol.size]

    @cached_property
    def _starts(self) -> list[int]:
        return [symbol.address for symbol in self._sized]


def table(bench: Bench, binary: Binary) -> Symbols:
    """The symbols of a binary on the bench."""
    return read(bench.get(binary.name), binary.name)


def read(elf: bytes, name: str) -> Symbols:
    """The symbols of a 64-bit ELF file; :class:`LabBroken` if it has none.

    Type descriptors and string constants have none of their own: Go's linker writes a symbol for a range of them
    (cmd/link/internal/ld/symtab.go).
    """
    from elftools.elf.elffile import ELFFile
    from elftools.elf.sections import SymbolTableSection

    section = ELFFile(io.BytesIO(elf)).get_section_by_name(".symtab")
    if not isinstance(section, SymbolTableSection):
        raise LabBroken(f"the binary {name} has no symbol table")
    strings = section.stringtable.data()
    found = [
        Symbol(_text(strings, start), address, size, _KINDS.get(info & 0xF, "other"))
        for start, info, _, index, address, size in _ROW.iter_unpack(section.data())
        if start and index != _UNDEFINED
    ]
    return Symbols(sorted(found, key=lambda symbol: (symbol.address, symbol.size, symbol.name)))


def _text(strings: bytes, start: int) -> str:
    return strings[start : strings.index(0, start)].decode()
