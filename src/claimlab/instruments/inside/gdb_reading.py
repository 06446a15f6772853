"""Runs inside gdb: reads the stopped program, and keeps the transcript for people."""

import gdb

import __main__

WORD = (1 << 64) - 1
STRING_LIMIT = 4096
DEEPEST = 60  # frames; older ones are not listed

transcript = []


def show(command):
    """Does a command as a person would type it and keeps both in the transcript."""
    transcript.append("(gdb) " + command)
    try:
        reply = gdb.execute(command, to_string=True)
    except gdb.error as error:
        reply = str(error) + "\n"
    transcript.append(reply.rstrip("\n"))
    return reply.strip()


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
    if size == 0:  # gdb 16 refuses to read nothing
        return ""
    try:
        return bytes(gdb.selected_inferior().read_memory(start & WORD, size)).decode("utf-8", "replace")
    except gdb.error:
        return None


def registers():
    frame = gdb.newest_frame()
    found = {}
    for register in frame.architecture().registers("general"):
        found[register.name] = int(frame.read_register(register.name)) & WORD
    return found


def argument(value):
    """As `plain`; None for a func value too, which gdb takes for a function's code, at no address."""
    return None if value.type.strip_typedefs().code == gdb.TYPE_CODE_FUNC else plain(value)


def arguments():
    # The innermost block may be a lexical one; arguments stand in the block that has the function.
    block = gdb.newest_frame().block()
    while block is not None and block.function is None:
        block = block.superblock
    frame = gdb.newest_frame()
    return {symbol.name: argument(symbol.value(frame)) for symbol in block or () if symbol.is_argument}


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


def function_at(pc):
    """The innermost function by DWARF, which may be an inlined one."""
    block = gdb.block_for_pc(pc)
    while block is not None and block.function is None:
        block = block.superblock
    return str(block.function) if block else ""


def goroutines():
    """Every goroutine that is not dead, through the reader classes that runtime-gdb.py defined."""
    found = []
    for pointer in __main__.SliceValue(gdb.parse_and_eval("'runtime.allgs'")):
        status = int(pointer["atomicstatus"]["value"])
        name = __main__.sts.get(status, "unknown(%d)" % status)
        if name == "dead":
            continue
        found.append(
            {
                "id": int(pointer["goid"]),
                "status": name,
                "on_thread": bool(int(pointer["m"])),
                "function": function_at(int(pointer["sched"]["pc"]) & WORD),
            }
        )
    return found
