"""What the observations of fast32-calls say of the claims 2.2-a … 2.2-e."""

from collections.abc import Callable
from dataclasses import dataclass

from claimlab import (
    CallSite,
    Control,
    Counted,
    Finding,
    Judges,
    Outcome,
    Stop,
    Tree,
    Typed,
    decided,
    fails,
    holds,
    unclear,
)

from .lab import KINDS, SIZES, TIMES, Entered, Seen

judges = Judges()

ACCESS, ASSIGN = "runtime.mapaccess1_fast32", "runtime.mapassign_fast32"
GENERIC = "runtime.mapaccess1"


# --- what is called ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Used:
    """What a lookup and an assignment of one map call, by the compiler's listing and by gdb's counts."""

    key: str
    listed: list[CallSite]
    executed: list[Counted]


def used(seen: Seen, way: str, key: str) -> Used:
    functions = {f"main.{verb}{way.capitalize()}" for verb in ("get", "set")}
    return Used(key, [call for call in seen.calls if call.function in functions], seen.executed[way])


@judges.of(
    "2.2-a",
    sees=lambda seen: used(seen, "fast", "int32"),
    control=Control("a map[int16]int", lambda seen: used(seen, "narrow", "int16"), Outcome.FAILS),
)
def both_functions_are_used(one: Used) -> Finding:
    """A lookup and an assignment, with an int for T, call these two functions and no other of the map functions.

    By the compiler's listing and, independently, by gdb's counts of what is executed. How large T may be is seen under
    2.2-e.
    """
    listed = {call.target for call in one.listed}
    # The collector's signals may come between a stop and what it stopped at, which then counts twice.
    executed = {counted.name: counted.hits for counted in one.executed if counted.hits}
    if any(hits < TIMES for hits in executed.values()) or listed != set(executed):
        return unclear(f"the listing has {code(listed)}, gdb counted {executed}")
    counts = " and ".join(f"`{name}` {hits} times" for name, hits in executed.items())
    words = f"`map[{one.key}]int`: the compiler's listing calls {code(listed)}; in {TIMES} lookups and {TIMES} "
    words += f"assignments gdb counted {counts}"
    return decided(listed == {ACCESS, ASSIGN}, words, "\n".join(f"{call.function}: {call.text}" for call in one.listed))


def code(names: set[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))


@judges.of(
    "2.2-c",
    sees=lambda seen: (seen.typed["int32"], seen.typed["imports"]),
    control=Control(
        "the same program with int16 keys", lambda seen: (seen.typed["int16"], seen.typed["imports"]), Outcome.FAILS
    ),
)
def the_command_prints_the_call(typed: tuple[Typed, Typed]) -> Finding:
    """The command succeeds on a main.go that reads such a map and imports nothing, and prints that call."""
    plain, importing = typed
    if plain.exit_code:
        return unclear(f"`{plain.command}` ended with {plain.exit_code}", plain.complaint)
    found = [call for call in plain.calls if call.target.startswith("runtime.mapa")]
    words = f"`{plain.command}` prints " + (", ".join(f"`CALL {call.target}(SB)`" for call in found) or "no such call")
    if importing.exit_code:
        words += f"; on a main.go that imports fmt it fails: “{importing.complaint.strip()}”"
    return decided(ACCESS in {call.target for call in found}, words, "\n".join(call.text for call in found))


# --- when it is put in -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phases:
    """A call, and the tree of the function that makes it before and after walk."""

    call: str
    tree: Tree | None


def phases(seen: Seen, function: str, call: str) -> Phases:
    return Phases(call, next((tree for tree in seen.trees if tree.function == function), None))


@judges.of(
    "2.2-d",
    sees=lambda seen: phases(seen, "lookup", ACCESS),
    control=Control(
        "a call of an ordinary function, which stands in the source",
        lambda seen: phases(seen, "ordinary", "main.older"),
        Outcome.HOLDS,
    ),
)
def there_after_type_checking(phases: Phases) -> Finding:
    """The call stands in the function's tree as it is once type checking is over, before the phase “walk” begins."""
    if phases.tree is None or phases.call not in phases.tree.after:
        return unclear(f"the compiler's trees do not show `{phases.call}`")
    there = phases.call in phases.tree.before
    words = f"the tree of `{phases.tree.function}` " + ("has" if there else "does not have")
    words += f" `{phases.call}` before walk, and has it after"
    shown = [*lines_with(phases.tree.before, ("INDEXMAP ", phases.call), "before walk")]
    return decided(there, words, "\n".join([*shown, *lines_with(phases.tree.after, (phases.call,), "after walk")]))


def lines_with(tree: str, words: tuple[str, ...], phase: str) -> list[str]:
    return [f"{phase}: {line}" for line in tree.splitlines() if any(word in line for word in words)]


@dataclass(frozen=True)
class Row:
    """What the compiler chose for one kind of key and one size of value."""

    key: str
    value_bytes: int
    target: str
    hashing: dict[str, int]
    """How often hash functions were entered as functions of their own during the lookups."""

    @property
    def hash_inlined(self) -> bool:
        return not self.hashing

    def __str__(self) -> str:
        return f"map[{self.key}] with values of {self.value_bytes} bytes: {self.target}"


@dataclass(frozen=True)
class Rule:
    """When a function is said to be chosen."""

    function: str
    says: str
    applies: Callable[[Row], bool]
    rows: list[Row]


NAMES = {"bytes": "[4]byte", "struct": "struct{int32}"}


def rows(seen: Seen) -> list[Row]:
    targets = {call.function: call.target for call in seen.calls}
    return [
        Row(NAMES.get(key, key), size, targets.get(f"main.{key}To{size}", ""), seen.hashed[key])
        for key in KINDS
        for size in SIZES
    ]


@judges.of(
    "2.2-e",
    sees=lambda seen: Rule(
        ACCESS,
        "the key is an int32 and its hash function is inlined",
        lambda row: row.key in {"int32", "rune"} and row.hash_inlined,
        rows(seen),
    ),
    control=Control(
        "another rule: the generic function, where the value is larger than 128 bytes (rows of int32, uint32, rune)",
        lambda seen: Rule(
            GENERIC,
            "the value is larger than 128 bytes",
            lambda row: row.value_bytes > 128,
            [row for row in rows(seen) if row.key in {"int32", "uint32", "rune"}],
        ),
        Outcome.HOLDS,
    ),
)
def chosen_by_the_rule(rule: Rule) -> Finding:
    """Over a table of key types and value sizes, the function is chosen exactly where the condition is met.

    A hash function is inlined if it is not entered, as a function of its own, during lookups. `rune` is `int32`.
    """
    if any(not row.target for row in rule.rows):
        return unclear("the compiler's listing lacks some of the lookups")
    against = [row for row in rule.rows if (row.target == rule.function) != rule.applies(row)]
    words = f"the rule that `{rule.function}` is chosen exactly where {rule.says} agrees with "
    words += f"{len(rule.rows) - len(against)} of {len(rule.rows)} rows"
    if against:
        chosen = ", ".join(sorted({row.key for row in rule.rows if row.target == rule.function}))
        limit = max((row.value_bytes for row in rule.rows if row.target == rule.function), default=0)
        words += f"; it is chosen for {chosen} with values of up to {limit} bytes"
        entered = next((row.hashing for row in rule.rows if row.target == rule.function), {})
        # It may count twice: see 2.2-a.
        words += "".join(
            f", and `{name}` is entered in {min(hits, TIMES)} of {TIMES} lookups" for name, hits in entered.items()
        )
    return decided(not against, words, "\n".join(str(row) for row in rule.rows))


# --- what it saves -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """One way to assign, and what it has to do with types at run time."""

    reflecting: Entered
    reads: list[str] | None
    """Fields of the map's type that one assignment read, each with the instruction; None where that was not watched."""


@dataclass(frozen=True)
class Ways:
    slow: Way
    fast: Way


def reads(stop: Stop) -> list[str]:
    return [f"{touch.label.partition('.')[2]} by {touch.instruction} in {touch.function}" for touch in stop.touches]


def ways(seen: Seen, slow: int, slow_reads: list[str] | None) -> Ways:
    return Ways(Way(seen.reflecting[slow], slow_reads), Way(seen.reflecting[1], reads(seen.reading["fast"])))


@judges.of(
    "2.2-b",
    sees=lambda seen: ways(seen, 0, reads(seen.reading["generic"])),
    control=Control(
        "an assignment through reflect.Value.SetMapIndex in the place of the generic function",
        lambda seen: ways(seen, 2, None),
        Outcome.HOLDS,
    ),
)
def reflection_is_avoided(ways: Ways) -> Finding:
    """The slow way enters package reflect, or at least reads the map's run-time type, and the fast way does not.

    gdb counts every function of package reflect that the binary has, and watches words of the map's type.
    """
    slow, fast = ways.slow, ways.fast
    if slow.reflecting.functions == 0:
        return unclear("the binary holds no function of package reflect")
    words = f"`{slow.reflecting.way}` entered {len(slow.reflecting.entered)} and `{fast.reflecting.way}` "
    words += f"{len(fast.reflecting.entered)} of {slow.reflecting.functions} functions of package reflect"
    if slow.reflecting.entered and not fast.reflecting.entered:
        return holds(words, "\n".join(f"{name}: {hits}" for name, hits in slow.reflecting.entered.items()))
    if slow.reads is None or not slow.reads:
        return unclear(words)
    words += f"; one assignment read the map's type {len(slow.reads)} and {len(fast.reads or [])} times"
    shown = "\n".join(f"{way.reflecting.way}: {read}" for way in (slow, fast) for read in way.reads or [])
    return holds(words, shown) if not fast.reads and not fast.reflecting.entered else fails(words, shown)
