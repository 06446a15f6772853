"""Runs inside gdb: does the runs of the order it is handed and writes what was seen as JSON.

Every fact comes from gdb's Python API. The transcript is for people: the same commands as a person would type.
"""

import itertools
import os
import shlex
from pathlib import PurePath

import gdb
from gdb_alone import Alone, let_all_run
from gdb_answering import answers
from gdb_probing import check_names, check_process
from gdb_reading import WORD, arguments, evaluate, frames, goroutines, read_string, registers, show, transcript
from gdb_reaping import start_reaping
from gdb_watching import Lookouts, return_address, set_breakpoint

LINE_CHARACTERS = 10000
SHOWN_REGISTERS = {"i386:x86-64": "rax rbx rcx rbp rsp rip", "aarch64": "x0 x1 x2 x29 sp pc"}

last_stop = {}
last_exit = {}
hits = {}


def on_stop(event):
    last_stop["event"] = event


def on_exit(event):
    last_exit["ended"] = True
    last_exit["code"] = getattr(event, "exit_code", None)


def poke(order):
    start = evaluate(order["address"])
    if not isinstance(start, int):
        return {"expression": order["address"], "address": None, "before": None, "after": None}
    address = start + order["offset"]
    memory = gdb.selected_inferior()
    try:
        before = bytes(memory.read_memory(address, 1))[0]
    except gdb.MemoryError:
        return {"expression": order["address"], "address": None, "before": None, "after": None}
    memory.write_memory(address, bytes([before ^ order["mask"]]))
    after = bytes(memory.read_memory(address, 1))[0]
    name = "%s + %d" % (order["address"], order["offset"]) if order["offset"] else order["address"]
    transcript.append("# byte at %s (0x%x) changed: 0x%02x -> 0x%02x" % (name, address, before, after))
    return {"expression": name, "address": address, "before": before, "after": after}


def force(lvalue, expression):
    before = evaluate(lvalue)
    if before is not None:
        show("set var %s = %s" % (lvalue, expression))
    return {"expression": lvalue, "before": before, "after": evaluate(lvalue)}


def snapshot(name, step, noticed):
    stop = {
        "at": name,
        "function": gdb.newest_frame().name() or "",
        "registers": registers(),
        "arguments": arguments(),
        "frames": frames(),
        "values": {label: evaluate(text) for label, text in step["values"].items()},
        "strings": {label: read_string(*pair) for label, pair in step["strings"].items()},
        "goroutines": goroutines() if step["goroutines"] else [],
        **noticed,
    }
    tell(noticed)
    transcript.append("# stopped: " + ("the function has returned" if name == "return" else "breakpoint at " + name))
    show("bt")
    shown = SHOWN_REGISTERS.get(gdb.newest_frame().architecture().name())
    if step["strings"] and shown:
        show("info registers " + shown)
    for text in step["values"].values():
        show("print/x " + text)
    for label in step["strings"]:
        transcript.append("# %s: %r" % (label, stop["strings"][label]))
    if step["goroutines"]:
        show("info goroutines")
    stop["poked"] = [poke(order) for order in step["pokes"]]
    stop["forced"] = [force(*pair) for pair in step["force"].items()]
    return stop


def tell(noticed):
    for touch in noticed["touches"]:
        what = "%s  in %s:%d" % (touch["instruction"], os.path.basename(touch["file"]), touch["line"])
        transcript.append("# %s: 0x%x -> 0x%x by %s" % (touch["label"], touch["before"], touch["after"], what))
    for counted in noticed["counted"]:
        transcript.append("# %s: executed %d times" % (counted["name"], counted["hits"]))


def note_exit():
    """The program stands before its end; the code is the argument of runtime.exit, on the stack for assembly
    (https://go.dev/doc/asm: FP; one word above lies the return address).

    gdb 13 itself often loses the exit of a program that ends while gdb is still letting its threads go, or holds them.
    """
    start = int(gdb.parse_and_eval("$sp")) & WORD
    code = gdb.selected_inferior().read_memory(start + 8, 4)
    last_exit["ended"] = True
    last_exit["code"] = int.from_bytes(bytes(code), "little") & 0xFF
    transcript.append("# the program ends with exit code %d" % last_exit["code"])


def go_to(step, known, ending, command):
    """The program stands at one of the step's breakpoints, whose name this is; or it ends, and this is None."""
    leave = gdb.Breakpoint("*0x%x" % return_address(), internal=True) if step["returns"] else None
    for name, breakpoint in known.items():
        breakpoint.enabled = name in step["at"]
        breakpoint.condition = (step["when"] or None) if breakpoint.enabled else None
    alone = Alone(step["alone"]) if step["alone"] else None
    reply = show(command)
    if "event" not in last_stop and not last_exit and gdb.selected_inferior().pid:
        raise LookupError("gdb could not go on; debug registers are lacking, or the program was killed: " + reply)
    hit = getattr(last_stop.pop("event", None), "breakpoints", ())
    if alone is not None:
        alone.took_off(hit)
    name = next((name for name, breakpoint in known.items() if breakpoint in hit), None)
    if leave is not None:
        name = "return" if leave in hit else name
        leave.delete()
    if name in step["at"] and step["when"]:
        gdb.parse_and_eval(step["when"])  # gdb stops as well where it cannot tell: this raises what it complained of
    if name is None and ending in hit:
        note_exit()
    if name is None and not last_exit:
        raise LookupError("gdb stopped where nobody has told it to: " + reply)
    return None if last_exit else name


def one_run(run, known, ending):
    last_exit.clear()
    let_all_run()
    show("set environment GOMAXPROCS %d" % run["gomaxprocs"])
    for name, value in run["env"].items():
        show("set environment %s = %s" % (name, value))
    show("set cwd " + run["folder"])  # without a folder: gdb's own
    words = " ".join(shlex.quote(word) for word in run["args"])
    show("set args %s > %sprogram.out 2> %sprogram.err" % (words, *["../" * len(PurePath(run["folder"]).parts)] * 2))
    stops = []
    command = "run"
    for step in run["steps"]:
        lookouts = Lookouts(step)
        name = go_to(step, known, ending, command)
        noticed = lookouts.take_off()
        command = "continue"
        if name is None:
            break
        if step["alone"]:
            let_all_run()
        stops.append(snapshot(name, step, noticed))
    for breakpoint in known.values():
        breakpoint.enabled = False
    exit_code = last_exit.get("code")  # kill is an exit event too
    if gdb.selected_inferior().pid:
        gdb.execute("kill", to_string=True)
    for name, breakpoint in known.items():
        hits[name] = hits.get(name, 0) + breakpoint.hit_count  # run sets the count back
        breakpoint.hit_count = 0
    with open("program.err", errors="replace", encoding="utf-8") as opened:
        stderr = "".join(itertools.islice(iter(lambda: opened.readline(LINE_CHARACTERS), ""), 40))
    for name in ("program.out", "program.err"):
        os.unlink(name)
    for name in run["env"]:
        show("unset environment " + name)
    return {
        "args": run["args"],
        "gomaxprocs": run["gomaxprocs"],
        "stops": stops,
        "exit_code": exit_code,
        "stderr": stderr,
        "env": run["env"],
    }


def session(order):
    check_names()
    start_reaping()
    gdb.execute("set disable-randomization off")  # Docker's seccomp profile refuses personality(2)
    gdb.execute("set breakpoint pending off")
    gdb.execute("set print thread-events off")
    for signals in ("all", "SIGINT"):  # the program's own business; all are those that gdb does not use itself
        gdb.execute("handle %s nostop noprint pass" % signals, to_string=True)
    # -trimpath leaves names such as runtime/panic.go and claimlab/program/main.go: tell gdb where these lie.
    gdb.execute("set directories " + order["goroot_src"])
    gdb.execute("set substitute-path claimlab/%s %s.src" % (order["binary"], order["binary"]))
    gdb.execute("file " + order["binary"], to_string=True)
    gdb.execute("source %s/runtime/runtime-gdb.py" % order["goroot_src"], to_string=True)
    check_process(any(step["watches"] for run in order["runs"] for step in run["steps"]))
    gdb.events.stop.connect(on_stop)
    gdb.events.exited.connect(on_exit)
    names = list(dict.fromkeys(name for run in order["runs"] for step in run["steps"] for name in step["at"]))
    described, known = [], {}
    for name in names:
        description, breakpoint = set_breakpoint(name)
        described.append(description)
        if breakpoint is not None:
            known[name] = breakpoint
    ending = gdb.Breakpoint("'runtime.exit'", internal=True)
    runs = [one_run(run, known, ending) for run in order["runs"]]
    for description in described:
        description["hits"] = hits.get(description["name"], 0)
    return {"gdb": gdb.VERSION, "breakpoints": described, "runs": runs, "transcript": "\n".join(transcript)}


answers(session, transcript)
