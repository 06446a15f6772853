"""What a reader of the read pointer may rely on: the claims 3.1-i/1 and 3.1-n."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Races, Touch, fails, holds, share, unclear, void

from .flow import Use
from .lab import CURRENT, PUBLISH, STORE_POINTER, Code, Seen

judges = Judges()

VOID: Final = void("`sync.Map` has no field `read` in this toolchain")
ASSIGNS: Final = "runtime.mapassign"
ACCESSES: Final = "runtime.mapaccess"


@dataclass(frozen=True)
class Published:
    """A pointer that one goroutine stores and another one loads."""

    name: str
    stores: dict[str, list[Use]]
    """By architecture: the instructions that write it."""
    loads: dict[str, list[Use]]
    races: Races
    around: Races | None = None
    """The same, but the reader looks into the map without having loaded the pointer."""
    touches: list[Touch] = field(default_factory=list)

    def unknown(self) -> list[Touch]:
        """Instructions that gdb saw touch the word on this machine and that the reading of the code missed."""
        known = {use.address for uses in (*self.stores.values(), *self.loads.values()) for use in uses}
        return [touch for touch in self.touches if touch.instruction_address not in known]

    def ordered(self) -> bool | None:
        """Each store is an ordering instruction, and on arm64 each load; None if only some are."""
        every = [use.atomic for uses in self.stores.values() for use in uses]
        every += [use.atomic for use in self.loads.get("arm64", [])]
        complete = all(self.stores.values()) and all(self.loads.values()) and len(self.loads) > 1
        return every[0] if complete and len(set(every)) == 1 else None

    def in_words(self) -> str:
        racy = f"{share(self.races.racy, self.races.runs)} processes reported a data race"
        code = "; ".join(
            f"on {name} it is stored by {kinds(self.stores[name])} and loaded by {kinds(self.loads[name])}"
            for name in self.stores
        )
        return f"{self.name}: {racy}; {code}"

    def as_text(self) -> str:
        uses = [
            f"{name}: {use}   in {use.function}"
            for name in self.stores
            for use in (*self.stores[name], *self.loads[name])
        ]
        return "\n".join([*uses, *(str(report) for report in self.races.reports[:1])])


def kinds(uses: Sequence[Use]) -> str:
    counted = dict.fromkeys(use.mnemonic for use in uses)
    return ", ".join(f"{sum(use.mnemonic == name for use in uses)} × `{name}`" for name in counted) or "nothing"


def read_pointer(seen: Seen) -> Published | None:
    """Stores of the field read are calls of StorePointer with its address: the writes are in there."""
    if not seen.has_read:
        return None
    stores = {one.architecture: stores_of_read(one) for one in seen.code}
    loads = {one.architecture: [use for use in one.read if use.access == "r"] for one in seen.code}
    races, around = seen.races["through"], seen.races["around"]
    return Published("the read pointer", stores, loads, races, around, seen.touches["read"])


def stores_of_read(code: Code) -> list[Use]:
    plain = [use for use in code.read if use.access in ("w", "rw")]
    called = any(use.target == STORE_POINTER for use in code.read)
    behind = [use for use in code.store_pointer if use.access in ("w", "rw") and use.always]
    return [*plain, *(behind if called else [])]


def plain_pointer(seen: Seen) -> Published:
    stores = {
        one.architecture: [use for use in one.pairs[PUBLISH] if use.access == "w" and use.always] for one in seen.code
    }
    loads = {one.architecture: [use for use in one.pairs[CURRENT] if use.access == "r"] for one in seen.code}
    return Published("a plain pointer", stores, loads, seen.races["plain"])


PLAIN: Final = Control("a map published by a plain pointer", plain_pointer, Outcome.FAILS)


@judges.of("3.1-i/1", sees=read_pointer, control=PLAIN)
def store_releases_and_load_acquires(published: Published | None) -> Finding:
    """Storing and loading the pointer are an ordering pair by their instructions, and to the race detector.

    Every store must be an ordering instruction, and on arm64, which may reorder loads, every load. On amd64 each plain
    load acquires (Intel SDM volume 3A, 8.2.2). Debug registers must not find an access that the reading of the code
    missed.
    """
    if published is None:
        return VOID
    words = published.in_words()
    if published.unknown():
        missed = "; ".join(touch.instruction for touch in published.unknown())
        return unclear(f"{words}; read over: {missed}", published.as_text())
    races, ordered = published.races, published.ordered()
    if ordered and races.quiet == races.runs:
        return holds(words, published.as_text())
    if ordered is False and share(races.racy, races.runs).low > 0.5:
        return fails(words, published.as_text())
    return unclear(f"the instruments disagree: {words}", published.as_text())


@judges.of("3.1-n", sees=read_pointer, control=PLAIN)
def earlier_writes_are_visible(published: Published | None) -> Finding:
    """A goroutine that has loaded the new read pointer reads the map's entries without a data race, and finds them all.

    It loads the pointer and then looks into the map itself; nothing else orders it after the writer. In other processes
    a reader that does not load the pointer must make the race detector report the writer's assignments to that map. The
    instructions of the pair must order as well. What readers see is not counted: on amd64 none can see otherwise.
    """
    if published is None:
        return VOID
    words, races = published.in_words(), published.races
    around = published.around
    if around is not None:
        words += f"; without loading it first {share(around.racy, around.runs)}"
        named = [report for report in around.reports if any(ASSIGNS in name for name in report.functions())]
        words += f", between `{ACCESSES}…` and the writer's `{ASSIGNS}`" if named else ""
        if share(around.racy, around.runs).low <= 0.5 or not named:
            return unclear(words, published.as_text())
    ordered = published.ordered()
    if ordered and races.quiet == races.runs:
        return holds(
            words, "\n".join([published.as_text(), *(str(one) for one in (around.reports[:1] if around else []))])
        )
    if ordered is False and share(races.racy, races.runs).low > 0.5:
        return fails(words, published.as_text())
    return unclear(f"the instruments disagree: {words}", published.as_text())
