"""What does a lookup in a map with int32 keys run, and does it lock anything?

Section 1 of the article. The functions that the lookup runs are read out of the binary, decoded twice, and their
executions counted under gdb; and one lookup is made in a map that gdb has marked as being written.
"""

import msgspec

from claimlab import Bench, Binary, Function, Lab, Poke, Run, Session, Step, disassembly, gdb, gobuild

lab = Lab(asks={"zh": "在 int32 键的 map 中查找会执行什么代码，其中有没有锁？"})

FAST = "runtime.mapaccess1_fast32"
CALLERS = {
    "int32": "main.lookInt32",
    "uint32": "main.lookUint32",
    "int16": "main.lookInt16",
    "float32": "main.lookFloat32",
    "wide": "main.lookWide",
    "presence": "main.lookPresence",
    "few": "main.lookFew",
    "hinted": "main.lookHinted",
    "shrunk": "main.lookShrunk",
    "empty": "main.lookEmpty",
    "nil": "main.lookNone",
    "own": "main.lookOwn",
}
"""The function of ours that makes the lookup, by the word on the command line."""
OWN_LOOKUP, OWN_ATOMIC = "main.(*table).get", "main.countLookup"
INDIRECT = ["runtime.memhash32"]
"""The hash function of a type, which is called through a pointer: no disassembly shows its name."""
DEATHS = ["runtime.fatal", "runtime.throw"]
HASH_WRITING = 4
"""Of hmap.flags (runtime/map.go of Go 1.21 to 1.23); Swiss maps have a byte of its own for the mark, `writing`."""


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a function's machine code consists of, as far as this lab asks."""

    name: str
    present: bool
    instructions: int
    atomics: list[str]
    """The instructions that synchronise with other processors, as listed."""
    calls: dict[str, str]
    """The functions it calls or jumps to by name, each with the first such instruction, as listed."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    code: dict[str, Code]
    """Our own functions, the fast lookup, what it calls by name, and what that calls."""
    arm64: dict[str, Code]
    """The fast lookup and what it calls, in the same program built for arm64."""
    objdump: dict[str, list[str]]
    """A second decoder: the instructions of the fast lookup, of what it calls, and of our own, by GNU objdump."""
    lookups: Session
    """One lookup of each kind, with the functions executed meanwhile; the last ones in maps marked as being written."""

    def run(self, kind: str) -> gdb.RunSeen:
        return self.lookups.runs[[*CALLERS].index(kind)]

    def marked(self, kind: str) -> gdb.RunSeen:
        return self.lookups.runs[len(CALLERS) + [*MARKED].index(kind)]


MARKED = {"int32": "byInt32", "own": "own", "empty": "empty"}
"""The variable that gdb marks, by the kind of the lookup."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    arm64 = gobuild.build(bench, flags="arm64")
    elf = bench.get(program.name)
    code = reached(elf, program, FAST)
    ours = [*CALLERS.values(), OWN_LOOKUP, OWN_ATOMIC, *INDIRECT]
    counts = list(dict.fromkeys(["runtime.mapaccess1", "runtime.mapaccess2_fast32", *code, *INDIRECT, OWN_LOOKUP]))
    return Seen(
        code=code | {one.name: summary(one) for one in disassembly.read(elf, program.name, ours)},
        arm64=reached(bench.get(arm64.name), arm64, FAST),
        objdump=listed(bench, program, [*code, OWN_LOOKUP, OWN_ATOMIC, *INDIRECT]),
        lookups=gdb.session(
            bench,
            program,
            [
                *(lookup(kind, counts, []) for kind in CALLERS),
                *(lookup(kind, counts, mark(variable)) for kind, variable in MARKED.items()),
            ],
        ),
    )


def reached(elf: bytes, binary: Binary, start: str) -> dict[str, Code]:
    """The function, those it calls by name, and those these call."""
    found: dict[str, Code] = {}
    names = [start]
    for _ in range(3):
        read = [summary(one) for one in disassembly.read(elf, binary.name, names)]
        found |= {code.name: code for code in read}
        names = list(dict.fromkeys(name for code in read for name in code.calls if name not in found))
    return found


def summary(function: Function) -> Code:
    return Code(
        function.name,
        function.present,
        len(function.instructions),
        [str(one) for one in function.instructions if one.atomic],
        {one.target: str(one) for one in reversed(function.instructions) if one.target},
    )


def listed(bench: Bench, binary: Binary, names: list[str]) -> dict[str, list[str]]:
    """objdump takes one name at a time: each listing is preceded by a line with the name."""
    command = f'objdump -d --no-show-raw-insn -M intel --disassemble="$name" {binary.name}'
    script = f'for name; do echo "== $name"; {command}; done'
    text = bench.run(["sh", "-c", script, "sh", *names], step="run").or_broken("objdump cannot read the binary").text()
    found = {}
    for part in text.split("== ")[1:]:
        name, *lines = part.splitlines()
        split = (line.partition(":\t") for line in lines)
        found[name] = [" ".join(instruction.split()) for _, is_one, instruction in split if is_one]
    return found


def mark(name: str) -> list[Poke]:
    """Whichever of the two this toolchain's map has."""
    return [Poke(f"&'main.{name}'.flags", HASH_WRITING), Poke(f"&'main.{name}'.writing", 1)]


def lookup(kind: str, counts: list[str], pokes: list[Poke]) -> Run:
    return Run([kind], 1, [Step(["main.hold"], pokes=pokes), Step(["main.hold", *DEATHS], counts=counts)])
