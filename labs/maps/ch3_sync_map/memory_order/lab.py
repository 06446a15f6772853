"""How strongly are a sync.Map's read pointer and atomic.StorePointer ordered?

Section 3.1 of the article. Two threads write a word each and read the other's (store buffering), with plain accesses
and with sync/atomic in turn in one process; the plain ones have to show the outcome that an order of all accesses
forbids. Whose word an instruction touches is read from the machine code, for amd64 and arm64, by following arguments
through registers and stack, and is asked of the processor by its debug registers. The race detector tells whether
loading the read pointer orders a reader after the writes to the dirty map.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Instruction,
    Lab,
    LabBroken,
    Races,
    Run,
    Step,
    Touch,
    Watch,
    disassembly,
    gdb,
    gobuild,
    layout,
    processes,
    race,
    symbols,
)

from .flow import Use, uses

lab = Lab(host_matters=True, asks={"zh": "sync.Map 的 read 指针和 atomic.StorePointer 的内存序有多强？"})

METHODS: Final = "sync.(*Map)."
STORE_POINTER: Final = "sync/atomic.StorePointer"
PUBLISH: Final = "main.(*ordinary).publish"
CURRENT: Final = "main.(*ordinary).current"
PAIRS: Final = {"main.plainly": ["mine", "other"], "main.atomically": ["mine", "other"], PUBLISH: ["m"], CURRENT: ["m"]}
FENCES: Final = ("mfence", "lfence", "sfence", "dmb", "dsb", "isb")
C11: Final = ("release_store", "acquire_load", "seq_cst_store", "seq_cst_load")
RUNS: Final = {"through": 100, "around": 12, "plain": 12}
OF_THE_FIELD: Final = ("through", "around")
"""Experiments that want a sync.Map with a field `read`."""


class Arm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the iterations of store buffering came out: which threads saw the other's write."""

    iterations: int
    both: int
    one: int
    neither: int


class Litmus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both arms, in one process."""

    processors: int
    plain: Arm
    atomic: Arm


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One binary's accesses to the words of interest."""

    architecture: str
    """``amd64`` or ``arm64``."""
    pairs: dict[str, list[Use]]
    """By function of ours: what it does with its arguments' memory."""
    ordering: dict[str, list[str]]
    """By function of ours: its atomic instructions and fences."""
    store_pointer: list[Use]
    """From sync/atomic.StorePointer on: the calls that get its first argument, and the writes to where it points."""
    read: list[Use]
    """In the methods of sync.Map: accesses to its field `read`, and calls that get the field's address."""


class Compiled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What gcc makes of one of C11's accesses."""

    name: str
    instructions: list[str]
    ordering: list[str]
    """The atomic ones and fences among them."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    has_read: bool
    """sync.Map has a field `read`."""
    litmus: Litmus
    code: list[Code]
    """For amd64 and arm64."""
    touches: dict[str, list[Touch]]
    """By word: `plain` and `word` of our own, `read` of a sync.Map. All reads and writes in one small piece of work."""
    races: dict[str, Races]
    """By experiment."""
    c11: list[Compiled]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    racing = gobuild.build(bench, flags="race")
    arm64 = gobuild.build(bench, flags="arm64")
    litmus = processes.answer(bench, [f"./{program.name}", "litmus"], Litmus, gomaxprocs=2, timeout_s=90)
    field = layout.types(bench, program, ["sync.Map"])[0].field("read")
    at = field.offset if field else None
    return Seen(
        has_read=field is not None,
        litmus=litmus,
        code=[read_code(bench, binary, at) for binary in (program, arm64)],
        touches=watch(bench, program),
        races={
            name: race.count(bench, racing, [name], runs=runs, gomaxprocs=2)
            for name, runs in RUNS.items()
            if field or name not in OF_THE_FIELD
        },
        c11=compile_c(bench),
    )


def read_code(bench: Bench, binary: Binary, at: int | None) -> Code:
    elf = bench.get(binary.name)
    table = symbols.read(elf, binary.name)
    methods = [symbol.name for symbol in table.matching(METHODS)]
    ours = disassembly.read(elf, binary.name, list(PAIRS))
    read = []
    for function in disassembly.read(elf, binary.name, methods if at is not None else []):
        read += [use for use in uses(function, ["m"]) if use.where == f"m+{at}"]
    return Code(
        architecture=ours[0].architecture,
        pairs={function.name: uses(function, PAIRS[function.name]) for function in ours},
        ordering={function.name: ordering(function.instructions) for function in ours},
        store_pointer=writes_behind(elf, binary.name, STORE_POINTER),
        read=read,
    )


def writes_behind(elf: bytes, file_name: str, name: str) -> list[Use]:
    """The calls that hand a function's first argument on, and the writes to where it points, in order of calls."""
    found: list[Use] = []
    waiting, done = [name], set[str]()
    while waiting:
        asked = waiting.pop(0)
        done.add(asked)
        (function,) = disassembly.read(elf, file_name, [asked])
        for use in uses(function, ["ptr"]):
            if use.where == "ptr" and use.access in ("w", "rw"):
                found.append(use)
            elif use.where == "ptr" and use.access == "call" and not use.target.startswith("runtime.morestack"):
                found.append(use)
                waiting += [use.target] if use.target not in (*done, *waiting) else []
    return found


def ordering(instructions: Sequence[Instruction]) -> list[str]:
    return [one.text for one in instructions if one.atomic or one.mnemonic in FENCES]


def watch(bench: Bench, program: Binary) -> dict[str, list[Touch]]:
    """The touches of each word between two holds."""
    words = {"plain": "&'main.plain'", "word": "&'main.word'", "read": "&'main.shared'.read"}
    hold = ["main.hold"]
    steps = [Step(hold, watches=[Watch(label, address, "access")]) for label, address in words.items()]
    stops = gdb.session(bench, program, [Run(["watched"], 1, [Step(hold), *steps])]).runs[0].stops
    if len(stops) != len(words) + 1:
        raise LabBroken(f"the program stopped {len(stops)} times, not {len(words) + 1}")
    return {label: stop.touched(label) for label, stop in zip(words, stops[1:], strict=True)}


def compile_c(bench: Bench) -> list[Compiled]:
    """C11's accesses as gcc compiles them on the bench."""
    bench.put({"c11.c": bench.files["c11.c"]})
    command = ["gcc", "-O2", "-static", "-nostdlib", "-Wl,-e,release_store", "-o", "c11", "c11.c"]
    bench.run(command, step="build").or_broken("gcc cannot compile C11's atomic accesses")
    functions = disassembly.read(bench.get("c11"), "c11", C11)
    found = []
    for function in functions:
        code = [one for one in function.instructions if one.mnemonic not in ("endbr64", "nop")]
        found.append(Compiled(function.name, [one.text for one in code], ordering(code)))
    return found
