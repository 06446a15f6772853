"""Runs inside gdb: breakpoints that stop, counters and watchpoints that note what happens and let the program go on."""

import gdb
from gdb_reading import WORD, evaluate, function_at, show

MOST_TOUCHES = 50  # of one watchpoint; then it is taken off
MOST_HITS = 5000  # of one counter
DEEPEST = 12  # callers in a chain
C_TYPES = {1: "unsigned char", 2: "unsigned short", 4: "unsigned int", 8: "unsigned long"}
ACCESSES = {"write": gdb.WP_WRITE, "access": gdb.WP_ACCESS}


def location(name):
    """What `break` takes: an address expression as it is, a function by its quoted name."""
    return name if name.startswith("*") else "'%s'" % name


def set_breakpoint(name):
    before = {known.number for known in gdb.breakpoints()}
    reply = show("break " + location(name))
    made = [known for known in gdb.breakpoints() if known.number not in before]
    if not made:
        return {"name": name, "resolved": False, "addresses": [], "reply": reply}, None
    made[0].enabled = False
    addresses = [place.address for place in made[0].locations]
    return {"name": name, "resolved": True, "addresses": addresses, "reply": reply}, made[0]


def callers():
    names, frame = [], gdb.newest_frame()
    while frame is not None and frame.is_valid() and frame.pc() and len(names) < DEEPEST:
        names.append(frame.name() or "?")
        frame = frame.older()
    return names


class Counter(gdb.Breakpoint):
    """Counts executions of a function, and sums up an expression, by who called it."""

    def __init__(self, name, summed):
        super().__init__(location(name), internal=True)
        self.name, self.hits, self.chains = name, 0, {}
        self.summed, self.sums = summed, {}

    def stop(self):
        self.hits += 1
        chain = " < ".join(callers())
        self.chains[chain] = self.chains.get(chain, 0) + 1
        value = evaluate(self.summed) if self.summed else None
        if isinstance(value, int):
            self.sums[chain] = self.sums.get(chain, 0) + value
        if self.hits >= MOST_HITS:
            self.enabled = False
        return False


class Watch(gdb.Breakpoint):
    """Notes every instruction that touches a word; the processor's debug registers do the watching.

    For "write" gdb reports only writes that change the value; for "access" every read and write.
    """

    def __init__(self, label, start, size, access, touches):
        # Fixed addresses in C's syntax: Go's has no cast to a pointer that gdb would take.
        gdb.execute("set language c")
        try:
            super().__init__("*(%s *)0x%x" % (C_TYPES[size], start), gdb.BP_WATCHPOINT, ACCESSES[access], internal=True)
        finally:
            gdb.execute("set language auto")
        if self.type == gdb.BP_WATCHPOINT:
            raise LookupError("no debug register is left to watch " + label)
        self.label, self.start, self.size, self.touches = label, start, size, touches
        self.count, self.cut, self.last = 0, False, self.value()

    def value(self):
        return int.from_bytes(bytes(gdb.selected_inferior().read_memory(self.start, self.size)), "little")

    def stop(self):
        if self.count == MOST_TOUCHES:
            self.cut, self.enabled = True, False
            return False
        self.count += 1
        address, text = instruction_before(gdb.newest_frame())
        place = gdb.find_pc_line(address)
        now = self.value()
        self.touches.append(
            {
                "label": self.label,
                "pc": gdb.newest_frame().pc(),
                "instruction": text,
                "instruction_address": address,
                "function": function_at(address),
                "file": place.symtab.filename if place.symtab else "",
                "line": place.line,
                "callers": callers(),
                "before": self.last,
                "after": now,
            }
        )
        self.last = now
        return False


def readable(start, size):
    try:
        gdb.selected_inferior().read_memory(start, size)
    except gdb.MemoryError:
        return False
    return True


def instruction_before(frame):
    """The instruction that has just been executed: the one that ends where the program stands.

    Not so for a jump or a return, and for a repeated string instruction, which stands where it is until it is done.
    """
    pc, architecture = frame.pc(), frame.architecture()
    here = architecture.disassemble(pc)[0]
    if here["asm"].startswith("rep"):
        return pc, here["asm"]
    start = start_of(pc)
    if start is None or start >= pc:
        return pc, ""
    last = architecture.disassemble(start, pc - 1)[-1]
    if last["addr"] + last["length"] != pc:
        return pc, ""
    return last["addr"], " ".join(last["asm"].split())


def start_of(pc):
    """Where the function begins by the symbol table; DWARF's innermost function may be an inlined one."""
    words = gdb.execute("info symbol 0x%x" % pc, to_string=True).split()
    if "+" not in words:
        return pc if "section" in words else None
    return pc - int(words[words.index("+") + 1])


def return_address():
    """Where the function that the program stands in will return to."""
    frame = gdb.newest_frame()
    while frame.type() == gdb.INLINE_FRAME:
        frame = frame.older()
    if frame.older() is None:
        raise LookupError("the function that is to return has no caller")
    return frame.older().pc()


class Lookouts:
    """The watches and counters of one step."""

    def __init__(self, step):
        self.watches, self.counters, self.unwatched, self.unknown = [], [], [], []
        self.touches = []
        for watch in step["watches"]:
            start = evaluate(watch["address"])
            if isinstance(start, int) and readable(start & WORD, watch["size"]):
                self.watches.append(Watch(watch["label"], start & WORD, watch["size"], watch["access"], self.touches))
            else:
                self.unwatched.append(watch["label"])
        for name in step["counts"]:
            try:
                counter = Counter(name, step["sums"])
            except gdb.error:  # an address expression of what is not there
                self.unknown.append(name)
                continue
            if counter.pending:  # made all the same, to wait for a library that has it
                counter.delete()
                self.unknown.append(name)
            else:
                self.counters.append(counter)

    def take_off(self):
        """What they saw, in the order asked for; nothing of them is left."""
        counted = [
            {"name": one.name, "resolved": True, "hits": one.hits, "chains": one.chains, "sums": one.sums}
            for one in self.counters
        ]
        counted += [{"name": name, "resolved": False, "hits": 0, "chains": {}, "sums": {}} for name in self.unknown]
        seen = {
            "touches": self.touches,
            "cut": [watch.label for watch in self.watches if watch.cut],
            "unwatched": self.unwatched,
            "counted": counted,
        }
        for one in [*self.watches, *self.counters]:
            if one.is_valid():
                one.delete()
        return seen
