"""Runs inside gdb: finds out at the start whether this gdb, on this machine, does what the other scripts rely on."""

import gdb
from gdb_answering import Unfit

NEEDED = {
    gdb: ("events", "lookup_static_symbol", "newest_frame", "parse_and_eval"),
    gdb.Breakpoint: ("condition", "enabled", "locations"),  # locations since gdb 13
    gdb.Architecture: ("disassemble", "registers"),
    gdb.Frame: ("block", "find_sal", "read_register"),
}


def check_names():
    """The names of gdb's Python interface that the scripts use are there."""
    for owner, names in NEEDED.items():
        for name in names:
            if not hasattr(owner, name):
                raise Unfit("its Python has no %s.%s" % (owner.__name__, name))


def check_process(with_watches):
    """A process can be started and held at its first instruction; and, if asked, words of it can be watched.

    Without ptrace gdb says that the program ended during startup, which would pass for the program's own end.
    """
    try:
        reply = gdb.execute("starti > /dev/null 2>&1", to_string=True)
    except gdb.error as error:
        raise Unfit("it cannot start a process (%s)" % error) from None
    if not gdb.selected_inferior().pid:
        raise Unfit("it cannot hold a process where it starts (%s)" % " ".join(reply.split()))
    try:
        if with_watches:
            check_watching(int(gdb.parse_and_eval("&'runtime.argc'")))
    finally:
        if gdb.selected_inferior().pid:
            gdb.execute("kill", to_string=True)


def check_watching(address):
    """The write to a word is noticed: runtime.args puts the count of arguments, at least one, where zero was."""
    gdb.execute("set language c")
    try:
        watch = gdb.Breakpoint("*(int *)0x%x" % address, gdb.BP_WATCHPOINT, gdb.WP_WRITE, internal=True)
    finally:
        gdb.execute("set language auto")
    beyond = gdb.Breakpoint("'runtime.schedinit'", internal=True)  # comes soon after (runtime/asm_amd64.s: rt0_go)
    try:
        if watch.type == gdb.BP_WATCHPOINT:
            raise Unfit("it has no debug registers to watch a word with")
        gdb.execute("continue", to_string=True)
        if not watch.hit_count:
            raise Unfit("its debug registers did not notice that a word was written")
    except gdb.error as error:
        raise Unfit("its debug registers cannot be used (%s)" % error) from None
    finally:
        watch.delete()
        beyond.delete()
