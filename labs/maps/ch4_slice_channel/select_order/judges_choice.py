"""Whether the choice is fair, in order of time, or to be foreseen: the claims 4.4-a and i."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, share, unclear

from .judges_chance import MOST_SIGMAS, farthest
from .lab import FRESH, Counted, Ordered, Seen

judges = Judges()


def of_labels(seen: Seen, *labels: str) -> dict[str, list[Ordered]]:
    return {label: [one for one in seen.ordered if one.label == label] for label in labels}


@judges.of(
    "4.4-a",
    sees=lambda seen: of_labels(seen, "capacity 1", "unbuffered"),
    control=Control(
        "two values in the buffer of one channel",
        lambda seen: of_labels(seen, "one channel of capacity 2"),
        Outcome.FAILS,
    ),
)
def is_not_first_in_first_out(found: dict[str, list[Ordered]]) -> Finding:
    """Of two ready channels the one that became ready later is taken in some selects.

    Which was ready first is certain, and alternates between first and second case. Ready by a value in the buffer, and
    by a waiting sender.
    """
    parts, later = [], []
    for label, ordered in found.items():
        total = sum(one.earlier + one.later for one in ordered)
        if not total:
            return unclear(f"{label}: nothing was counted")
        later.append(sum(one.later for one in ordered))
        processors = ", ".join(str(one.gomaxprocs) for one in ordered)
        parts.append(f"{label}: the later one first in {share(later[-1], total)} selects under GOMAXPROCS {processors}")
    words = "; ".join(parts)
    if all(later):
        return holds(words)
    return unclear(words) if any(later) else fails(words)


@dataclass(frozen=True)
class Choosing:
    """One way to choose among cases: how often each was taken, and in which order by fresh processes."""

    counted: list[Counted]
    sequences: list[str]


def choosing(seen: Seen, way: str) -> Choosing:
    return Choosing(seen.counts(way), seen.sequences[way])


@judges.of(
    "4.4-i",
    sees=lambda seen: choosing(seen, "select"),
    control=Control(
        "the article's algorithm in our own code, which starts at an address",
        lambda seen: choosing(seen, "addressed"),
        Outcome.FAILS,
    ),
)
def is_fair_and_unforeseen(found: Choosing) -> Finding:
    """Each ready case is taken equally often, whichever others are ready, and fresh processes choose differently.

    Equally often: within five standard deviations, for seven sets of ready cases under each GOMAXPROCS.
    """
    if len(found.sequences) != FRESH or not found.counted:
        return unclear(f"{len(found.sequences)} of {FRESH} processes told their choices")
    far = max(farthest(one.taken, one.by_permutation()) for one in found.counted)
    different = len(set(found.sequences))
    distance = f"{far:.1f} standard deviations" if far < 1000 else "more than any chance allows"
    words = f"in {len(found.counted)} series of {found.counted[0].total} selects no count of a ready case was farther "
    words += f"from an equal share than {distance}; {FRESH} fresh processes made {different} different sequences of "
    words += f"{len(found.sequences[0])} choices"
    shows = "\n".join(
        f"ready {one.ready}: taken {one.taken} (GOMAXPROCS {one.gomaxprocs})" for one in found.counted[:7]
    )
    return decided(far <= MOST_SIGMAS and different > 1, words, shows)
