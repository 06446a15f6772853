"""The judges of mapassign-code on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Function, Instruction, Operand, Outcome, Touch, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
ASSIGN = "runtime.mapassign_fast64"


def with_function(seen: Any, name: str, **changes: Any) -> Any:
    return change(seen, functions=[change(one, **changes) if one.name == name else one for one in seen.functions])


def with_touches(seen: Any, touches: list[Touch]) -> Any:
    """The map's watched words were touched like this; what was watched of our own stays."""
    run = seen.watched.runs[0]
    at, assigned, done = run.stops
    stops = [at, change(assigned, touches=touches), done]
    return change(seen, watched=change(seen.watched, runs=[change(run, stops=stops)]))


def touched(label: str, address: int) -> Touch:
    return Touch(label, address + 3, "", address, ASSIGN, "", 0, [], 1, 1)


def register(name: str, access: Any = "w") -> Operand:
    return Operand("register", name, size=8, access=access)


LOAD = Instruction(
    1, 3, "mov", "mov rbx, qword ptr [rax]", [register("rbx"), Operand("memory", base="rax", size=8, access="r")]
)
ADD = Instruction(4, 4, "add", "add rbx, 0x20", [register("rbx", "rw"), Operand("immediate", immediate=32)])
LEA = Instruction(
    8, 4, "lea", "lea r8, [rax + 0x20]", [register("r8"), Operand("memory", base="rax", displacement=32, size=8)]
)


def read_through(base: str, displacement: int = 0, index: str = "") -> Instruction:
    memory = Operand("memory", base=base, displacement=displacement, index=index, size=8, access="r")
    return Instruction(20, 3, "mov", f"mov rcx, qword ptr [{base}]", [register("rcx"), memory])


def test_the_header_read_as_written_would_hold() -> None:
    seen = with_function(seen_on("1.23.9"), ASSIGN, instructions=[LOAD])
    assert ruling("2.1-a", with_touches(seen, [touched("buckets", 1)])).outcome is Outcome.HOLDS


def test_the_instruction_alone_is_not_enough() -> None:
    """It has to be the one that reads the field."""
    seen = seen_on("1.23.9")
    known = seen.function(ASSIGN).instructions
    assert ruling("2.1-a", with_function(seen, ASSIGN, instructions=[LOAD, *known])).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("claim", "instructions", "outcome"),
    [
        ("2.1-b", [ADD, read_through("rbx")], Outcome.HOLDS),
        ("2.1-b", [ADD, read_through("rbx", 8)], Outcome.FAILS),
        ("2.1-b", [ADD, read_through("rbx", 0, "rcx")], Outcome.FAILS),
        ("2.1-b", [ADD, LOAD, read_through("rdi")], Outcome.FAILS),
        ("2.1-b", [LEA, read_through("r8")], Outcome.FAILS),
        ("2.1-l", [LEA, read_through("r8")], Outcome.HOLDS),
        ("2.1-l", [LEA, read_through("r8", -8)], Outcome.FAILS),
        ("2.1-l", [ADD, read_through("rbx")], Outcome.FAILS),
    ],
)
def test_the_way_to_the_overflow_pointer_decides(claim: str, instructions: list[Instruction], outcome: Outcome) -> None:
    seen = with_function(seen_on("1.23.9"), ASSIGN, instructions=instructions)
    assert ruling(claim, with_touches(seen, [touched("overflow", 20)])).outcome is outcome


@pytest.mark.parametrize("claim", ["2.1-a", "2.1-b", "2.1-l", "2.1-m"])
def test_words_that_nobody_read_are_unclear(claim: str) -> None:
    assert ruling(claim, with_touches(seen_on("1.23.9"), [])).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["2.1-a", "2.1-b", "2.1-l"])
def test_another_processor_leaves_the_claim_void(claim: str) -> None:
    elsewhere = with_function(seen_on("1.23.9"), ASSIGN, architecture="arm64")
    assert LAB.finding(claim, elsewhere).outcome is Outcome.VOID


def test_a_command_that_works_would_hold() -> None:
    seen = seen_on("1.27.3")
    assert ruling("2.1-k", change(seen, as_given=seen.as_needed)).outcome is Outcome.HOLDS
    failed = change(seen.as_needed, exit_code=1)
    assert ruling("2.1-k", change(seen, as_given=failed)).outcome is Outcome.FAILS
    assert ruling("2.1-k", change(seen, as_needed=seen.as_given)).outcome is Outcome.BROKEN


def test_a_displacement_that_is_not_the_offset_fails() -> None:
    seen = seen_on("1.23.9")
    (header,) = [layout for layout in seen.types if layout.name == "runtime.hmap"]
    moved = change(header, fields=[change(f, offset=24) if f.name == "buckets" else f for f in header.fields])
    types = [moved if layout is header else layout for layout in seen.types]
    assert ruling("2.1-m", change(seen, types=types)).outcome is Outcome.FAILS


def test_padding_before_the_field_fails_though_the_offsets_agree() -> None:
    seen = seen_on("1.23.9")
    (header,) = [layout for layout in seen.types if layout.name == "runtime.hmap"]
    without = change(header, fields=[f for f in header.fields if f.name != "hash0"])
    types = [without if layout is header else layout for layout in seen.types]
    assert ruling("2.1-m", change(seen, types=types)).outcome is Outcome.FAILS


def test_the_functions_are_stored_whole() -> None:
    function: Function = seen_on("1.23.9").function(ASSIGN)
    ends = [one.address + one.size for one in function.instructions]
    assert ends[:-1] == [one.address for one in function.instructions[1:]]
