"""What the slices of fewer-allocations say of the claims 1.25-i and 1.26-h."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from claimlab import Control, Finding, Judges, Outcome, decided, void

from .lab import Counted, Seen

judges = Judges()

LOCAL = ("make", "append")
GIVEN_AWAY = ("append, returned", "append, stored", "append, passed on")


@dataclass(frozen=True)
class Slices:
    """The same slices here, on a release before, and here with the compiler's switch off."""

    here: Sequence[Counted]
    before: Sequence[Counted]
    off: Sequence[Counted]
    is_after: bool


def since(release: str, *ways: str) -> Callable[[Any], Slices]:
    def pick(on: Any) -> Slices:
        off = [one for one in on.here.off if one.way in ways]
        return Slices(on.here.all_of(*ways), on[release].all_of(*ways), off, on.is_after(release))

    return pick


def itself(release: str, *ways: str) -> Callable[[Any], Slices]:
    def pick(on: Any) -> Slices:
        seen: Seen = on[release]
        return Slices(seen.all_of(*ways), seen.all_of(*ways), [], is_after=True)

    return pick


def fewer(slices: Slices) -> Finding:
    if not slices.is_after:
        return void("it is about later releases")
    pairs = list(zip(slices.here, slices.before, strict=True))
    less = [here for here, before in pairs if here.each < before.each]
    more = [here for here, before in pairs if here.each > before.each]
    ways = ", ".join(f"`{way}`" for way in dict.fromkeys(one.way for one in less)) or "none"
    said = f"of {len(pairs)} ways {len(less)} allocate less often than before ({ways}), and {len(more)} more often"
    if slices.off:
        back = sum(off.each == before.each for off, (_, before) in zip(slices.off, pairs, strict=True))
        said += f"; with the compiler's switch off {back} are as before"
    shows = "\n".join(f"{here.way} {here.n}: {before.each} objects, now {here.each}" for here, before in pairs)
    return decided(bool(less) and not more, said, shows)


@judges.across(
    "1.25-i",
    "1.24",
    sees=since("1.24", *LOCAL),
    control=Control("1.24 beside itself", itself("1.24", *LOCAL), Outcome.FAILS),
)
def more_on_the_stack(slices: Slices) -> Finding:
    """Slices that stay in their function take fewer allocations than on 1.24 in some ways, and more in none.

    They are made with a length that the compiler does not know, or begin as nil and are appended to.
    """
    return fewer(slices)


@judges.across(
    "1.26-h",
    "1.25",
    sees=since("1.25", *GIVEN_AWAY),
    control=Control("1.25 beside itself", itself("1.25", *GIVEN_AWAY), Outcome.FAILS),
)
def given_away(slices: Slices) -> Finding:
    """Slices that begin as nil, are appended to and outlive their function take fewer allocations than on 1.25 in some
    ways, and more in none.

    They are returned, stored in a variable of the package, or given to a function that stores them.
    """
    return fewer(slices)
