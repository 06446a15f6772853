"""What follows from what routines-bytes saw: the claim 1.27-g."""

from typing import Final

from claimlab import Control, Finding, Judges, Outcome, about, change, decided, void

from .lab import Sizes

judges = Judges()

CLAIMED: Final = 60_000


@judges.of(
    "1.27-g",
    sees=lambda seen: seen.sizes,
    control=Control(
        "each build beside itself",
        lambda seen: [change(one, general=one.own, alike=False) for one in seen.sizes],
        Outcome.FAILS,
    ),
)
def grow_by_so_much(sizes: list[Sizes]) -> Finding:
    """A small program and a large one, with symbols and stripped, are each 30,000 to 120,000 bytes larger than in the
    same release without the experiment."""
    if all(one.alike for one in sizes):
        return void(
            "without the experiment all functions have the same names and sizes: the release has it off by itself"
        )
    growths = {named(one): one.own - one.general for one in sizes if one.general is not None}
    if not growths:
        return void("the go command does not know the experiment")
    least, most = about(CLAIMED)
    words = "; ".join(f"{name}: {growth:+,d} bytes" for name, growth in growths.items())
    shows = "\n".join(f"{named(one)}: {one.own:,d} bytes, {one.general:,d} without" for one in sizes)
    return decided(all(least <= growth <= most for growth in growths.values()), words, shows)


def named(one: Sizes) -> str:
    return f"the {one.program} program{', stripped' if one.stripped else ''}"
