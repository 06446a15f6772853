"""Runs inside gdb: lets one thread of the program run alone, and notices where it waits for one that stands still.

The runtime's threads need each other now and then: for a lock, to stop the world, to look at a stack. Then the lone
thread waits for ever: asleep, or yielding again and again.
"""

import gdb
from gdb_answering import Hindered
from gdb_reading import WORD, evaluate, frames, show, transcript

FUTEX_WAIT, OPERATION = 0, 0x7F  # of futex(2); the bits above are flags
MOST_YIELDS = 300
YIELDS = ("runtime.osyield", "runtime.usleep")


def word_at(start, size=8):
    return int.from_bytes(bytes(gdb.selected_inferior().read_memory(start, size)), "little")


class Sleeps(gdb.Breakpoint):
    """Stops the thread where it is about to sleep until another one wakes it.

    runtime.futex is assembly whose arguments lie on the stack, above one word (https://go.dev/doc/asm: FP). It sleeps
    without a time limit for a lock, or since there is nothing to do; with one, which begins anew each time, for those
    who are to stop, on a word of runtime.sched (runtime/proc.go: stopTheWorldWithSema, forEachPInternal).
    """

    def __init__(self):
        super().__init__("*'runtime.futex'", internal=True)
        scheduler = gdb.parse_and_eval("&'runtime.sched'")
        self.scheduler = range(int(scheduler) & WORD, (int(scheduler) & WORD) + scheduler.type.target().sizeof)

    def stop(self):
        arguments = (int(gdb.parse_and_eval("$sp")) & WORD) + 8
        address, limit = word_at(arguments), word_at(arguments + 16)
        operation, value = word_at(arguments + 8, 4), word_at(arguments + 12, 4)
        if operation & OPERATION != FUTEX_WAIT or word_at(address, 4) != value:
            return False
        return limit == 0 or address in self.scheduler


class Yields(gdb.Breakpoint):
    """Stops the thread where it has yielded very often: for a goroutine whose state another one is to change."""

    def __init__(self, name):
        super().__init__("'%s'" % name, internal=True)
        self.times = 0

    def stop(self):
        self.times += 1
        return self.times > MOST_YIELDS


class Alone:
    """Only the thread whose stack holds the function runs; all others stand still."""

    def __init__(self, function):
        if evaluate("'%s'" % function) is None:
            raise LookupError("no thread executes %s: the binary has no such function" % function)
        self.switch_to(function)
        transcript.append("# only the thread in %s runs now" % function)
        show("set scheduler-locking on")
        if gdb.parameter("scheduler-locking") != "on":
            raise LookupError("gdb cannot let one thread run alone: " + transcript[-1])
        self.waits = [Sleeps(), *map(Yields, YIELDS)]

    def switch_to(self, function):
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            frame = gdb.newest_frame()
            while frame is not None and frame.name() != function:
                frame = frame.older()
            if frame is not None:
                return
        raise Hindered("no thread executes %s at this moment" % function)

    def took_off(self, hit):
        """Nothing of this is left but the lock; :class:`Hindered` if the thread waits."""
        waited = [one for one in self.waits if one in hit]
        for one in self.waits:
            one.delete()
        if waited:
            chain = " < ".join(frame["function"] for frame in frames()[:6])
            raise Hindered("the thread that runs alone waits for one that stands still, in " + chain)


def let_all_run():
    """All threads run from here on, those of the next process too.

    Else the lock of a process that ended under it stays, and since gdb 14 it holds every thread that the next one
    starts. Where no process lives gdb says that it cannot, and does it (gdb/infrun.c: set_schedlock_func).
    """
    try:
        gdb.execute("set scheduler-locking off")
    except gdb.error:
        pass
    if gdb.parameter("scheduler-locking") != "off":
        raise LookupError("gdb holds threads that are to run")
