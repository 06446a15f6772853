"""What draws from ChaCha8: the claims 1.22-i and j."""

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Drawn

judges = Judges()

A_BLOCK = 32
"""Numbers that it makes; some of each few blocks are its next key."""
SEEDED = Control("numbers of an explicitly seeded Rand", lambda seen: [seen.ways["a seeded Rand"]], Outcome.FAILS)


def from_chacha(drawn: Drawn) -> bool | None:
    """So many blocks as the numbers need; or next to none. None for anything between."""
    if drawn.blocks >= drawn.draws // A_BLOCK:
        return True
    return False if drawn.blocks <= 1 else None


def told(drawn: list[Drawn]) -> str:
    if not any(one.there for one in drawn):
        return "there is no ChaCha8 in the program"
    return "; ".join(f"{one.draws} {one.way}: its block function runs {one.blocks} times" for one in drawn)


def all_of(drawn: list[Drawn]) -> Finding:
    answers = [from_chacha(one) for one in drawn]
    return unclear(told(drawn)) if None in answers else decided(all(answers), told(drawn))


@judges.of(
    "1.22-i",
    sees=lambda seen: [seen.ways["top-level functions"]],
    control=(
        SEEDED,
        Control("with GODEBUG=randautoseed=0", lambda seen: [seen.by_setting], Outcome.FAILS),
    ),
)
def top_level_functions(drawn: list[Drawn]) -> Finding:
    """While `rand.Int63` draws 10,000 numbers, ChaCha8 makes as many blocks of 32 as these need."""
    return all_of(drawn)


@judges.of(
    "1.22-j",
    sees=lambda seen: [seen.ways["seeds of maps"], seen.ways["orders of selects"]],
    control=SEEDED,
)
def the_runtime(drawn: list[Drawn]) -> Finding:
    """What the runtime needs for the seeds of maps and for the order in which a select looks at channels is from there.

    Two consumers of many: where one of them draws from something else the claim fails.
    """
    return all_of(drawn)
