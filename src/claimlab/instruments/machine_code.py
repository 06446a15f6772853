"""Machine code as data: what each instruction is, which registers and memory it names, and whether it is atomic.

capstone decodes. What it says of an operand's access is corrected where the manuals say otherwise.
"""

import re
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec

Architecture = Literal["amd64", "arm64"]
Access = Literal["", "r", "w", "rw"]

_PREFIXES: Final = {0xF0: "lock", 0xF2: "repne", 0xF3: "rep"}
_ACCESSES: Final[dict[int, Access]] = {1: "r", 2: "w", 3: "rw"}
_AMD64_ACCESS: Final[dict[str, Access]] = {"lea": "", "nop": "", "cmpxchg": "rw", "cmpxchg8b": "rw", "cmpxchg16b": "rw"}
"""Of the memory operand. LEA computes an address and reads nothing; CMPXCHG always ends with a write of the destination
(Intel SDM, volume 2A). capstone 5 says "read" of all these."""
_EXCLUSIVE_OR_ORDERED: Final = re.compile(r"(ld(a|ap|a?x)|st(l|l?x))(r[bh]?|p|ur[bh]?)")
_ONE_INSTRUCTION: Final = re.compile(
    r"(cas|swp|(ld|st)(add|clr|eor|set|[su]max|[su]min))(a|l|al)?[bh]?|casp(a|l|al)?",
)
"""Arm's names (Arm ARM, C3.2.6 and after): the exclusives, the ones with acquire or release order; and FEAT_LSE's."""


class Operand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One operand; a memory operand lies at segment:base + index × scale + displacement."""

    kind: Literal["register", "immediate", "memory"]
    register: str = ""
    immediate: int = 0
    """The target's address for a direct jump or call."""
    base: str = ""
    index: str = ""
    scale: int = 1
    displacement: int = 0
    segment: str = ""
    size: int = 0
    """In bytes; 0 where the decoder does not say (arm64)."""
    access: Access = ""
    """Empty for immediates, and for memory whose address alone is computed."""


class Instruction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One instruction, in Intel's syntax on amd64 and in Arm's on arm64."""

    address: int
    size: int
    mnemonic: str
    """Without prefixes; ``.byte`` for bytes that are no instruction."""
    text: str
    operands: list[Operand] = []
    prefixes: list[str] = []
    """``lock``, ``rep``, ``repne``."""
    target: str = ""
    """The symbol that a direct jump or call leads to, if it leaves the function."""
    refers: str = ""
    """The symbol that an address relative to the program counter means."""
    file: str = ""
    line: int = 0

    @property
    def atomic(self) -> bool:
        """It synchronises with other processors: a LOCK prefix or an XCHG with memory (which locks without one, Intel
        SDM volume 3A, 8.1.2.1); on arm64 an exclusive, an acquire or release, or one of FEAT_LSE."""
        if "lock" in self.prefixes or (self.mnemonic == "xchg" and self.memory is not None):
            return True
        # No instruction of amd64 has one of these names.
        return any(pattern.fullmatch(self.mnemonic) for pattern in (_EXCLUSIVE_OR_ORDERED, _ONE_INSTRUCTION))

    @property
    def memory(self) -> Operand | None:
        """The first memory operand."""
        return next((operand for operand in self.operands if operand.kind == "memory"), None)

    @property
    def destination(self) -> str:
        """The register it writes by its first operand, if any."""
        first = self.operands[0] if self.operands else None
        return first.register if first and first.kind == "register" and "w" in first.access else ""

    def __str__(self) -> str:
        meant = self.target or self.refers
        place = f"{self.file.rpartition('/')[2]}:{self.line}" if self.file else ""
        said = "  ".join(part for part in (f"<{meant}>" if meant else "", f"; {place}" if place else "") if part)
        return f"{self.address:#x}  {self.text:<44}{said}".rstrip()


def decode(architecture: Architecture, code: bytes, address: int, name_of: Callable[[int], str]) -> list[Instruction]:
    """Every byte of the code is in one of the instructions, in order; addresses are named by `name_of`."""
    capstone = _capstone()
    if architecture == "amd64":
        decoder = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    else:
        decoder = capstone.Cs(capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM)
    decoder.detail = True
    decoder.skipdata = True
    inside = range(address, address + len(code))
    found: list[Instruction] = []
    for one in decoder.disasm(code, address):
        operands, prefixes = [], []
        if one.id:  # 0 for bytes that are no instruction, which have no details
            operands = [_operand(architecture, one, operand) for operand in one.operands]
            prefixes = [_PREFIXES[one.prefix[0]]] if architecture == "amd64" and one.prefix[0] in _PREFIXES else []
        before = found[-1] if found else None
        found.append(
            Instruction(
                one.address,
                one.size,
                one.mnemonic.split()[-1],
                f"{one.mnemonic} {one.op_str}".strip(),
                operands,
                prefixes,
                target=_target(one, operands, inside, name_of),
                refers=_refers(one, operands, before, name_of),
            )
        )
    return found


def _capstone() -> Any:
    """The library, imported where something is decoded: most commands decode nothing."""
    import capstone  # type: ignore[import-untyped]

    return capstone


def _operand(architecture: Architecture, one: Any, operand: Any) -> Operand:
    capstone = _capstone()
    size = operand.size if architecture == "amd64" else 0
    access = _ACCESSES.get(operand.access, "")
    # The two kinds and memory have one number in either architecture; the rest (arm64's conditions, barriers and
    # floating-point constants) are constants to us.
    if operand.type == capstone.CS_OP_REG:
        return Operand("register", one.reg_name(operand.reg), size=size, access=access)
    if operand.type != capstone.CS_OP_MEM:
        return Operand("immediate", immediate=operand.imm if operand.type == capstone.CS_OP_IMM else 0, size=size)
    place = operand.mem
    scaled = place.scale if architecture == "amd64" else 1 << operand.shift.value
    return Operand(
        "memory",
        base=one.reg_name(place.base) or "",
        index=one.reg_name(place.index) or "",
        scale=scaled,
        displacement=place.disp,
        segment=(one.reg_name(place.segment) or "") if architecture == "amd64" else "",
        size=size,
        access=_AMD64_ACCESS.get(one.mnemonic.split()[-1], access)
        if architecture == "amd64"
        else _arm64_access(one.mnemonic),
    )


def _arm64_access(mnemonic: str) -> Access:
    """Of the memory operand: capstone 5 says "read" of stores too, and nothing of FEAT_LSE's."""
    if _ONE_INSTRUCTION.fullmatch(mnemonic):
        return "rw"
    if mnemonic.startswith("st"):
        return "w"
    return "r" if mnemonic.startswith("ld") else ""


def _target(one: Any, operands: list[Operand], inside: range, name_of: Callable[[int], str]) -> str:
    capstone = _capstone()
    direct = operands and operands[-1].kind == "immediate"
    jumps = one.id and (one.group(capstone.CS_GRP_JUMP) or one.group(capstone.CS_GRP_CALL))
    if not direct or not jumps or operands[-1].immediate in inside:
        return ""
    return name_of(operands[-1].immediate)


def _refers(one: Any, operands: list[Operand], before: Instruction | None, name_of: Callable[[int], str]) -> str:
    """amd64 has operands relative to RIP; arm64 adds the low twelve bits to ADRP's page in the next instruction."""
    for operand in operands:
        if operand.kind == "memory" and operand.base == "rip":
            return name_of(one.address + one.size + operand.displacement)
    if one.mnemonic == "adr":
        return name_of(operands[-1].immediate)
    if before is None or before.mnemonic != "adrp":
        return ""
    page = before.operands[-1].immediate
    memory = next((operand for operand in operands if operand.base == before.destination), None)
    if memory is not None:
        return name_of(page + memory.displacement)
    adds = one.mnemonic == "add" and len(operands) == 3 and operands[1].register == before.destination
    return name_of(page + operands[2].immediate) if adds else ""
