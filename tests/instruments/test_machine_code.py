"""Single instructions, decoded from bytes whose meaning Intel's and Arm's manuals give."""

import pytest

from claimlab.instruments.machine_code import Architecture, Instruction, Operand, decode


def one_of(code: str, architecture: Architecture = "amd64") -> Instruction:
    (found,) = decode(architecture, bytes.fromhex(code), 0x1000, lambda address: f"at {address:#x}")
    return found


def little(word: int) -> str:
    return word.to_bytes(4, "little").hex()


@pytest.mark.parametrize(
    ("code", "text", "atomic"),
    [
        ("f0480fc101", "lock xadd qword ptr [rcx], rax", True),
        ("f0480fb10b", "lock cmpxchg qword ptr [rbx], rcx", True),
        ("f0830c2400", "lock or dword ptr [rsp], 0", True),
        ("488701", "xchg qword ptr [rcx], rax", True),
        ("4893", "xchg rbx, rax", False),
        ("480fc101", "xadd qword ptr [rcx], rax", False),
        ("f348ab", "rep stosq qword ptr [rdi], rax", False),
        ("f390", "pause", False),
        ("0faef0", "mfence", False),
    ],
)
def test_atomic_on_amd64(code: str, text: str, atomic: bool) -> None:
    found = one_of(code)
    assert (found.text, found.atomic) == (text, atomic)


@pytest.mark.parametrize(
    ("word", "mnemonic", "atomic", "access"),
    [
        # Arm ARM (DDI 0487), C6.2: LDAXR, STLXR, LDADDAL, CASAL, SWPAL, LDAR, STLR; then LDR, STR and LDP.
        (0xC85FFC20, "ldaxr", True, "r"),
        (0xC803FC22, "stlxr", True, "w"),
        (0xF8E00022, "ldaddal", True, "rw"),
        (0xC8E0FC22, "casal", True, "rw"),
        (0xF8E08022, "swpal", True, "rw"),
        (0xC8DFFC20, "ldar", True, "r"),
        (0xC89FFC20, "stlr", True, "w"),
        (0xF9400420, "ldr", False, "r"),
        (0xF9000420, "str", False, "w"),
        (0xA9400820, "ldp", False, "r"),
    ],
)
def test_atomic_on_arm64(word: int, mnemonic: str, atomic: bool, access: str) -> None:
    found = one_of(little(word), "arm64")
    assert (found.mnemonic, found.atomic) == (mnemonic, atomic)
    assert found.memory is not None
    assert (found.memory.base, found.memory.access) == ("x1", access)


@pytest.mark.parametrize(
    ("code", "operands"),
    [
        (
            "488b5810",
            [
                Operand("register", "rbx", size=8, access="w"),
                Operand("memory", base="rax", displacement=16, size=8, access="r"),
            ],
        ),
        ("4883c320", [Operand("register", "rbx", size=8, access="rw"), Operand("immediate", immediate=32, size=8)]),
    ],
)
def test_operands(code: str, operands: list[Operand]) -> None:
    assert one_of(code).operands == operands


def test_an_address_that_is_only_computed_is_not_accessed() -> None:
    lea = one_of("4c8d4020")
    assert lea.text == "lea r8, [rax + 0x20]"
    assert lea.memory == Operand("memory", base="rax", displacement=32, size=8)
    assert lea.destination == "r8"


def test_index_scale_and_segment() -> None:
    assert one_of("8b54c810").memory == Operand("memory", "", 0, "rax", "rcx", 8, 16, "", 4, "r")
    thread = one_of("64488b0c25f8ffffff").memory
    assert thread == Operand("memory", displacement=-8, segment="fs", size=8, access="r")
    arm = one_of(little(0xF8637820), "arm64").memory  # LDR X0, [X1, X3, LSL #3]
    assert arm == Operand("memory", base="x1", index="x3", scale=8, access="r")


def test_a_jump_within_the_function_has_no_target_and_one_out_of_it_has() -> None:
    code = bytes.fromhex("7400e8f9ffffffe900010000ffd1")
    inside, call, outside, indirect = decode("amd64", code, 0x1000, lambda address: f"at {address:#x}")
    assert [one.target for one in (inside, call, outside, indirect)] == ["", "", "at 0x110c", ""]
    assert inside.operands[0].immediate == 0x1002


def test_what_is_relative_to_the_program_counter_is_named() -> None:
    assert one_of("833d1122330000").refers == "at 0x333218"
    pair = bytes.fromhex(little(0xB0000001) + little(0x9117A021))  # ADRP X1, #0x2000; ADD X1, X1, #0x5e8
    assert [one.refers for one in decode("arm64", pair, 0x1000, lambda at: f"at {at:#x}")] == ["", "at 0x25e8"]


def test_bytes_that_are_no_instruction_are_kept() -> None:
    found = decode("amd64", bytes.fromhex("06c3"), 0x1000, lambda _: "")
    assert [(one.mnemonic, one.address, one.size) for one in found] == [(".byte", 0x1000, 1), ("ret", 0x1001, 1)]
