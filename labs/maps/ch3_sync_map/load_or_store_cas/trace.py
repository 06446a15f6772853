"""Runs inside gdb: executes a program instruction by instruction for a while, and answers with what was executed.

Each of its runs goes to main.hold and on to the place `begin`; from
there every instruction is noted until control is back in the function `until`.
"""

import re
from typing import Any, Final

import gdb  # type: ignore[import-untyped]
from gdb_answering import answers  # type: ignore[import-not-found]

WORD: Final = (1 << 64) - 1
ZERO_FLAG: Final = 1 << 6
MOST_STEPS: Final = 500
MEMORY: Final = re.compile(r"(-?0x[0-9a-f]+)?\((%\w+)?(?:,(%\w+)(?:,(\d))?)?\)")
"""disp(base,index,scale), as gdb writes a memory operand."""
SETTINGS: Final = (
    "set disable-randomization off",  # Docker's seccomp profile refuses personality(2)
    "set breakpoint pending off",
    "handle SIGSEGV nostop noprint pass",
    "set environment GODEBUG asyncpreemptoff=1",
    "set environment GOMAXPROCS 1",
)


def register(name: str) -> int:
    return number("$" + name.lstrip("%"))


def number(expression: str) -> int:
    return int(gdb.parse_and_eval(expression)) & WORD


def address_in(text: str) -> int | None:
    """The address of the instruction's memory operand, before it is executed; None if it has none."""
    found = MEMORY.search(text)
    if found is None or text.startswith("lea") or "%rip" in text:
        return None
    displacement, base, index, scale = found.groups()
    address = int(displacement or "0", 16)
    address += register(base) if base else 0
    address += register(index) * int(scale or 1) if index else 0
    return address & WORD


def read_word(address: int) -> int:
    return int.from_bytes(bytes(gdb.selected_inferior().read_memory(address, 8)), "little")


def one_step(word: int, known: dict[int, str]) -> dict[str, Any]:
    """The instruction that stands next has been executed."""
    frame = gdb.newest_frame()
    pc = int(frame.pc())
    if pc not in known:
        known[pc] = " ".join(frame.architecture().disassemble(pc)[0]["asm"].split())
    text, operand = known[pc], address_in(known[pc])
    done: dict[str, Any] = {"address": pc, "text": text, "touches_word": operand == word}
    compares = "cmpxchg" in text and operand is not None
    if compares and operand is not None:
        done |= {"operand": operand, "expected": register("rax"), "found": read_word(operand)}
    gdb.execute("stepi", to_string=True)
    if compares:
        done["swapped"] = bool(register("eflags") & ZERO_FLAG)
    return done


def return_address(until: str) -> int:
    frame = gdb.newest_frame()
    while frame is not None and frame.name() != until:
        frame = frame.older()
    if frame is None:
        raise LookupError(f"{until} is not on the stack")
    return int(frame.pc())


def go_to(place: str, command: str) -> None:
    breakpoint_there = gdb.Breakpoint(place, internal=True)
    gdb.execute(command, to_string=True)
    breakpoint_there.delete()
    if not gdb.selected_inferior().pid:
        raise LookupError(f"{place} was never reached")


def one_run(run: dict[str, Any]) -> dict[str, Any]:
    gdb.execute(f"set args {run['experiment']} > program.out 2> program.err")
    go_to("'main.hold'", "run")
    go_to(run["begin"], "continue")
    gdb.execute("set scheduler-locking on")
    word, end = number("'main.wordAddress'"), return_address(run["until"])
    known: dict[int, str] = {}
    steps: list[dict[str, Any]] = []
    while int(gdb.newest_frame().pc()) != end and len(steps) < MOST_STEPS:
        for store in run["stores"]:
            if store["after"] == len(steps):
                gdb.selected_inferior().write_memory(word, number(store["value"]).to_bytes(8, "little"))
        steps.append(one_step(word, known))
    gdb.execute("set scheduler-locking off")  # while the process lives: it would hold the threads of the next one too
    gdb.execute("kill", to_string=True)
    return {"experiment": run["experiment"], "ended": len(steps) < MOST_STEPS, "steps": steps}


def trace(order: dict[str, Any]) -> list[dict[str, Any]]:
    for setting in SETTINGS:
        gdb.execute(setting, to_string=True)
    gdb.execute("file " + order["binary"], to_string=True)
    return [one_run(run) for run in order["runs"]]


answers(trace)
