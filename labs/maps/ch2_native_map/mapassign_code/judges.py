"""What the observations of mapassign-code say of the claims 2.1-a, b, k, l and m."""

from dataclasses import dataclass

from claimlab import (
    Architecture,
    Control,
    Finding,
    Function,
    Instruction,
    Judges,
    Outcome,
    Stop,
    TypeLayout,
    decided,
    unclear,
    void,
)

from .lab import ASSIGN, BUCKET, HEADER, NEXT, OWN, PADDED, Command, Seen

judges = Judges()


@dataclass(frozen=True)
class Written:
    """An instruction of the article, in Go's syntax and in the decoder's."""

    go: str
    architecture: Architecture
    text: str


LOAD = Written("MOVQ (AX), BX", "amd64", "mov rbx, qword ptr [rax]")
ADD = Written("ADDQ $32, BX", "amd64", "add rbx, 0x20")
ADDRESS = Written("LEAQ 32(AX), R8", "amd64", "lea r8, [rax + 0x20]")
ON_ARM64 = {
    LOAD: Written("MOVD (R0), R1", "arm64", "ldr x1, [x0]"),
    ADD: Written("ADD $32, R1, R1", "arm64", "add x1, x1, #0x20"),
    ADDRESS: Written("ADD $32, R0, R8", "arm64", "add x8, x0, #0x20"),
}
"""What our own function has in their place on arm64; the article's are amd64's."""


@dataclass(frozen=True)
class Read:
    """A function's code, and its instructions that read a watched word."""

    function: Function
    word: str
    absent: str
    """Why there can be no such read in this toolchain; empty if there can."""
    instructions: list[Instruction]
    expected: Written


def reads(seen: Seen, name: str, label: str, word: str, expected: Written, absent: str = "") -> Read:
    function = seen.function(name)
    touched = [touch for stop in stops(seen) for touch in stop.touched(label)]
    found = {touch.instruction_address: function.at(touch.instruction_address) for touch in touched}
    return Read(function, word, absent, [one for one in found.values() if one is not None], expected)


def stops(seen: Seen) -> list[Stop]:
    return seen.watched.runs[0].stops


def of_the_map(seen: Seen, label: str, expected: Written) -> Read:
    if label == "buckets":
        absent = (
            "" if seen.type(HEADER).field("buckets") else "the header of this toolchain's maps has no field `buckets`"
        )
        return reads(seen, ASSIGN, label, "`h.buckets`", expected, absent)
    absent = (
        "" if seen.type(BUCKET).field("overflow") else "this toolchain's maps have no buckets with overflow pointers"
    )
    return reads(seen, ASSIGN, label, "the overflow pointer", expected, absent)


def of_our_own(seen: Seen, label: str, expected: Written) -> Read:
    written = ON_ARM64[expected] if seen.function(OWN).architecture == "arm64" else expected
    return reads(seen, OWN, f"own {label}", f"the field `{label}`", written)


def occurs(read: Read) -> str:
    has = sum(one.text == read.expected.text for one in read.function.instructions)
    many = len(read.function.instructions)
    return f"`{read.expected.go}` occurs {has} times among the {many} instructions of `{read.function.name}`"


def unanswerable(read: Read) -> Finding | None:
    """Why the question cannot be answered here, if so."""
    if read.function.architecture != read.expected.architecture:
        return void(f"`{read.expected.go}` is no instruction of {read.function.architecture}")
    if read.absent:
        return void(f"{read.absent}; {occurs(read)}")
    if not read.instructions:
        return unclear(f"no instruction of `{read.function.name}` was seen to read {read.word}; {occurs(read)}")
    return None


def shown(read: Read) -> str:
    return "\n…\n".join(read.function.around(one.address, 4, 2) for one in read.instructions)


@judges.of(
    "2.1-a",
    sees=lambda seen: of_the_map(seen, "buckets", LOAD),
    control=Control(
        "a function of ours in assembly that has the instruction, and the header it reads",
        lambda seen: of_our_own(seen, "buckets", LOAD),
        Outcome.HOLDS,
    ),
)
def the_header_is_read_as_written(read: Read) -> Finding:
    """An instruction `MOVQ (AX), BX` of the function reads h.buckets when an entry is assigned.

    Which instructions read the field is what the processor's debug registers say; what they are, the disassembly.
    """
    impossible = unanswerable(read)
    if impossible is not None:
        return impossible
    texts = ", ".join(f"`{one.text}`" for one in read.instructions)
    same = [one for one in read.instructions if one.text == read.expected.text]
    words = f"`{read.function.name}` reads {read.word} by {texts}; {occurs(read)}"
    return decided(bool(same), words, shown(read))


def reached_as_written(read: Read, layout: TypeLayout | None) -> Finding:
    """The address of the read is what the expected instruction left in the register."""
    impossible = unanswerable(read)
    if impossible is not None:
        return impossible
    ways = [(one, address_of(read.function, one)) for one in read.instructions]
    texts = ", ".join(
        f"`{one.text}`" + (f" after `{before.text}`" if before is not None else "") for one, before in ways
    )
    same = [one for one, before in ways if before is not None and before.text == read.expected.text]
    field = layout.field("overflow") if layout is not None else None
    words = f"`{read.function.name}` reads {read.word} by {texts}"
    words += f"; by DWARF it lies {field.offset} bytes into the bucket" if field is not None else ""
    words += f"; {occurs(read)}"
    return decided(bool(same), words, shown(read))


def address_of(function: Function, read: Instruction) -> Instruction | None:
    """The instruction that computed the address read: the last one before it, in order of addresses, that writes the
    base register; None where the read itself adds an offset or an index to the register."""
    memory = read.memory
    if memory is None or memory.displacement or memory.index:
        return None
    earlier = [one for one in function.instructions if one.address < read.address and one.destination == memory.base]
    return earlier[-1] if earlier else None


@judges.of(
    "2.1-b",
    sees=lambda seen: (of_the_map(seen, "overflow", ADD), seen.type(BUCKET)),
    control=Control(
        "a function of ours in assembly that reaches a pointer in this way",
        lambda seen: (of_our_own(seen, "overflow", ADD), None),
        Outcome.HOLDS,
    ),
)
def the_overflow_pointer_is_reached_by_an_addition(seen: tuple[Read, TypeLayout | None]) -> Finding:
    """The instruction that reads the overflow pointer takes its address from BX, to which `ADDQ $32, BX` has added.

    Seen on an assignment to a key in an overflow bucket, with the debug registers on the pointer that leads there.
    """
    return reached_as_written(*seen)


@judges.of(
    "2.1-l",
    sees=lambda seen: (of_the_map(seen, "overflow", ADDRESS), seen.type(BUCKET)),
    control=Control(
        "a function of ours in assembly that computes an address in this way",
        lambda seen: (of_our_own(seen, "overflow", ADDRESS), None),
        Outcome.HOLDS,
    ),
)
def the_overflow_pointers_address_is_computed_as_written(seen: tuple[Read, TypeLayout | None]) -> Finding:
    """The instruction that reads the overflow pointer takes its address from R8, left there by `LEAQ 32(AX), R8`."""
    return reached_as_written(*seen)


@judges.of(
    "2.1-k",
    sees=lambda seen: seen.as_given,
    control=Control(
        "the same tool, told by -s which function of which program", lambda seen: seen.as_needed, Outcome.HOLDS
    ),
)
def the_command_shows_the_function(command: Command) -> Finding:
    """The command, typed as given in the folder of a program that has the function, prints the function's code."""
    title = any(line.startswith(f"TEXT {ASSIGN}(SB)") for line in command.shows)
    words = f"`{' '.join(command.argv)}` ended with exit code {command.exit_code} and {command.lines} lines of output"
    words += f": “{command.says[0]}”" if command.says else ""
    return decided(command.exit_code == 0 and title, words, "\n".join([*command.says, *command.shows]))


@dataclass(frozen=True)
class Placed:
    """A field by DWARF, and the instructions that were seen to read it."""

    layout: TypeLayout
    field: str
    function: str
    instructions: list[Instruction]


@judges.of(
    "2.1-m",
    sees=lambda seen: Placed(seen.type(HEADER), "buckets", ASSIGN, of_the_map(seen, "buckets", LOAD).instructions),
    control=Control(
        "a struct of ours with padding before the field",
        lambda seen: Placed(
            seen.type(PADDED), "bucket", NEXT, reads(seen, NEXT, "padded", "the field", LOAD).instructions
        ),
        Outcome.FAILS,
    ),
)
def the_offset_is_that_of_the_code_and_nothing_is_padded(placed: Placed) -> Finding:
    """The field's offset by DWARF is the displacement of every instruction seen to read it, and is the sum of the sizes
    of the fields before it."""
    field = placed.layout.field(placed.field)
    if field is None:
        return void(f"this toolchain has no field `{placed.layout.name}.{placed.field}`")
    found = sorted({one.memory.displacement for one in placed.instructions if one.memory is not None})
    if not found:
        return unclear(f"no instruction of `{placed.function}` was seen to read the field")
    before = [one for one in placed.layout.fields if one.offset < field.offset]
    packed = sum(one.size for one in before)
    words = (
        f"`{placed.layout.name}.{placed.field}` lies at offset {field.offset} by DWARF, `{placed.function}` reads it "
    )
    words += f"at {', '.join(map(str, found))}, and the fields before it take {packed} bytes"
    lines = [f"{one.name}: offset {one.offset}, size {one.size}" for one in [*before, field]]
    shows = "\n".join([*lines, *(str(one) for one in placed.instructions)])
    return decided(found == [field.offset] and packed == field.offset, words, shows)
