"""What the listing needs of the runtime's types: the claims 4.2-c and d."""

from dataclasses import dataclass

from claimlab import Control, Field, Finding, Judges, Outcome, fails, holds, unclear

from .lab import Compiled, Complaint, Seen

judges = Judges()

UNTYPED = "unsafe.Pointer"
LISTED, CONVERTED, ON_UNTYPED = "asListed", "withConversions", "onUntyped"


@dataclass(frozen=True)
class Fields:
    """Some fields by DWARF, and a function that hands their addresses on as pointers to unsafe.Pointer."""

    names: list[str]
    fields: list[Field | None]
    function: str
    compiled: Compiled

    @property
    def complaints(self) -> list[Complaint]:
        return complaints(self.compiled, self.function)


def complaints(compiled: Compiled, function: str) -> list[Complaint]:
    return [one for one in compiled.complaints if one.function == function]


def of_the_runtime(seen: Seen) -> Fields:
    wanted = [("runtime.waitq", "first"), ("runtime.waitq", "last"), ("runtime.sudog", "next")]
    names = [f"{name.partition('.')[2]}.{field}" for name, field in wanted]
    return Fields(names, [seen.type(name).field(field) for name, field in wanted], LISTED, seen.compiled)


def of_our_own(seen: Seen) -> Fields:
    names = ["first", "last", "next"]
    return Fields(names, [seen.type("main.untyped").field(name) for name in names], ON_UNTYPED, seen.compiled)


def as_text(said: list[Complaint]) -> str:
    return "\n".join(f"{one.function}, line {one.line}: {one.text}" for one in said)


@judges.of(
    "4.2-c",
    sees=of_the_runtime,
    control=Control("a struct of our own with three fields of type unsafe.Pointer", of_our_own, Outcome.HOLDS),
)
def are_untyped_pointers(fields: Fields) -> Finding:
    """All three fields have the type unsafe.Pointer, by DWARF and by the compiler.

    The compiler is asked beside the runtime's own files whether their addresses are pointers to unsafe.Pointer.
    """
    types = [one.type if one else "absent" for one in fields.fields]
    words = ", ".join(f"`{name}` is `{type}`" for name, type in zip(fields.names, types, strict=True))
    said = fields.complaints
    words += f"; the compiler refuses {len(said)} uses of their addresses as `*unsafe.Pointer`"
    if not fields.compiled.functions or fields.function not in fields.compiled.functions or None in fields.fields:
        return unclear(words, as_text(said))
    untyped = [type == UNTYPED for type in types]
    if all(untyped) and not said:
        return holds(words)
    return fails(words, as_text(said)) if said and not any(untyped) else unclear(words, as_text(said))


@dataclass(frozen=True)
class Asked:
    """A function in the file beside the runtime's own."""

    name: str
    compiled: Compiled
    converted: str = ""
    """What becomes of the listing where it compiles."""


def as_listed(seen: Seen) -> Asked:
    counts = seen.situation("one comes, one moves").counts
    after = "with the types converted away it compiles, but of the ends of a situation in which one waiter comes while "
    after += (
        f"another one leaves, {counts['lost']} of {counts['ends']} have lost it and {counts['in a wrong queue']} have"
    )
    return Asked(LISTED, seen.compiled, f"; {after} it in a wrong queue")


@judges.of(
    "4.2-d",
    sees=as_listed,
    control=Control(
        "the same steps with conversions that take the pointers' types away, in the same file",
        lambda seen: Asked(CONVERTED, seen.compiled),
        Outcome.HOLDS,
    ),
)
def the_compiler_takes_it(asked: Asked) -> Finding:
    """The compiler takes a function that does this to the runtime's own `waitq` and `sudog`, in package runtime.

    What it complains about is looked up by function; nothing else in the package may be wrong.
    """
    said = complaints(asked.compiled, asked.name)
    words = f"compiled beside the runtime's own files, `{asked.name}` has {len(said) or 'no'} type errors"
    words += f": {said[0].text}" if said else ""
    words += asked.converted
    broken = asked.name not in asked.compiled.functions or bool(asked.compiled.others)
    if broken or (not said and asked.compiled.exit_code and not asked.compiled.complaints):
        return unclear(words, "\n".join(asked.compiled.others[:5]))
    return fails(words, as_text(said)) if said else holds(words)
