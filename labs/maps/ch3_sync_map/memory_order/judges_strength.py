"""How strong the order is: the claims 3.1-h and 3.1-i/2."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Share, Touch, fails, holds, share, unclear, void

from .flow import Use
from .lab import STORE_POINTER, Arm, Code, Compiled, Seen

judges = Judges()

VOID: Final = void("`sync.Map` has no field `read` in this toolchain")
LEAST_SHOWN: Final = 100
"""Times that the plain arm must have shown the outcome, before "never" says anything of the other one."""
RARER: Final = 100
"""By this factor, bound against bound, the outcome has to be rarer than in the plain arm."""
_ORDERED: Final = re.compile(r"(lock\b|xchg|mfence|stlr|swp|cas|dmb)")


def is_ordered(touch: Touch) -> bool:
    """It orders memory for other processors, by gdb's text."""
    return _ORDERED.match(touch.instruction) is not None


def writes_of(touches: Sequence[Touch]) -> list[Touch]:
    return [touch for touch in touches if touch.before != touch.after]


def told(arm: Arm) -> str:
    """The count with its interval; of what was never seen, the upper bound."""
    found = share(arm.neither, arm.iterations)
    return str(found) if found.count else f"0 of {found.runs} (at most {100 * found.high:.4f} %)"


@dataclass(frozen=True)
class Pair:
    """A store and a load, as instructions and in the litmus test."""

    name: str
    arm: Arm
    plain: Arm
    """The arm that has to show the outcome."""
    code: dict[str, list[Use]]
    """By architecture: the store, or the calls and writes that it consists of, and the load of the other word."""
    ordering: list[str]
    """Instructions between the two that order memory, in the function itself."""
    touches: list[Touch]
    """What gdb saw touch the word."""

    def neither(self) -> Share:
        return share(self.arm.neither, self.arm.iterations)

    def shown(self) -> bool:
        """The plain arm shows the outcome, and often enough for its absence in the other arm to count."""
        plain = share(self.plain.neither, self.plain.iterations)
        return self.plain.neither >= LEAST_SHOWN and self.neither().high * RARER < plain.low

    def in_words(self) -> str:
        words = f"neither thread saw the other's write in {told(self.arm)} iterations with {self.name}"
        return words if self.arm is self.plain else f"{words}; with plain accesses in {told(self.plain)}"

    def as_text(self) -> str:
        lines = [f"{name}:\n" + "\n".join(f"  {use}" for use in uses) for name, uses in self.code.items()]
        touched = [f"  {touch.instruction}   in {' < '.join(touch.callers[:3])}" for touch in self.touches]
        return "\n".join([*lines, "touched the word:", *touched])


def stored(uses: Sequence[Use]) -> list[Use]:
    """The writes, of which none is conditional."""
    return [use for use in uses if use.access in ("w", "rw") and use.always]


def through_the_call(code: Code) -> list[Use]:
    """The call of StorePointer with the first word, what that leads to, and the load of the second word."""
    own = [use for use in code.pairs["main.atomically"] if use.always]
    call = [use for use in own if use.target == STORE_POINTER and use.where == "mine"]
    return [*call, *(use for use in code.store_pointer if use.always), *loads_after(call, own)]


def without_a_call(code: Code) -> list[Use]:
    own = [use for use in code.pairs["main.plainly"] if use.always]
    store = [use for use in own if use.access == "w" and use.where == "mine"]
    return [*store, *loads_after(store, own)]


def loads_after(store: Sequence[Use], uses: Sequence[Use]) -> list[Use]:
    """The loads of the other word that follow the store; the compiler might have turned the two round."""
    begin = store[-1].address if store else None
    return [
        use for use in uses if use.access == "r" and use.where == "other" and begin is not None and use.address > begin
    ]


def atomic_pair(seen: Seen) -> Pair:
    code = {one.architecture: through_the_call(one) for one in seen.code}
    name = "`StorePointer` and `LoadPointer`"
    return Pair(name, seen.litmus.atomic, seen.litmus.plain, code, [], seen.touches["word"])


def plain_pair(seen: Seen) -> Pair:
    code = {one.architecture: without_a_call(one) for one in seen.code}
    ordering = [text for one in seen.code for text in one.ordering["main.plainly"]]
    return Pair("plain accesses", seen.litmus.plain, seen.litmus.plain, code, ordering, seen.touches["plain"])


@judges.of(
    "3.1-h",
    sees=atomic_pair,
    control=Control("a pointer that is stored and loaded by plain assignments", plain_pair, Outcome.FAILS),
)
def store_pointer_is_sequentially_consistent(pair: Pair) -> Finding:
    """Store buffering: with sync/atomic, two threads that each store and then load never both miss the other's store.

    The plain arm has to show that outcome in the same process. Besides, the instruction that stores must be an ordering
    one, on every way through StorePointer, in the code for amd64 and for arm64, and so must be arm64's load; and debug
    registers must find it at the very word.
    """
    writes = {name: stored(uses) for name, uses in pair.code.items()}
    loads = {name: [use for use in uses if use.access == "r"] for name, uses in pair.code.items()}
    last = {name: f"`{found[-1].text}`" for name, found in writes.items() if found}
    words = f"{pair.in_words()}; the store is {', '.join(f'{text} on {name}' for name, text in last.items())}"
    words += "".join(f", the load `{use.text}` on {name}" for name, found in loads.items() for use in found)
    touched = writes_of(pair.touches)
    if len(last) != len(pair.code) or not all(loads.values()) or not touched:
        return unclear(words, pair.as_text())
    ordered = {name: all(use.atomic for use in found) for name, found in writes.items()}
    arm_loads = all(use.atomic for use in loads.get("arm64", []))
    if all(ordered.values()) and arm_loads and all(map(is_ordered, touched)):
        quiet = pair.arm.neither == 0 and pair.shown()
        return holds(words, pair.as_text()) if quiet else unclear(words, pair.as_text())
    if not any(ordered.values()) and not any(map(is_ordered, touched)) and not pair.ordering:
        seen = pair.arm.neither >= LEAST_SHOWN
        return fails(words, pair.as_text()) if seen else unclear(words, pair.as_text())
    return unclear(f"the instruments disagree: {words}", pair.as_text())


@dataclass(frozen=True)
class Strength:
    """A pair in the litmus test, the instruction that stores a word, and what a C compiler makes of C11's stores."""

    pair: Pair
    word: str
    stores: list[Touch]
    c11: dict[str, Compiled] = field(default_factory=dict)


def of_read(seen: Seen) -> Strength | None:
    if not seen.has_read:
        return None
    c11 = {one.name: one for one in seen.c11}
    return Strength(atomic_pair(seen), "read", writes_of(seen.touches["read"]), c11)


def of_plain(seen: Seen) -> Strength:
    c11 = {one.name: one for one in seen.c11}
    return Strength(plain_pair(seen), "plain", writes_of(seen.touches["plain"]), c11)


@judges.of(
    "3.1-i/2",
    sees=of_read,
    control=Control(
        "a pointer stored and loaded by plain MOV, which is C11's release and acquire", of_plain, Outcome.HOLDS
    ),
)
def is_no_stronger_than_release(strength: Strength | None) -> Finding:
    """The pair allows what release and acquire allow: in store buffering, that neither thread sees the other's write.

    And the instruction that stores the word is of the kind that a C compiler makes of a release store, which on amd64
    is a plain one; of a sequentially consistent store it makes an ordering one.
    """
    if strength is None:
        return VOID
    pair, stores = strength.pair, strength.stores
    weak, strong = strength.c11["release_store"], strength.c11["seq_cst_store"]
    words = f"{pair.in_words()}; `{strength.word}` is stored by "
    words += ", ".join(f"`{text}`" for text in dict.fromkeys(touch.instruction for touch in stores)) or "nothing"
    words += f"; of C11's release store gcc makes `{weak.instructions[0]}`, of its sequentially consistent one "
    words += f"`{strong.instructions[0]}`"
    if not stores or weak.ordering or not strong.ordering:
        return unclear(words, pair.as_text())
    if all(map(is_ordered, stores)) and pair.arm.neither == 0 and pair.shown():
        return fails(words, pair.as_text())
    if not any(map(is_ordered, stores)) and pair.arm.neither >= LEAST_SHOWN:
        return holds(words, pair.as_text())
    return unclear(words, pair.as_text())
