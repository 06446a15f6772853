"""Whether rounds share a variable: the claim 1.22-a."""

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Loop

judges = Judges()

BY_HAND = "copied by hand"


def declared(loops: dict[str, Loop]) -> list[Loop]:
    return [one for one in loops.values() if one.Kind != BY_HAND]


@judges.of(
    "1.22-a",
    sees=lambda seen: declared(seen.own),
    control=(
        Control("the same loops in a module that declares Go 1.21", lambda seen: declared(seen.old), Outcome.FAILS),
        Control("a variable that each round copies by hand", lambda seen: [seen.old[BY_HAND]], Outcome.HOLDS),
    ),
)
def each_round_has_its_own(loops: list[Loop]) -> Finding:
    """Each round's variable has an address of its own, and each round's closure still sees that round's value.

    Two witnesses: the addresses, and what the closures return after the loop.
    """
    by_address = [one.Variables == one.Rounds for one in loops]
    by_closure = [sorted(one.Values) == list(range(one.Rounds)) for one in loops]
    said = "; ".join(f"{one.Kind}: {one.Variables} variables in {one.Rounds} rounds" for one in loops)
    shows = "\n".join(f"{one.Kind}: the closures return {', '.join(map(str, one.Values))}" for one in loops)
    if by_address != by_closure or len({*by_address}) != 1:
        return unclear(f"the loops or the witnesses do not agree; {said}", shows)
    return decided(all(by_address), said, shows)
