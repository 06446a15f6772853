"""What becomes of the header and of the array when a function returns a slice: the claims 4.1-f, j and l."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Handed, Lying, Returned, Root, Scanning, Seen

judges = Judges()


@dataclass(frozen=True)
class Handing:
    """What a function returned, by the program; and by a debugger where one looked on."""

    program: Returned
    debugger: Handed | None

    def is_copy(self) -> bool | None:
        """The caller has a header of its own; None if what was seen of it does not fit together."""
        apart = self.program.Inside.At != self.program.Outside.At
        return None if apart == self.program.Reached else apart

    def is_same_array(self) -> bool:
        one, other = self.program.Inside, self.program.Outside
        return (one.Array, one.Len, one.Capacity) == (other.Array, other.Len, other.Capacity) and self.program.Shared

    def lives(self) -> bool | None:
        """The array outlives the function; None if it would outlive everything."""
        return self.program.Alive and self.program.Intact if self.program.Dropped else None

    def in_registers(self) -> bool | None:
        """The three words came back in registers, and lie elsewhere in the caller."""
        if self.debugger is None:
            return None
        inside, outside = (
            [found.get(name) for name in ("array", "length", "capacity")]
            for found in (self.debugger.inside, self.debugger.outside)
        )
        if None in inside:
            return False
        apart = self.debugger.inside.get("header") != self.debugger.outside.get("header")
        return list(self.debugger.registers.values()) == inside == outside and apart


@judges.of(
    "4.1-f",
    sees=lambda seen: Handing(seen.report.Returns[0], seen.handed),
    control=Control(
        "a function that returns a pointer to its slice",
        lambda seen: Handing(seen.report.Returns[1], None),
        Outcome.FAILS,
    ),
)
def is_copied(handing: Handing) -> Finding:
    """The caller has a header of its own, with the same ptr, and the array outlives collections by it alone.

    Of its own: at another address, and what the caller does to its length does not reach the function's. A debugger
    sees the three words in the registers of the results.
    """
    program = handing.program
    apart = "at another address than" if program.Inside.At != program.Outside.At else "at the address of"
    said = f"with {program.Label} returned, the caller's header lies {apart} the function's, changing its length "
    said += f"{'changed' if program.Reached else 'did not change'} the function's, both lead to "
    said += f"{'the same array' if handing.is_same_array() else 'different arrays'}, which "
    said += f"{'outlived' if program.Alive else 'did not outlive'} three collections by the caller's header and was "
    said += f"{'gone' if program.Dropped else 'still there'} without it"
    shows = ""
    if handing.debugger:
        registers = ", ".join(
            f"{name.upper()} = {value:#x}" for name, value in handing.debugger.registers.items() if value
        )
        shows = f"{handing.debugger.code}\n{registers}"
        said += (
            f"; where the function returns to, gdb finds ptr, len and cap in {', '.join(handing.debugger.registers)}"
        )
    copied, lives = handing.is_copy(), handing.lives()
    if copied is None or lives is None or not handing.is_same_array():
        return unclear(f"what was seen does not fit together: {said}", shows)
    if handing.in_registers() not in (None, copied):
        return unclear(f"program and debugger disagree: {said}", shows)
    return decided(copied and lives, said, shows)


@judges.of(
    "4.1-l",
    sees=lambda seen: Handing(seen.report.Returns[0], seen.handed),
    control=Control(
        "a function that returns a pointer to its slice",
        lambda seen: Handing(seen.report.Returns[1], None),
        Outcome.HOLDS,
    ),
)
def the_header_lives_on(handing: Handing) -> Finding:
    """The header that the caller has is the function's own: at its address, and what the caller does to its length
    reaches the function's."""
    program = handing.program
    apart = "at another address than" if program.Inside.At != program.Outside.At else "at the address of"
    said = f"with {program.Label} returned, the caller's header lies {apart} the function's, and changing its length "
    said += f"{'changed' if program.Reached else 'did not change'} the function's"
    copied = handing.is_copy()
    if copied is None or handing.in_registers() not in (None, copied):
        return unclear(f"what was seen does not fit together: {said}")
    return decided(not copied, said)


@dataclass(frozen=True)
class Rooting:
    """A returned array of pointers."""

    root: Root
    lying: Lying
    work: Scanning | None
    """What the collector scanned on its account, where that was counted."""

    def told(self) -> str:
        places = self.lying.inside()
        words = f"the array lies {'in the ' + places[0] if places else 'in none'} of the collector's roots "
        words += f"({', '.join(f'{name} {start:#x}–{end:#x}' for name, (start, end) in self.lying.roots.items())}); "
        words += f"what only the array refers to {'stayed' if self.root.Held else 'was gone'} while the caller had the "
        words += f"slice, and {'stayed' if self.root.After else 'was gone'} afterwards"
        if self.work:
            words += (
                f"; with an array of {self.work.Array} bytes returned, the collector scanned {self.work.Heap} bytes "
            )
            words += f"more of the heap, {self.work.Globals} of variables and {self.work.Stack} of stacks"
        return words


def rooting(seen: Seen, number: int) -> Rooting:
    return Rooting(seen.report.Roots[number], seen.lying[number], None if number else seen.report.Work)


@judges.of(
    "4.1-j",
    sees=lambda seen: rooting(seen, 0),
    control=Control(
        "a function that returns a slice of a package variable", lambda seen: rooting(seen, 1), Outcome.HOLDS
    ),
)
def is_a_root(rooting: Rooting) -> Finding:
    """The array belongs to what the collector begins with: it lies among the roots, and keeps what it refers to without
    any header.

    Roots are the program's variables and the stacks. What is only reached from them, such as by a header on a stack, is
    no root.
    """
    by_address, by_collector = bool(rooting.lying.inside()), rooting.root.After
    if by_address != by_collector or not rooting.root.Held:
        return unclear(f"what was seen does not fit together: {rooting.told()}")
    return decided(by_address, rooting.told())
