"""What lies in the channel and in its buffer: the claims 4.3-a, b, c and g/1."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, TypeLayout, decided, unclear

from .lab import CAPACITIES, ELEMENT_BYTES, Seen, progress

judges = Judges()

Value = str | int | None


def element(number: int) -> str:
    """As the program writes it."""
    return f"elem-{100 + number}"


@dataclass(frozen=True)
class State:
    """A buffer at one moment, and what has been done to it so far."""

    sent: int
    received: int
    capacity: Value
    qcount: Value
    length: Value
    """What the language says; None for what is no channel."""
    recvx: Value
    buffer: str

    def slots(self) -> list[str]:
        return [self.buffer[start : start + ELEMENT_BYTES] for start in range(0, len(self.buffer), ELEMENT_BYTES)]

    def in_it(self) -> list[str]:
        return [element(number) for number in range(self.received, self.sent)]

    def from_recvx(self) -> list[str]:
        """So many slots as there are elements, from the one to be received on, and on from the first."""
        slots = self.slots()
        if not isinstance(self.recvx, int) or not isinstance(self.qcount, int) or not slots:
            return []
        return [slots[(self.recvx + number) % len(slots)] for number in range(self.qcount)]

    def as_text(self) -> str:
        shown = " ".join(slot if slot.isprintable() else "·" * ELEMENT_BYTES for slot in self.slots())
        return f"{self.sent} sent, {self.received} received: qcount {self.qcount}, recvx {self.recvx}, buf {shown}"


@dataclass(frozen=True)
class Buffer:
    what: str
    states: list[State]

    def as_text(self) -> str:
        return "\n".join(state.as_text() for state in self.states)


def of_channels(seen: Seen) -> Buffer:
    states = []
    for capacity in CAPACITIES:
        for (sent, received), stop in zip(progress(capacity), seen.fill(capacity), strict=True):
            values, text = stop.values, stop.strings["buffer"] or ""
            states.append(
                State(sent, received, values["dataqsiz"], values["qcount"], values["length"], values["recvx"], text)
            )
    return Buffer("channels", states)


def ours(seen: Seen, name: str) -> Buffer:
    stop = seen.ours()[-1]
    capacity, qcount = (stop.values[f"{name} {field}"] for field in ("dataqsiz", "qcount"))
    return Buffer(
        f"a buffer of our own ({name})",
        [State(CAPACITIES[0], 0, capacity, qcount, qcount, 0, stop.strings[name] or "")],
    )


@judges.of(
    "4.3-a",
    sees=of_channels,
    control=Control(
        "a buffer whose slots lead to elements that lie elsewhere", lambda seen: ours(seen, "boxed"), Outcome.FAILS
    ),
)
def is_a_contiguous_ring(buffer: Buffer) -> Finding:
    """At every stop the elements that are in the channel are, in one piece of memory from `recvx` on and on from its
    start, as many as `qcount` says.

    The debugger reads the memory; the elements are text. How many there should be is known from what was sent and
    received, and from `len`.
    """
    rings = [state.from_recvx() == state.in_it() for state in buffer.states]
    counts = [state.qcount == state.sent - state.received == state.length for state in buffer.states]
    words = f"{buffer.what} at {len(rings)} stops: {sum(rings)} times the elements from `recvx` on are those that "
    words += f"are in it, {sum(counts)} times `qcount` is their number"
    return decided(bool(rings) and all(rings) and all(counts), words, buffer.as_text())


@judges.of(
    "4.3-g/1",
    sees=of_channels,
    control=Control(
        "a buffer that is filled from its last slot on", lambda seen: ours(seen, "backwards"), Outcome.FAILS
    ),
)
def an_element_lies_in_the_slot_of_its_number(buffer: Buffer) -> Finding:
    """Of the elements that went into the buffer, counted from 0, number i lies in slot i mod capacity.

    Counted are those that went through the buffer: what a waiting receiver gets handed over is not among them.
    """
    found = 0
    expected = 0
    for state in buffer.states:
        slots = state.slots()
        for number in range(state.received, state.sent):
            expected += 1
            place = number % state.capacity if isinstance(state.capacity, int) and state.capacity else 0
            found += place < len(slots) and slots[place] == element(number)
    words = f"{buffer.what}: {found} of {expected} elements lay in slot i mod capacity"
    return decided(expected > 0 and found == expected, words, buffer.as_text())


# --- the first fields --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beginning:
    """How a struct begins: by DWARF, and by its first words in memory."""

    type: TypeLayout
    words: list[Value]
    values: dict[str, Value]
    """Of the three fields."""


FIRST = ("buf", "qcount", "dataqsiz")


def of_the_channel(seen: Seen) -> Beginning:
    """Where the three differ: two of the elements have been received."""
    stop = seen.fill(CAPACITIES[0])[2]
    return Beginning(seen.type("runtime.hchan"), words_of(stop), {name: stop.values[name] for name in FIRST})


def of_ours_as_written(seen: Seen) -> Beginning:
    stop = seen.ours()[-1]
    values = {name: stop.values[f"written {name}"] for name in FIRST}
    return Beginning(seen.type("main.asWritten"), words_of(stop), values)


def words_of(stop: Stop) -> list[Value]:
    return [stop.values[f"word {number}"] for number in range(3)]


@judges.of(
    "4.3-b",
    sees=of_the_channel,
    control=Control("a struct of our own with its fields in this order", of_ours_as_written, Outcome.HOLDS),
)
def begins_in_this_order(beginning: Beginning) -> Finding:
    """The first three fields are `buf`, `qcount`, `dataqsiz`: by DWARF, and by the first three words in memory."""
    by_dwarf = [one.name for one in sorted(beginning.type.fields, key=lambda one: one.offset)[:3]]
    known = {value: name for name, value in beginning.values.items()}
    by_memory = [known.get(word, "?") for word in beginning.words]
    words = f"`{beginning.type.name}` begins with {', '.join(by_dwarf)} by DWARF"
    words += f", and with {', '.join(by_memory)} by its first three words"
    shows = "\n".join(
        f"word {number}: {value:#x}" for number, value in enumerate(beginning.words) if isinstance(value, int)
    )
    if by_dwarf != by_memory or len(known) < len(FIRST):
        return unclear(words, shows)
    return decided(by_dwarf == list(FIRST), words, shows)


# --- capacity ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sizes:
    """What was asked for on the command line, and the size that came of it."""

    what: str
    sizes: dict[int, list[Value]]


@judges.of(
    "4.3-c",
    sees=lambda seen: Sizes("`dataqsiz`, and `cap`", sizes(seen, ("dataqsiz", "capacity"))),
    control=Control(
        "the length of an array", lambda seen: Sizes("the array's length", sizes(seen, ("fixed",))), Outcome.HOLDS
    ),
)
def is_the_same_whatever_is_asked(known: Sizes) -> Finding:
    """It is the same in two processes of one binary of which a different size is asked on the command line."""
    words = f"{known.what}: " + ", ".join(
        f"{' and '.join(map(str, values))} with {asked} on the command line" for asked, values in known.sizes.items()
    )
    values = [value for one in known.sizes.values() for value in one]
    if None in values or len(known.sizes) < 2:
        return unclear(words)
    return decided(len(set(values)) == 1, words + " of the same binary")


def sizes(seen: Seen, names: tuple[str, ...]) -> dict[int, list[Value]]:
    return {capacity: [seen.fill(capacity)[0].values[name] for name in names] for capacity in CAPACITIES}
