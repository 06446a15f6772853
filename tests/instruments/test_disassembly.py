"""Decoded functions against objdump and gdb on real binaries of every release, and against Arm's own encodings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest
from tests.bench_fixtures import ALL, EVERY_RELEASE, NEWEST, bench_at, pinned, shell

from claimlab.benches.bench import Bench
from claimlab.benches.local_engine import LocalEngine
from claimlab.instruments import disassembly
from claimlab.instruments.disassembly import Function, functions, listing
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.machine_code import Operand, decode
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

SOURCE = b"""package main

import "sync/atomic"

type pair struct{ first, second int64 }

var (
	word  int64
	table = map[int64]int{}
	small = map[int32]int{}
)

//go:noinline
func add(n int64) int64 { return atomic.AddInt64(&word, n) }

//go:noinline
func swap(n int64) int64 { return atomic.SwapInt64(&word, n) }

//go:noinline
func store(n int64) { word = n }

//go:noinline
func second(p *pair) int64 { return p.second }

//go:noinline
func element(list []pair, i uint8) int64 { return list[i].first }

func main() {
	list := make([]pair, 300)
	store(add(1) + swap(2) + second(&list[0]) + element(list, 3))
	table[word] = small[int32(word)]
}
"""
ATOMIC = {"main.add": "xadd", "main.swap": "xchg"}
COMPARED = [
    *("main.add", "main.swap", "main.store", "main.second", "main.element", "main.main"),
    *("runtime.mapassign_fast64", "runtime.mapaccess1_fast32", "runtime.mallocgc", "runtime.chansend1"),
    *("runtime.schedule", "runtime.memmove", "runtime.memclrNoHeapPointers", "runtime.gcWriteBarrier2"),
    *("runtime.lock2", "runtime.typedmemmove", "runtime.goexit0", "runtime.growslice", "runtime.gopanic"),
]
"""Our own, the runtime's map, channel, allocator and lock code, and assembly with string and vector instructions."""
PREFIXES = {"lock", "rep", "repz", "repnz", "data16", "cs"}


@dataclass
class Read:
    bench: Bench
    binary: Binary
    functions: dict[str, Function]
    of_objdump: dict[str, dict[int, str]]
    """Instruction texts by address, by function."""


@pytest.fixture(scope="module", params=EVERY_RELEASE)
def read(request: pytest.FixtureRequest) -> Iterator[Read]:
    with bench_at(request) as bench:
        binary = build(bench, {"main.go": SOURCE})
        found = {one.name: one for one in functions(bench, binary, COMPARED)}
        present = {name: one for name, one in found.items() if one.present}
        yield Read(bench, binary, present, dict(zip(present, disassembled(bench, binary, list(present)), strict=True)))


def disassembled(bench: Bench, binary: Binary, names: list[str]) -> Iterator[dict[int, str]]:
    """Instruction texts by address, for each function: objdump is run on one at a time, all in one command."""
    objdump = f"objdump -d --no-show-raw-insn -M intel {binary.name}"
    script = "".join(f"echo '=== {name}'\n{objdump} '--disassemble={name}'\n" for name in names)
    listed = shell(bench, f"set -e\n{script}").or_broken("objdump failed").text()
    for one in listed.split("=== ")[1:]:
        yield {int(at, 16): text for at, text in re.findall(r"^ *([0-9a-f]+):\t(.*)$", one, re.MULTILINE)}


def called(text: str) -> str:
    """An instruction's name in our words: objdump shows the width of string instructions by their operands, and two of
    the names of NOP are XCHG's."""
    word = next(word for word in text.split() if word not in PREFIXES)
    width = re.search(r"(BYTE|DWORD|QWORD|WORD) PTR", text)
    if word in ("movs", "stos") and width:
        return word + width[1][0].lower()
    return "nop" if re.fullmatch(r"(data16 )*xchg +(e?r?ax),\2", text.strip()) else word


def memory_as_objdump_writes_it(operand: Operand) -> str:
    index = f"{operand.index}*{operand.scale}" if operand.index else ""
    registers = "+".join(part for part in (operand.base, index) if part)
    if operand.displacement == 0 and operand.base != "rip" and not operand.index:
        return registers
    return f"{registers}{'-' if operand.displacement < 0 else '+'}{abs(operand.displacement):#x}"


# Against objdump and gdb


def test_the_compared_functions_are_there(read: Read) -> None:
    assert set(read.functions) == set(COMPARED)
    assert all(one.architecture == "amd64" for one in read.functions.values())


def test_instructions_start_where_objdump_says_and_are_called_the_same(read: Read) -> None:
    for name, function in read.functions.items():
        expected = {address: called(text) for address, text in read.of_objdump[name].items()}
        assert {one.address: one.mnemonic for one in function.instructions} == expected, name


def test_memory_operands_are_objdumps(read: Read) -> None:
    compared = 0
    for name, function in read.functions.items():
        texts = read.of_objdump[name]
        for one in function.instructions:
            bracketed = re.search(r"\[(r[^\]]*)\]", texts[one.address])
            if bracketed and one.memory and one.mnemonic != "nop":
                written = re.sub(r"\+0x0$", "", bracketed[1].replace("+riz*1", ""))
                assert re.sub(r"\+0x0$", "", memory_as_objdump_writes_it(one.memory)) == written, (name, str(one))
                compared += 1
    assert compared > 300


def test_targets_and_references_are_the_symbols_objdump_names(read: Read) -> None:
    compared = 0
    for name, function in read.functions.items():
        texts = read.of_objdump[name]
        for one in function.instructions:
            meant = re.search(r"<([^>]+)>$", texts[one.address])
            if one.target:
                assert meant is not None
                assert one.target == meant[1]
                compared += 1
            elif one.refers:
                assert meant is not None
                assert one.refers.partition("+")[0] == meant[1].partition("+")[0]
                compared += 1
    assert compared > 50


def test_lines_are_gdbs(read: Read) -> None:
    addresses = [one.address for function in read.functions.values() for one in function.instructions]
    script = "\n".join(
        [
            "import gdb",
            f"for address in {addresses}:",
            "    place = gdb.find_pc_line(address)",
            "    print(address, place.symtab.filename, place.line)",
        ]
    )
    read.bench.put({"lines.py": script.encode()})
    told = shell(read.bench, f"gdb -nx -nh -batch -iex 'set auto-load off' {read.binary.name} -x lines.py").text()
    theirs = {int(at): (file, int(line)) for at, file, line in (row.split() for row in told.splitlines())}
    ours = {one.address: (one.file, one.line) for found in read.functions.values() for one in found.instructions}
    assert ours == theirs
    assert ("claimlab/program/main.go", 14) in ours.values()


def test_atomics_are_found_where_they_were_written_and_nowhere_else(read: Read) -> None:
    for name in ("main.add", "main.swap", "main.store", "main.second", "main.element"):
        atomics = [one.mnemonic for one in read.functions[name].instructions if one.atomic]
        assert atomics == ([ATOMIC[name]] if name in ATOMIC else []), name
    for name, function in read.functions.items():
        locked = [at for at, text in read.of_objdump[name].items() if re.match(r"lock |xchg .*\[", text)]
        assert [one.address for one in function.instructions if one.atomic] == locked, name


def test_operands_of_our_own_functions_are_what_the_source_says(read: Read) -> None:
    (adds,) = [one for one in read.functions["main.add"].instructions if one.atomic]
    assert (adds.prefixes, adds.memory and adds.memory.access) == (["lock"], "rw")
    stores = [one for one in read.functions["main.store"].instructions if one.refers == "main.word"]
    assert [(one.memory and one.memory.access, one.memory and one.memory.size) for one in stores] == [("w", 8)]
    loads = [one.memory for one in read.functions["main.second"].instructions if one.memory]
    assert [(memory.displacement, memory.access) for memory in loads if memory.base == "rax"] == [(8, "r")]
    assert read.functions["main.main"].targets()[:4] != []
    assert {"main.add", "main.swap", "main.store"} <= set(read.functions["main.main"].targets())


def test_a_function_that_is_not_there_has_no_address(read: Read) -> None:
    absent, variable = functions(read.bench, read.binary, ["main.nosuch", "main.word"])
    assert (absent.address, absent.instructions, absent.present) == (None, [], False)
    assert not variable.present


def test_a_binary_that_cannot_be_read_breaks_the_lab(read: Read) -> None:
    shell(read.bench, f"strip -o stripped {read.binary.name}").or_broken("strip failed")
    with pytest.raises(LabBroken, match="no symbol table"):
        functions(read.bench, Binary("stripped", ""), ["main.main"])
    elf = bytearray(read.bench.get(read.binary.name))
    elf[18:20] = (8).to_bytes(2, "little")  # e_machine: MIPS
    with pytest.raises(LabBroken, match="EM_MIPS"):
        disassembly.read(bytes(elf), "other", ["main.main"])


def test_functions_survive_the_record(read: Read) -> None:
    found = list(read.functions.values())
    assert msgspec.json.decode(msgspec.json.encode(found), type=list[Function]) == found


# arm64: built for it, not run


@pytest.fixture(scope="module")
def arm64(local_engine: LocalEngine) -> Iterator[dict[str, Function]]:
    with local_engine.open(pinned(NEWEST), 300, ALL) as bench:
        binary = build(bench, {"main.go": SOURCE}, flags="arm64")
        yield {one.name: one for one in functions(bench, binary, COMPARED) if one.present}


@pytest.mark.gdb
def test_arm64_has_both_ways_to_add_atomically(arm64: dict[str, Function]) -> None:
    """One for processors with FEAT_LSE, which the program asks for as it runs, and one for those without."""
    add = arm64["main.add"]
    assert add.architecture == "arm64"
    assert [one.mnemonic for one in add.instructions if one.atomic] == ["ldaddal", "ldaxr", "stlxr"]
    assert {one.refers for one in add.instructions} >= {"main.word"}
    assert [one.mnemonic for one in arm64["main.store"].instructions if one.atomic] == []
    assert {one.line for one in add.instructions} == {14}


@pytest.mark.gdb
def test_arm64_calls_and_stores_are_named(arm64: dict[str, Function]) -> None:
    assert {"main.add", "main.swap", "main.store"} <= set(arm64["main.main"].targets())
    (store,) = [one for one in arm64["main.store"].instructions if one.refers == "main.word"]
    loads = [one.memory for one in arm64["main.second"].instructions if one.memory]
    assert store.memory is None or store.memory.access == "w"
    assert [(memory.base, memory.displacement, memory.access) for memory in loads] == [("x0", 8, "r")]


# Listings


def test_a_listing_points_to_what_counts() -> None:
    code = bytes.fromhex("4883c320c39090")
    function = Function("f", 0x1000, "amd64", decode("amd64", code, 0x1000, lambda _: ""))
    assert function.around(0x1004, 1, 1).splitlines() == [
        "   0x1000  add rbx, 0x20",
        "=> 0x1004  ret",
        "   0x1005  nop",
    ]
    assert function.around(0x9999) == ""
    assert function.at(0x1006) == function.instructions[-1]
    assert function.at(0x1003) is None
    placed = msgspec.structs.replace(function.instructions[0], target="main.g", file="a/b.go", line=7)
    assert listing([placed]) == f"   0x1000  {'add rbx, 0x20':<44}<main.g>  ; b.go:7"
