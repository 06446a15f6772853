"""Pictures of what map-fast32-locks saw: what a lookup runs, and how it looks at the mark of a writer."""

import re
from collections.abc import Mapping
from dataclasses import replace

from claimlab import ARTICLE, Call, Calls, Chain, Code, Line, Listing, On, Pictures, Words, alike, parts

from .judges import LOCKS, executed, last
from .lab import DEATHS, FAST, OWN_ATOMIC, Seen

pictures = Pictures()

PLACE = re.compile(r"\b[0-9a-f]{5,} <(?P<name>[^<>+]+)(?P<distance>\+0x[0-9a-f]+)?>")
"""Of a jump or call in objdump's text: the address, and what lies there."""
BEFORE = 4


@pictures.of(
    "1-d",
    "1-f",
    title=Words("A lookup that meets the mark of a writer", "查找遇到写入标记时"),
)
def meeting_a_writer(seen: Mapping[str, Seen]) -> Chain | None:
    """gdb has set the mark in a process with one goroutine."""
    claimed = Calls(
        ARTICLE,
        (Call("a map[int32]T"), Call(FAST, marked=True)),
        Words("hashing, location of the bucket, probing; nothing else", "只做哈希、定位桶和探测，别无其他"),
    )
    found = alike(seen, ending, lambda trace: [call.function for call in trace.calls])
    return Chain((claimed, *(replace(trace, whose=on) for on, trace in found))) if found else None


def ending(seen: Seen) -> Calls | None:
    stop = last(seen.marked("int32"))
    if stop is None or stop.at not in DEATHS:
        return None
    message = f"“{stop.arguments.get('s', '')}”"
    return parts.calls(ARTICLE, stop.frames, marked=[FAST, *DEATHS], ends=Words(message, message))


@pictures.of(
    "1-e",
    "1-f",
    title=Words("No lock, but a check", "没有锁，却有检查"),
)
def checks(seen: Mapping[str, Seen]) -> Code | None:
    """The instructions around the call that ends the process; and for comparison a function of ours that does lock."""
    found = alike(seen, check)
    if not found:
        return None
    newest = list(seen)[-1]
    compared = locking(seen[newest], On((newest,)))
    return Code((*(replace(one, whose=on) for on, one in found), *([compared] if compared else [])))


def check(seen: Seen) -> Listing | None:
    """What leads to the call, and whether anything locks in all that one lookup executes."""
    codes = executed(seen, FAST, "int32")
    locks = sum(len(one.atomics) for one in codes)
    note = Words(
        f"Of the instructions that one lookup executes {locks} lock."
        if locks
        else "Nothing that one lookup executes locks.",
        f"一次查找所执行的全部指令中，{f'有 {locks} 条加锁' if locks else '没有一条加锁'}。",
    )
    for code in codes:
        lines = seen.objdump.get(code.name, [])
        place = next((at for at, line in enumerate(lines) if "call" in line and ".fatal>" in line), None)
        if place is not None:
            says = Words("a writer is there: the process ends", "发现有写入者：进程终止")
            before = [Line(plain(line)) for line in lines[:place] if not line.startswith("nop")][-BEFORE:]
            return Listing(ARTICLE, code.name, (*before, Line(plain(lines[place]), marked=True, note=says)), note)
    return None


def locking(seen: Seen, on: On) -> Listing | None:
    lines = seen.objdump.get(OWN_ATOMIC, [])
    note = Words("for comparison: this locks", "对照：这一条会加锁")
    shown = [Line(plain(line), marked=True, note=note) if LOCKS.search(line) else Line(plain(line)) for line in lines]
    return Listing(on, OWN_ATOMIC, tuple(shown)) if shown else None


def plain(text: str) -> str:
    """Without addresses."""
    named = PLACE.sub(lambda match: match["distance"] or match["name"], text).partition(" #")[0]
    return re.sub(r"\[rip[+-]0x[0-9a-f]+\]", "[…]", named)
