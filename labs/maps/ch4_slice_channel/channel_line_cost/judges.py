"""What the timings of channel-line-cost say of the claims 4.3-l/1 and l/2."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from claimlab import LEAST_ROUNDS, Control, Finding, Judges, Outcome, Timing, about, fails, holds, share, unclear

from .lab import ARM, Seen

judges = Judges()

SAVED_NS, MISS_NS = 15.0, 300.0


@dataclass(frozen=True)
class Cost:
    """How much longer a send and a receive take, in each clean round, and what is said of it."""

    what: str
    ns: list[float]
    said: list[float]
    """For each round: a figure in ns."""
    kept_ns: list[float]
    """What they take without it."""
    beside: str = ""

    def is_about(self) -> int:
        """In so many rounds."""
        pairs = zip(self.ns, map(about, self.said), strict=True)
        return sum(least <= one <= most for one, (least, most) in pairs)


def difference(timing: Timing, of: str, to: str) -> list[float]:
    pairs = zip(timing.values(ARM, f"{of}-ns/op"), timing.values(ARM, f"{to}-ns/op"), strict=True)
    return [one - other for one, other in pairs]


def after_another_core(seen: Seen) -> Cost:
    """Another core has used the channel just before: its lines, and the one of the slot, are there."""
    times = seen.timing
    ns = difference(times, "used", "kept-beside-user")
    beside = [
        ("where the processor may overlap it with other work", "free-used", "free-kept-beside-user"),
        ("if the other core has only written the slot's line", "written", "kept-beside-writer"),
        ("if it has and the processor may overlap", "free-written", "free-kept-beside-writer"),
    ]
    words = "".join(f"; {what}, {spread(difference(times, *pair))}" for what, *pair in beside if ns)
    kept = times.values(ARM, "kept-beside-user-ns/op")
    return Cost("after another core has used the channel", ns, [SAVED_NS] * len(ns), kept, words)


def from_memory(seen: Seen) -> Cost:
    times = seen.timing
    ns = difference(times, "flushed", "kept")
    words = "; where the processor may overlap it with other work, " if ns else ""
    words += spread(difference(times, "free-flushed", "free-kept")) if ns else ""
    kept = times.values(ARM, "kept-ns/op")
    return Cost("with the slot's line in no cache", ns, [MISS_NS] * len(ns), kept, words)


def of_a_wait(seen: Seen, figure: int) -> Cost:
    """What is said of a wait is what it takes where nothing else is done, in the same round."""
    times = seen.timing
    ns, said = difference(times, f"kept-waits-{figure}", "kept"), difference(times, f"waits-{figure}", "waits-0")
    return Cost(f"after a wait of some {figure} ns", ns, said, times.values(ARM, "kept-ns/op"))


def spread(values: Sequence[float]) -> str:
    return f"{median(values):.0f} ns ({min(values):.0f} to {max(values):.0f})"


def costs_about_that(cost: Cost) -> Finding:
    """In most rounds the difference is from half to twice the figure.

    It fails if it is in the fewest. How long the line of another core takes depends on which two cores of the real
    machine a virtual one has at the moment, so rounds are counted instead of averaged.
    """
    if len(cost.ns) < LEAST_ROUNDS:
        return unclear(f"only {len(cost.ns)} rounds were clean")
    so_much = share(cost.is_about(), len(cost.ns))
    words = (
        f"{cost.what} a send and a receive take {spread(cost.ns)} longer than the {median(cost.kept_ns):.0f} ns with "
    )
    least, most = about(median(cost.said))
    words += f"all in the core's own cache; from {least:.1f} to {most:.1f} ns was that in {so_much} rounds"
    words += cost.beside
    shows = "by round, in ns: " + ", ".join(f"{one:.0f}" for one in cost.ns)
    if so_much.low > 0.5:
        return holds(words, shows)
    return fails(words, shows) if so_much.high < 0.5 else unclear(words, shows)


A_WAIT = "with everything in place, after a wait of which the time is known"


@judges.of(
    "4.3-l/1",
    sees=after_another_core,
    control=Control(A_WAIT, lambda seen: of_a_wait(seen, round(SAVED_NS)), Outcome.HOLDS),
)
def one_thread_saves_about_15_ns(cost: Cost) -> Finding:
    """A send and a receive take 7.5 to 30 ns less in most rounds if it is not another core that has
    just used the channel.

    Timed is the latency of the two together, on one pinned thread, with nothing overlapping: of a channel whose lines
    another thread, pinned to another core, has used before, against one of which it has left the lines alone.
    """
    return costs_about_that(cost)


@judges.of(
    "4.3-l/2",
    sees=from_memory,
    control=Control(A_WAIT, lambda seen: of_a_wait(seen, round(MISS_NS)), Outcome.HOLDS),
)
def a_miss_costs_about_300_ns(cost: Cost) -> Finding:
    """A slot's line that has to come from memory makes a send and a receive 150 to 600 ns longer in most
    rounds."""
    return costs_about_that(cost)
