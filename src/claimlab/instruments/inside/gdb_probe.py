"""Runs inside gdb: does the runs of the order it is handed and writes what was seen as JSON.

Every fact comes from gdb's Python API. The transcript is for people: the same commands as a person would type.
"""

import json
import os
import shlex
import traceback

import gdb

WORD = (1 << 64) - 1
STRING_LIMIT = 4096
SHOWN_REGISTERS = {"i386:x86-64": "rax rbx rcx rbp rsp rip", "aarch64": "x0 x1 x2 x29 sp pc"}
DEEPEST = 60  # frames; older ones are not listed

transcript = []
last_stop = {}
last_exit = {}
hits = {}


def show(command):
    """Does a command as a person would type it and keeps both in the transcript."""
    transcript.append("(gdb) " + command)
    try:
        reply = gdb.execute(command, to_string=True)
    except gdb.error as error:
        reply = str(error) + "\n"
    transcript.append(reply.rstrip("\n"))
    return reply.strip()


def on_stop(event):
    last_stop["event"] = event


def on_exit(event):
    last_exit["ended"] = True
    last_exit["code"] = getattr(event, "exit_code", None)


def set_breakpoint(name):
    before = {known.number for known in gdb.breakpoints()}
    reply = show("break '%s'" % name)
    made = [known for known in gdb.breakpoints() if known.number not in before]
    if not made:
        return {"name": name, "resolved": False, "addresses": [], "reply": reply}, None
    made[0].enabled = False
    return {
        "name": name,
        "resolved": True,
        "addresses": [place.address for place in made[0].locations],
        "reply": reply,
    }, made[0]


def plain(value):
    """An integer where the value is one (pointers are), a Go string's text, else gdb's; None if optimised out."""
    if value.is_optimized_out:
        return None
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_STRUCT and [field.name for field in kind.fields()] == ["str", "len"]:
        return memory_text(int(value["str"]) & WORD, int(value["len"]))
    if kind.code == gdb.TYPE_CODE_FLT:
        return value.format_string()  # int() would cut it
    try:
        return int(value) & WORD if kind.code == gdb.TYPE_CODE_PTR else int(value)
    except (gdb.error, ValueError, TypeError):
        return value.format_string()


def evaluate(expression):
    try:
        return plain(gdb.parse_and_eval(expression))
    except gdb.error:
        return None


def read_string(address, length):
    start, size = evaluate(address), evaluate(length)
    return memory_text(start, size) if isinstance(start, int) and isinstance(size, int) else None


def memory_text(start, size):
    if not 0 <= size <= STRING_LIMIT:
        return None
    try:
        return bytes(gdb.selected_inferior().read_memory(start, size)).decode("utf-8", "replace")
    except gdb.error:
        return None


def registers():
    frame = gdb.newest_frame()
    found = {}
    for register in frame.architecture().registers("general"):
        found[register.name] = int(frame.read_register(register.name)) & WORD
    return found


def arguments():
    # The innermost block may be a lexical one; arguments stand in the block that has the function.
    block = gdb.newest_frame().block()
    while block is not None and block.function is None:
        block = block.superblock
    frame = gdb.newest_frame()
    return {symbol.name: plain(symbol.value(frame)) for symbol in block or () if symbol.is_argument}


def frames():
    found = []
    frame = gdb.newest_frame()
    while frame is not None and frame.is_valid() and frame.pc() and len(found) < DEEPEST:  # no caller has pc 0
        place = frame.find_sal()
        found.append(
            {
                "function": frame.name() or "",
                "file": place.symtab.filename if place.symtab else "",
                "line": place.line,
                "pc": frame.pc(),
            }
        )
        frame = frame.older()
    return found


def goroutines():
    """Every goroutine that is not dead, through the reader classes that runtime-gdb.py defined here."""
    found = []
    for pointer in SliceValue(gdb.parse_and_eval("'runtime.allgs'")):
        status = int(pointer["atomicstatus"]["value"])
        name = sts.get(status, "unknown(%d)" % status)
        if name == "dead":
            continue
        function = gdb.block_for_pc(int(pointer["sched"]["pc"]) & WORD)
        while function is not None and function.function is None:
            function = function.superblock
        found.append(
            {
                "id": int(pointer["goid"]),
                "status": name,
                "on_thread": bool(int(pointer["m"])),
                "function": str(function.function) if function else "",
            }
        )
    return found


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


def lock_others_out(function):
    """Only the thread whose stack holds the function will run."""
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        frame = gdb.newest_frame()
        while frame is not None and frame.name() != function:
            frame = frame.older()
        if frame is not None:
            transcript.append("# only the thread in %s runs now" % function)
            show("set scheduler-locking on")
            return
    raise LookupError("no thread executes " + function)


def snapshot(name, step):
    stop = {
        "at": name,
        "function": gdb.newest_frame().name() or "",
        "registers": registers(),
        "arguments": arguments(),
        "frames": frames(),
        "values": {label: evaluate(text) for label, text in step["values"].items()},
        "strings": {label: read_string(*pair) for label, pair in step["strings"].items()},
        "goroutines": goroutines() if step["goroutines"] else [],
    }
    transcript.append("# stopped: breakpoint at " + name)
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
    return stop


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


def one_run(run, known, ending):
    last_exit.clear()
    show("set environment GOMAXPROCS %d" % run["gomaxprocs"])
    show("set args %s > program.out 2> program.err" % " ".join(shlex.quote(word) for word in run["args"]))
    stops = []
    command = "run"
    for step in run["steps"]:
        for name, breakpoint in known.items():
            breakpoint.enabled = name in step["at"]
        if step["alone"]:
            lock_others_out(step["alone"])
        show(command)
        command = "continue"
        hit = getattr(last_stop.pop("event", None), "breakpoints", ())
        name = next((name for name, breakpoint in known.items() if breakpoint in hit), None)
        if name is None and ending in hit:
            note_exit()
        if last_exit or name is None:
            break
        if step["alone"]:
            show("set scheduler-locking replay")  # gdb's default; it can only be set while the program lives
        stops.append(snapshot(name, step))
    for breakpoint in known.values():
        breakpoint.enabled = False
    exit_code = last_exit.get("code")  # kill is an exit event too
    if gdb.selected_inferior().pid:
        gdb.execute("kill", to_string=True)
    for name, breakpoint in known.items():
        hits[name] = hits.get(name, 0) + breakpoint.hit_count  # run sets the count back
        breakpoint.hit_count = 0
    with open("program.err", errors="replace") as opened:
        stderr = "".join(opened.readlines()[:40])
    for name in ("program.out", "program.err"):
        os.unlink(name)
    return {
        "args": run["args"],
        "gomaxprocs": run["gomaxprocs"],
        "stops": stops,
        "exit_code": exit_code,
        "stderr": stderr,
    }


def session(order):
    gdb.execute("set disable-randomization off")  # Docker's seccomp profile refuses personality(2)
    gdb.execute("set breakpoint pending off")
    gdb.execute("set print thread-events off")
    gdb.execute("handle SIGSEGV nostop noprint pass", to_string=True)  # the Go runtime's own business
    # -trimpath leaves names such as runtime/panic.go and claimlab/program/main.go: tell gdb where these lie.
    gdb.execute("set directories " + order["goroot_src"])
    gdb.execute("set substitute-path claimlab/%s %s.src" % (order["binary"], order["binary"]))
    gdb.execute("file " + order["binary"], to_string=True)
    gdb.execute("source %s/runtime/runtime-gdb.py" % order["goroot_src"], to_string=True)
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


def main():
    order = json.loads(ORDER)
    try:
        answer = session(order)
    except Exception:
        answer = "\n".join(transcript[-10:]) + "\n" + traceback.format_exc()
    with open(order["answer"], "w") as opened:
        json.dump(answer, opened)


main()
