"""Would two compare-and-swaps do to append a waiter to a channel's queue?

Section 4.2 of the article, whose listing does it so. The compiler is asked about that way with the runtime's own types;
an explorer tries every order in which threads can make the steps of an algorithm of that kind; and with the processor's
own atomic instructions one thread is held between two steps while another one works.
"""

from typing import Final

import msgspec

from claimlab import FLAG_SETS, Bench, Binary, Instruction, Lab, TypeLayout, disassembly, gobuild, layout, processes

lab = Lab(asks={"zh": "用两次 CAS 能把等待者挂到 channel 的队列上吗？"})

BESIDE: Final = "claimlab_listing.go"
TYPES: Final = ["runtime.waitq", "runtime.sudog", "main.untyped"]
SWAP: Final = "main.(*real).swap"
"""The program's function that calls sync/atomic.CompareAndSwapPointer."""
DEEPEST: Final = 3


class Complaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the compiler says against a line of a function."""

    function: str
    line: int
    text: str


class Compiled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The package runtime, with one more file."""

    functions: list[str]
    """In that file."""
    exit_code: int
    complaints: list[Complaint]
    others: list[str]
    """Complaints about other files."""


class Explored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can become of a situation, over all orders of steps."""

    name: str
    counts: dict[str, int]
    how: dict[str, list[str]]
    """A shortest way to the first state of each kind: ``<thread>: <step>``."""


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What another thread could do while one was held, with real atomic instructions."""

    label: str
    other_ended: bool
    """While the first was held; else it had made 100,000 steps by then."""
    other_touched: int
    """Its steps that touched a queue, while the first was held."""
    while_held: str
    """The memory that was not nil."""
    after: str
    """When both had ended."""
    astray: bool
    """A waiter was in a queue where it should not be."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    types: list[TypeLayout]
    compiled: Compiled
    explored: list[Explored]
    held: list[Held]
    swaps: list[Instruction]
    """The compare-and-swap instructions that sync/atomic.CompareAndSwapPointer comes to."""

    def type(self, name: str) -> TypeLayout:
        return next(one for one in self.types if one.name == name)

    def situation(self, name: str) -> Explored:
        return next(one for one in self.explored if one.name == name)

    def holding(self, label: str) -> Held:
        return next(one for one in self.held if one.label == label)


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    argv = [f"./{program.name}"]
    return Seen(
        types=layout.types(bench, program, TYPES),
        compiled=compile_beside(bench),
        explored=processes.answer(bench, argv, list[Explored], gomaxprocs=1, lines=True),
        held=processes.answer(bench, [*argv, "held"], list[Held], gomaxprocs=2, lines=True),
        swaps=read_swaps(bench, program),
    )


def compile_beside(bench: Bench) -> Compiled:
    """The package runtime is compiled with our file beside its own, and every complaint is noted (``-e``)."""
    overlay = {"Replace": {f"{bench.goroot}/src/runtime/{BESIDE}": f"overlay/{BESIDE}"}}
    text = bench.files[f"overlay/{BESIDE}"]
    bench.put({f"overlay/{BESIDE}": text, "overlay.json": msgspec.json.encode(overlay)})
    options, env = FLAG_SETS["plain"]
    command = ["go", "build", *options, "-overlay=overlay.json", "-gcflags=runtime=-e", "runtime"]
    if bench.toolchain.experiment:
        env = env | {"GOEXPERIMENT": bench.toolchain.experiment}
    done = bench.run(command, step="build", env=env, timeout_s=180)
    begins = {
        number: line.removeprefix("func ").partition("(")[0]
        for number, line in enumerate(text.decode().splitlines(), start=1)
        if line.startswith("func ")
    }
    complaints, others = [], []
    for said in done.stderr.decode("utf-8", "replace").splitlines():
        rest = said.partition(f"{BESIDE}:")[2]
        if not rest:
            others += [said] if not said.startswith("#") else []
            continue
        line, _, what = rest.partition(": ")
        number = int(line.partition(":")[0])
        function = next((begins[start] for start in sorted(begins, reverse=True) if start <= number), "")
        complaints.append(Complaint(function, number, what))
    return Compiled(list(begins.values()), done.exit_code, complaints, others)


def read_swaps(bench: Bench, program: Binary) -> list[Instruction]:
    """Whatever a function calls or jumps to whose name speaks of a swap is followed."""
    found: list[Instruction] = []
    names = [SWAP]
    for _ in range(DEEPEST):
        functions = disassembly.functions(bench, program, names)
        found += [one for function in functions for one in function.instructions if is_swap(one)]
        names = [name for function in functions for name in function.targets() if "Swap" in name or "Cas" in name]
    return found


def is_swap(one: Instruction) -> bool:
    return one.atomic and one.mnemonic.startswith(("cmpxchg", "cas", "stlxr"))
