"""From what instruments saw to parts of pictures."""

import msgspec
import pytest
from tests.picture_samples import OLD, words

from claimlab.instruments.disassembly import Function
from claimlab.instruments.disassembly import listing as as_text
from claimlab.instruments.gdb import Frame
from claimlab.instruments.layout import Field, TypeLayout
from claimlab.instruments.machine_code import decode
from claimlab.pictures import Call, Line, Memory, Part, Role, Skip
from claimlab.pictures.parts import calls, lines, listing, memory
from claimlab.project.languages import Words

START = 0x401000
CODE = bytes.fromhex(
    "48837b1000"  # cmp qword ptr [rbx + 0x10], 0
    "750c"  # jne, to the ret
    "488b0d00100000"  # mov rcx, [rip + 0x1000]
    "e8edefffff"  # call 0x400000
    "c3"  # ret
)
NAMES = {0x40200E: "runtime.writeBarrier", 0x400000: "runtime.fatal"}


@pytest.fixture
def function() -> Function:
    found = decode("amd64", CODE, START, lambda address: NAMES.get(address, ""))
    placed = [msgspec.structs.replace(one, file="runtime/map.go", line=7) for one in found]
    return Function("runtime.f", START, "amd64", placed)


def test_a_type_becomes_a_memory_with_its_pointers_known() -> None:
    fields = [
        Field("_", 0, 0, "sync.noCopy", "struct"),
        Field("mu", 0, 8, "sync.Mutex", "struct"),
        Field("read", 8, 8, "sync/atomic.Pointer[sync.readOnly]", "struct"),
        Field("buckets", 16, 8, "unsafe.Pointer", "pointer"),
        Field("tophash", 24, 8, "[8]uint8", "array", "uint8", 8),
    ]
    found = memory(OLD, TypeLayout("T", True, "struct", 32, 8, fields), {"mu": Role.LOCK}, marked=["mu"])
    assert found == Memory(
        OLD,
        "T",
        32,
        (
            Part(0, 8, "mu", Role.LOCK, marked=True),
            Part(8, 8, "read"),
            Part(16, 8, "buckets", Role.POINTER),
            Part(24, 8, "tophash", count=8),
        ),
    )


def test_a_listing_has_the_marked_instruction_its_neighbours_and_no_address(function: Function) -> None:
    reads = next(one.address for one in function.instructions if one.refers)
    shown = listing(OLD, function, {reads: words("reads the flag")}, before=1, after=1)
    assert shown.lines == (
        Skip(1),
        Line("jne +0x13", 5, "map.go:7"),
        Line("mov rcx, qword ptr […]", 7, "map.go:7", "runtime.writeBarrier", True, words("reads the flag")),
        Line("call runtime.fatal", 14, "map.go:7"),
        Skip(1),
    )


def test_a_listing_from_end_to_end_skips_nothing(function: Function) -> None:
    notes = {function.instructions[1].address: words("here")}
    assert not any(isinstance(one, Skip) for one in listing(OLD, function, notes, before=9, after=9).lines)


def test_a_listing_that_was_kept_as_text_is_read_again(function: Function) -> None:
    shown = lines(as_text(function.instructions, [function.instructions[2].address]), [("writeBarrier", words("flag"))])
    assert [line.text for line in shown] == [
        "cmp qword ptr [rbx + 0x10], 0",
        f"jne {START + 19:#x}",
        "mov rcx, qword ptr […]",
        "call runtime.fatal",
        "ret",
    ]
    assert [(line.means, line.source, line.offset) for line in shown[2:4]] == [
        ("runtime.writeBarrier", "map.go:7", None),
        ("", "map.go:7", None),
    ]
    assert [line.note for line in shown if line.marked] == [words("flag")]


@pytest.mark.parametrize("text", ["", "…", "no address here", "0x12 "])
def test_other_lines_of_a_text_are_passed_over(text: str) -> None:
    assert [line.text for line in lines(text)] in ([], [""])


def test_a_backtrace_begins_with_the_outermost_call() -> None:
    frames = [
        Frame("runtime.fatal", "runtime/panic.go", 1089, 1),
        Frame("", "", 0, 2),
        Frame("main.main", "claimlab/x/main.go", 3, 3),
    ]
    found = calls(OLD, frames, marked=["runtime.fatal"], ends=Words("it dies", "它崩溃"))
    assert found.calls == (Call("main.main", "main.go"), Call("runtime.fatal", "panic.go", marked=True))
    assert found.ends == Words("it dies", "它崩溃")
