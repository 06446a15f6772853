"""Functions of a binary as data: their instructions, with the symbols and source lines these belong to.

The ELF file is read with pyelftools and decoded with capstone, outside the bench: for amd64 and for arm64.
"""

import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import symbols
from claimlab.instruments.gobuild import Binary
from claimlab.instruments.machine_code import Architecture, Instruction, decode
from claimlab.instruments.symbols import Symbol
from claimlab.project.errors import LabBroken

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile

_ARCHITECTURES: Final[dict[str, Architecture]] = {"EM_X86_64": "amd64", "EM_AARCH64": "arm64"}
_SET_ADDRESS: Final = b"\x00\x09\x02"
"""The extended operation DW_LNE_set_address with its eight-byte operand (DWARF 5, 6.2.5.3)."""


class Function(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One function's machine code."""

    name: str
    address: int | None
    """None where the binary has no such function."""
    architecture: Architecture
    instructions: list[Instruction]

    @property
    def present(self) -> bool:
        return self.address is not None

    def targets(self) -> list[str]:
        """The functions that it calls or jumps to directly, in order of address, each once."""
        return list(dict.fromkeys(one.target for one in self.instructions if one.target))

    def at(self, address: int) -> Instruction | None:
        return next((one for one in self.instructions if one.address == address), None)

    def around(self, address: int, before: int = 3, after: int = 3) -> str:
        """A listing of the instructions around an address, which an arrow points to."""
        place = next((index for index, one in enumerate(self.instructions) if one.address == address), None)
        if place is None:
            return ""
        shown = self.instructions[max(0, place - before) : place + after + 1]
        return listing(shown, [address])


def listing(instructions: Iterable[Instruction], pointed: Sequence[int] = ()) -> str:
    """One instruction a line; an arrow at the ones that count."""
    return "\n".join(f"{'=>' if one.address in pointed else '  '} {one}" for one in instructions)


def functions(bench: Bench, binary: Binary, names: Sequence[str]) -> list[Function]:
    """The functions of these names (as nm writes them), in this order; one that is absent has no address."""
    return read(bench.get(binary.name), binary.name, names)


def read(elf: bytes, file_name: str, names: Sequence[str]) -> list[Function]:
    """The functions of these names in an ELF file."""
    from elftools.elf.elffile import ELFFile

    file = ELFFile(io.BytesIO(elf))
    machine = file["e_machine"]
    if machine not in _ARCHITECTURES:
        raise LabBroken(f"the binary {file_name} is for {machine}, which is not read")
    architecture = _ARCHITECTURES[machine]
    known = symbols.read(elf, file_name)
    lines = _Lines(file, {symbol.address for symbol in known.all if symbol.kind == "function"})
    found = []
    for name in names:
        symbol = known.find(name)
        if symbol is None or symbol.kind != "function":
            found.append(Function(name, None, architecture, []))
            continue
        plain = decode(architecture, _code(file, symbol), symbol.address, known.name_of)
        found.append(Function(name, symbol.address, architecture, lines.placed(plain)))
    return found


def _code(file: "ELFFile", symbol: Symbol) -> bytes:
    for segment in file.iter_segments("PT_LOAD"):
        start = symbol.address - segment["p_vaddr"]
        if 0 <= start < segment["p_filesz"]:
            code: bytes = segment.data()[start : start + symbol.size]
            return code
    raise LabBroken(f"the code of {symbol.name} lies in no segment of the binary")


@dataclass(frozen=True)
class _Rows:
    """A function's part of a line table."""

    addresses: list[int]
    places: list[tuple[str, int]]

    def at(self, address: int) -> tuple[str, int]:
        index = bisect_right(self.addresses, address) - 1
        return self.places[index] if index >= 0 else ("", 0)


@dataclass(frozen=True)
class _Lines:
    """The DWARF line table, read one function at a time.

    The runtime's has a hundred thousand rows: two seconds. Go's compiler writes each function's rows as a sequence of
    its own, which begins with the function's address (generateDebugLinesSymbol in cmd/internal/obj/dwarf.go), so the
    few that are asked for can be found.
    """

    file: "ELFFile"
    starts: set[int]
    """The addresses of all functions."""

    def placed(self, instructions: list[Instruction]) -> list[Instruction]:
        """The same instructions with their source lines; without, if the table has none for them."""
        rows = self._rows(instructions[0].address) if instructions else None
        if rows is None:
            return instructions
        put = msgspec.structs.replace
        places = [rows.at(one.address) for one in instructions]
        return [put(one, file=file, line=line) for one, (file, line) in zip(instructions, places, strict=True)]

    @cached_property
    def _dwarf(self) -> Any:
        return self.file.get_dwarf_info()

    @cached_property
    def _units(self) -> dict[int, Any]:
        """The compilation units by the offset of their line program in .debug_line."""
        offsets = [(unit.get_top_DIE().attributes.get("DW_AT_stmt_list"), unit) for unit in self._dwarf.iter_CUs()]
        return {offset.value: unit for offset, unit in offsets if offset is not None}

    @cached_property
    def _offsets(self) -> list[int]:
        return sorted(self._units)

    @cached_property
    def _programs(self) -> dict[int, Any]:
        """The line programs whose headers have been read."""
        return {}

    def _program(self, offset: int) -> Any:
        if offset not in self._programs:
            self._programs[offset] = self._dwarf.line_program_for_CU(self._units[offset])
        return self._programs[offset]

    @cached_property
    def _table(self) -> bytes:
        section = self._dwarf.debug_line_sec
        return bytes(section.stream.getvalue()) if section else b""

    def _rows(self, address: int) -> _Rows | None:
        from elftools.dwarf.lineprogram import LineProgram

        start = self._table.find(_SET_ADDRESS + address.to_bytes(8, "little"))
        if start < 0:
            return None
        whole = self._program(self._offsets[bisect_right(self._offsets, start) - 1])
        end = min(self._next_sequence(start), whole.program_end_offset)
        states = []
        for entry in LineProgram(whole.header, whole.stream, whole.structs, start, end).get_entries():
            if entry.state is not None:
                states.append(entry.state)
                if entry.state.end_sequence:
                    break
        places = [(_file_name(whole.header, state.file), state.line) for state in states]
        return _Rows([state.address for state in states], places)

    def _next_sequence(self, start: int) -> int:
        """Where the next function's rows begin."""
        following = re.compile(re.escape(_SET_ADDRESS) + b"(.{8})", re.DOTALL)
        for match in following.finditer(self._table, start + 1):
            if int.from_bytes(match[1], "little") in self.starts:
                return match.start()
        return len(self._table)


def _file_name(header: Any, number: int) -> str:
    """``runtime/map_fast32.go``: what a line table calls a file by number, which DWARF 5 counts from 0 (6.2.4)."""
    first = 0 if header.version >= 5 else 1
    file = header.file_entry[number - first]
    folders = header.include_directory if header.version >= 5 else [b"", *header.include_directory]
    name, folder = file.name.decode(), folders[file.dir_index].decode()
    return name if folder in ("", ".") else f"{folder}/{name}"
