"""Arguments followed through code that was assembled by GNU as or by Go, and against what gdb saw at run time."""

import sys
from typing import Any

import pytest

from claimlab import Architecture, Function, kept, machine_code

LAB = kept(__file__)
FLOW = sys.modules[LAB.judges["3.1-h"].decide.__module__.rpartition(".")[0] + ".flow"]
BARRIER = "runtime.gcWriteBarrier2"


def uses(code: str, names: list[str], architecture: Architecture = "amd64", called: str = "far.away") -> list[Any]:
    """As pairs of access and place, with the calls' targets."""
    read = machine_code.decode(architecture, bytes.fromhex(code.replace(" ", "")), 0x1000, lambda _: called)
    found: list[Any] = FLOW.uses(Function("f", 0x1000, architecture, read), names)
    return found


def pairs(found: list[Any]) -> list[tuple[str, str]]:
    return [(use.access, use.where) for use in found]


def test_a_copy_and_an_address_that_is_added_to_are_followed() -> None:
    # mov rcx,rax; mov rdx,[rcx]; lea rcx,[rcx+8]; add rcx,8; mov rdx,[rcx+8]; ret
    found = uses("4889c1 488b11 488d4908 4883c108 488b5108 c3", ["m"])
    assert pairs(found) == [("r", "m"), ("r", "m+24")]


def test_what_paths_do_not_agree_on_is_unknown() -> None:
    # test rbx,rbx; je 1f; lea rax,[rbx+8]; 1: mov rcx,[rax]; ret
    assert uses("4885db 7404 488d4308 488b08 c3", ["a", "b"]) == []


def test_what_paths_agree_on_is_known_and_a_way_around_is_seen() -> None:
    # test rbx,rbx; je 1f; mov rdx,[rax+8]; 1: mov rcx,[rax]; ret
    found = uses("4885db 7404 488b5008 488b08 c3", ["a"])
    assert [(use.where, use.always) for use in found] == [("a+8", False), ("a", True)]


def test_a_loop_that_moves_a_pointer_leaves_it_unknown() -> None:
    # 0: test rbx,rbx; je 1f; xchg [rax],rbx; ret; 1: add rax,8; mov ecx,[rax]; jmp 0b
    assert uses("4885db 7404 488718 c3 4883c008 8b08 ebef", ["a"]) == []


def test_the_stack_keeps_what_a_call_does_not() -> None:
    # push rbp; mov rbp,rsp; sub rsp,16; mov [rsp+32],rax; call; mov rdx,[rax]; mov rcx,[rsp+32]; mov rdx,[rcx+8];
    # lea rax,[rcx+16]; call; add rsp,16; pop rbp; ret
    code = "55 4889e5 4883ec10 4889442420 e800100000 488b10 488b4c2420 488b5108 488d4110 e800200000 4883c410 5d c3"
    found = uses(code, ["m"])
    assert pairs(found) == [("call", "m"), ("r", "m+8"), ("call", "m+16")]
    assert {use.target for use in found} == {"", "far.away"}


@pytest.mark.parametrize(("called", "kept"), [(BARRIER, [("r", "b")]), ("far.away", [])])
def test_the_write_barrier_alone_leaves_registers_as_they_are(called: str, kept: list[tuple[str, str]]) -> None:
    # call; mov rax,[rbx]; ret
    assert pairs(uses("e800100000 488b03 c3", ["a", "b"], called=called))[1:] == kept


def test_registers_that_are_written_otherwise_are_unknown() -> None:
    # mov rcx,rax; mov ecx,1; mov rdx,[rcx]; xor eax,eax; mov rcx,[rax]; ret
    assert uses("4889c1 b901000000 488b11 31c0 488b08 c3", ["a"]) == []


def test_a_compare_and_exchange_writes_rax_without_naming_it() -> None:
    # lock cmpxchg [rbx],rcx; mov rdx,[rax]; ret
    found = uses("f0480fb10b 488b10 c3", ["a", "b"])
    assert [(use.access, use.where, use.atomic) for use in found] == [("rw", "b", True)]


def test_an_index_makes_the_place_unknown() -> None:
    # mov rcx,[rax+rdx*8]; ret
    assert uses("488b0cd0 c3", ["a"]) == []


def test_arm64s_stack_and_calls() -> None:
    """main.atomically as Go 1.23.9 compiled it: its second argument lies on the stack across the call."""
    code = (
        "900b40f9 ff6330eb 89010054 fe0f1ef8 fd831ff8 fd2300d1 e11b00f9 e10302aa a0caff97 e21b40f9 40fcdfc8 fdfb7fa9"
        "ff830091 c0035fd6 e00700f9 e10b00f9 e20f00f9 e3031eaa 8ee7ff97 e00740f9 e10b40f9 e20f40f9 eaffff17"
    )
    found = uses(code, ["mine", "other"], "arm64", "sync/atomic.StorePointer")
    assert [(use.access, use.where, use.mnemonic, use.always) for use in found] == [
        ("call", "mine", "bl", True),
        ("r", "other", "ldar", True),
        ("call", "mine", "bl", False),  # for a larger stack
    ]


def test_arm64s_plain_store_and_load() -> None:
    """main.plainly as Go 1.27.3 compiled it."""
    code = (
        "900b40f9 ff6330eb e9010054 fe0f1ff8 fd831ff8 fd2300d1 bb060090 636340b9 83000034 030040f9 36f2ff97 220f00a9"
        "020000f9 200040f9 fd835ff8 fe0741f8 c0035fd6 e08700a9 e20f00f9 e3031eaa a8eaff97 e08740a9 e20f40f9 e9ffff17"
    )
    found = uses(code, ["mine", "other"], "arm64", BARRIER)
    assert [(use.access, use.where, use.mnemonic) for use in found if use.always] == [
        ("w", "mine", "str"),
        ("r", "other", "ldr"),
    ]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("eax", "rax"),
        ("al", "rax"),
        ("sil", "rsi"),
        ("r8d", "r8"),
        ("ebp", "rbp"),
        ("w3", "x3"),
        ("x30", "x30"),
        ("sp", "sp"),
    ],
)
def test_parts_of_a_register_count_as_the_register(part: str, whole: str) -> None:
    assert FLOW.family(part) == whole


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_gdb_saw_no_access_that_the_code_does_not_show(toolchain: str) -> None:
    """The oracle: debug registers on the very words, in a process of the same binary."""
    seen = LAB.seen(toolchain)
    (amd64,) = [code for code in seen.code if code.architecture == "amd64"]
    behind = [use.address for use in amd64.store_pointer]
    for word, known in {
        "plain": amd64.pairs["main.plainly"],
        "word": amd64.pairs["main.atomically"],
        "read": amd64.read,
    }.items():
        addresses = {use.address for use in known} | set(behind)
        own = [touch for touch in seen.touches[word] if not touch.instruction.startswith("test")]
        assert {touch.instruction_address for touch in own} <= addresses
        assert own or (word == "read" and not seen.has_read)
