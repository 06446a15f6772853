"""Pictures of what load-or-store-cas saw: what changes the pointer, what follows a failed CAS, and the listing."""

import re
from collections.abc import Mapping, Sequence

from claimlab import ARTICLE, Code, Line, Listing, Pictures, Skip, Touch, Words, alike, most, parts

from .lab import Executed, Seen, Trace
from .under_gdb import ANOTHER, CAS_POINTER, EMPTIED

pictures = Pictures()

NEAR = 1
"""Instructions that are shown before and after one that is marked."""
COMPARES = Words("changes the pointer if it is nil", "指针为 nil 时才改写它")
STORES = Words("changes the pointer, whatever it is", "不管原值，直接改写指针")
RELOADS = Words("reads the pointer again, by a plain `MOV`", "用普通的 `MOV` 再读一次指针")
RETURNS = {
    False: Words("returns; no `PAUSE` on the way", "返回；途中没有 `PAUSE`"),
    True: Words("returns", "返回"),
}
"""By whether a PAUSE was executed."""


@pictures.of(
    "3.3-a/1",
    "3.3-b",
    title=Words(
        "`LoadOrStore` of a deleted key: what touches the key's pointer",
        "对已删除的 key 调用 `LoadOrStore`：哪些指令碰了它的指针",
    ),
)
def touches(seen: Mapping[str, Seen]) -> Code:
    claimed = Listing(
        ARTICLE, "sync.(*Map).LoadOrStore", (Line("LOCK CMPXCHG", marked=True, note=Words("in a loop", "在循环里")),)
    )
    found = alike(seen, lambda one: one.end("deleted").touches, operations)
    return Code((claimed, *(Listing(on, "sync.(*Map).LoadOrStore", tuple(map(touching, each))) for on, each in found)))


def operations(touches: Sequence[Touch]) -> object:
    """Registers and inlined functions differ between releases that do the same."""
    return [(touch.instruction.split(" %")[0].split(" (")[0], touch.before != touch.after) for touch in touches]


def touching(touch: Touch) -> Line:
    changes = touch.before != touch.after
    note = (COMPARES if "cmpxchg" in touch.instruction else STORES) if changes else None
    return Line(touch.instruction, source=plain(touch.function), marked=changes, note=note)


def plain(function: str) -> str:
    """Without its type arguments."""
    return re.sub(r"\[.*\]", "[…]", function)


@pictures.of(
    "3.3-a/2",
    "3.3-e/1",
    "3.3-e/2",
    "3.3-f",
    "3.3-l",
    title=Words("What `LoadOrStore` does after a failed compare-and-swap", "CAS 失败之后，`LoadOrStore` 做什么"),
)
def failures(seen: Mapping[str, Seen]) -> Code | None:
    """Two situations, each of the largest group of toolchains that execute the same."""
    heads = {
        ANOTHER: Words("Another goroutine has stored a value.", "另一个 goroutine 已写入一个值。"),
        EMPTIED: Words(
            "The same, and that value is gone again before it is looked at.", "同上，但在查看之前那个值又被删掉了。"
        ),
    }
    listings = []
    for name, words in heads.items():
        found = most(seen, lambda one, name=name: one.traces.get(name), steps_of)  # type: ignore[misc]
        if found:
            on, trace = found
            listings.append(Listing(on, "sync.(*Map).LoadOrStore", after(trace), words))
    return Code(tuple(listings)) if listings else None


def steps_of(trace: Trace) -> object:
    return [(step.text.split()[0], step.function, step.touches_word, step.swapped) for step in trace.steps]


def after(trace: Trace) -> tuple[Line | Skip, ...]:
    """The marked instructions, with some around them."""
    notes = {place: note for place, step in enumerate(trace.steps) if (note := note_of(step))}
    if trace.steps:
        notes[len(trace.steps) - 1] = RETURNS[any("pause" in step.text for step in trace.steps)]
    return tuple(
        one if isinstance(one, Skip) else executed(trace.steps[one], notes.get(one))
        for one in parts.near(notes, len(trace.steps), NEAR, NEAR)
    )


def executed(step: Executed, note: Words | None) -> Line:
    text = re.sub(r"\s+# .*", "", re.sub(r"0x[0-9a-f]+ <(.*)>", r"\1", step.text))
    return Line(text, source=plain(step.function), marked=note is not None, note=note)


def note_of(step: Executed) -> Words | None:
    if not step.touches_word:
        return None
    if not step.compares:
        return RELOADS
    expected = "nil" if step.expected == 0 else f"{step.expected:#x}"
    if step.swapped:
        return Words(f"expects {expected}, finds it, and swaps", f"期望 {expected}，相符，交换成功")
    return Words(f"expects {expected}, finds a value, and fails", f"期望 {expected}，却已有值，失败")


@pictures.of(
    "3.3-d/1",
    "3.3-d/2",
    title=Words(
        "The listed loop, and what `CompareAndSwapPointer` does", "文中的循环，与 `CompareAndSwapPointer` 的实际指令"
    ),
)
def listing(seen: Mapping[str, Seen]) -> Code:
    claimed = Listing(
        ARTICLE,
        "CompareAndSwapPointer",
        (
            Line("MOVQ ptr, AX"),
            Line("MOVQ old, CX"),
            Line("MOVQ new, DX"),
            Line(
                "LOCK CMPXCHGQ DX, (AX)",
                marked=True,
                note=Words("compares with AX, which holds the address", "与 AX 比较，而 AX 里是地址"),
            ),
            Line("JZ done"),
            Line("PAUSE"),
            Line("JMP loop"),
        ),
    )
    return Code((claimed, *(Listing(on, CAS_POINTER, lines) for on, lines in alike(seen, swapping))))


def swapping(seen: Seen) -> tuple[Line, ...] | None:
    """The function that has the compare-and-swap, whole."""
    for function in seen.code:
        if function.name.startswith("sync/atomic.") and any("cmpxchg" in one.text for one in function.instructions):
            once = Words("once; the caller is told whether it swapped", "只做一次；是否交换成功由返回值告知")
            lines = (
                parts.line(one, function, once if "cmpxchg" in one.text else None) for one in function.instructions
            )
            return tuple(Line(one.text, source=function.name, marked=one.marked, note=one.note) for one in lines)
    return None
