"""What the judges read out of one call: its stops, the registers, and the machine code around it."""

from dataclasses import dataclass

from claimlab import Stop

from .lab import ARGUMENTS, CALLS, HASHES, KINDS, Kind, Seen, Site

WORDS = {"type": "the map's type", "header": "its header", "key": "the key"}


@dataclass(frozen=True)
class Call:
    """One call under gdb, and the code of ours that makes it."""

    kind: Kind
    number: int
    entry: Stop
    """At the first instruction."""
    inside: Stop | None
    """Behind the prologue."""
    back: Stop
    """Where it has returned."""
    site: Site

    @property
    def text(self) -> str:
        """The value of the entry that the call is about, as eight bytes of text."""
        return f"{self.number:08d}"

    @property
    def arguments(self) -> list[str]:
        return ARGUMENTS[self.site.architecture]

    @property
    def hashed(self) -> bool:
        return any(counted.hits for counted in self.back.counted)

    def holds(self, register: str, what: str) -> bool:
        """At the entry the register holds the address of the map's type or header, or the key in its low 32 bits."""
        expected = self.entry.values[what]
        mask = (1 << 32) - 1 if what == "key" else (1 << 64) - 1
        return isinstance(expected, int) and self.entry.registers[register] & mask == expected & mask

    def contents(self, register: str) -> str:
        """What the register holds at the entry, in words; empty if it is none of the three."""
        return next((words for what, words in WORDS.items() if self.holds(register, what)), "")

    def order(self) -> str:
        """Which register holds which of the three."""
        told = ((register, self.contents(register)) for register in self.arguments)
        return ", ".join(f"{register} = {words}" for register, words in told if words)


def calls(seen: Seen, *wanted: str) -> list[Call]:
    """The calls of these kinds that went from the entry to the return. ``many`` is all of a kind, ``many 5`` one."""
    found = []
    for (name, number), run in zip(CALLS, seen.calls.runs, strict=True):
        kind = KINDS[name]
        entry = next((stop for stop in run.stops if stop.at == f"*'{kind.callee}'"), None)
        inside = next((stop for stop in run.stops if stop.at.startswith("*0x")), None)
        back = next((stop for stop in run.stops if stop.at == "return"), None)
        ours = entry is not None and [frame.function for frame in entry.frames[1:2]] == [kind.caller]
        if {name, f"{name} {number}"} & set(wanted) and entry and ours and back:
            found.append(Call(kind, number, entry, inside, back, seen.site(kind.caller)))
    return found


def first_argument(seen: Seen) -> str:
    return ARGUMENTS[seen.sites[0].architecture][0]


def hash_names(calls: list[Call]) -> str:
    names = dict.fromkeys(counted.name for call in calls for counted in call.back.counted if counted.hits)
    return ", ".join(f"`{name}`" for name in names) or f"none of {', '.join(f'`{name}`' for name in HASHES)}"
