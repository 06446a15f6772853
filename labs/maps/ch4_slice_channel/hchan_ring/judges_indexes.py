"""How the next slot is found: the claims 4.3-f and g/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, Touch, fails, holds, unclear

from .lab import CAPACITIES, OWN_SENDS, RECEIVE, SEND, WATCHED, Arithmetic, Seen

judges = Judges()

MASK = ("and",)
DIVISION = ("div", "idiv", "udiv", "sdiv")


@dataclass(frozen=True)
class Index:
    """An index into a buffer, through a whole turn."""

    what: str
    capacity: int
    turns: list[list[Touch]]
    """What touched it, for each index that was watched."""
    size: list[Touch]
    """What touched the capacity meanwhile, in the functions of the code."""
    code: list[Arithmetic]
    wanted: tuple[str, ...]
    """The instructions by which it is said to be found."""
    beside: str = ""

    def reaches_capacity(self) -> bool:
        return all(any(touch.after == self.capacity for touch in turn) for turn in self.turns)

    def stays_below(self) -> bool:
        """And goes round, from the last slot to the first at once."""
        ends = (self.capacity - 1, 0)
        return all(
            any((touch.before, touch.after) == ends for touch in turn)
            and all(touch.after < self.capacity for touch in turn)
            for turn in self.turns
        )


def of_channels(seen: Seen, wanted: tuple[str, ...]) -> Index:
    turns, size = [], []
    for number, name in WATCHED.items():
        stop = seen.fill(CAPACITIES[0])[number]
        turns.append(stop.touched(name))
        size += [touch for touch in stop.touched("dataqsiz") if touch.callers[0] in (SEND, RECEIVE)]
    other = {one for number, name in WATCHED.items() for one in addresses(seen.fill(CAPACITIES[1])[number], name)}
    same = other == {touch.instruction_address for turn in turns for touch in turn}
    beside = f"with a capacity of {CAPACITIES[1]}, which is no power of two, {'the same' if same else 'other'}"
    code = [one for one in seen.code if one.function in (SEND, RECEIVE)]
    return Index("a channel", CAPACITIES[0], turns, size, code, wanted, f"; {beside} instructions touch them")


def addresses(stop: Stop, label: str) -> list[int]:
    return [touch.instruction_address for touch in stop.touched(label)]


def of_ours(seen: Seen, name: str, wanted: tuple[str, ...]) -> Index:
    stop = seen.ours()[-1]
    code = [one for one in seen.code if one.function == OWN_SENDS[name]]
    return Index(
        f"a buffer of our own, {name}",
        CAPACITIES[0],
        [stop.touched(f"{name} sendx")],
        [touch for touch in stop.touched(f"{name} dataqsiz") if touch.callers[0] == OWN_SENDS[name]],
        code,
        wanted,
    )


def found_by(index: Index) -> Finding:
    """Debug registers say which values the index takes: a mask or a remainder never leaves the capacity itself in it.
    The disassembly says whether the functions have such an instruction at all."""
    values = [list(dict.fromkeys(touch.after for touch in turn)) for turn in index.turns]
    writes = [touch for turn in index.turns for touch in turn if touch.before != touch.after]
    by_code = [one for part in index.code for one in part.of_interest if one.mnemonic in index.wanted]
    readers = " and ".join(dict.fromkeys(f"`{touch.instruction}`" for touch in index.size)) or "nothing"
    words = f"{index.what} of capacity {index.capacity}: the indexes go through "
    words += " and ".join(", ".join(map(str, one)) for one in values)
    total = sum(one.instructions for one in index.code)
    names = ", ".join(f"`{one.function}`" for one in index.code)
    words += f"; {len(by_code) or 'none'} of the {total} instructions of {names} is {' or '.join(index.wanted).upper()}"
    words += f"; the capacity is read by {readers}{index.beside}"
    shows = "\n".join(
        [
            *dict.fromkeys(f"{touch.label}: {touch.before} → {touch.after} by {touch.instruction}" for touch in writes),
            *(str(one) for part in index.code for one in part.of_interest),
        ]
    )
    if not index.code or not all(index.turns):
        return unclear(words, shows)
    if index.reaches_capacity() and not by_code:
        return fails(words, shows)
    return holds(words, shows) if index.stays_below() and by_code else unclear(words, shows)


@judges.of(
    "4.3-f",
    sees=lambda seen: of_channels(seen, MASK),
    control=Control(
        "a buffer of our own that masks its index", lambda seen: of_ours(seen, "masked", MASK), Outcome.HOLDS
    ),
)
def by_a_mask(index: Index) -> Finding:
    """The index of the next slot comes from an AND with the capacity less one, where the capacity is a power of two.

    Two instruments: the values that the index takes, and the code of the functions that send and receive.
    """
    return found_by(index)


@judges.of(
    "4.3-g/2",
    sees=lambda seen: of_channels(seen, DIVISION),
    control=Control(
        "a buffer of our own that takes the remainder", lambda seen: of_ours(seen, "divided", DIVISION), Outcome.HOLDS
    ),
)
def by_a_division(index: Index) -> Finding:
    """The slot's number is computed as the remainder of a division by the capacity."""
    return found_by(index)
