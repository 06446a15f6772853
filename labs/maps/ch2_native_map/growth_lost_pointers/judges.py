"""What the observations of growth-lost-pointers say of the claims 2.4-b, f, i and m."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Tally, decided, fails, holds, share, unclear, void

from .lab import CHECKS, SIGNS, Outgrown, Seen

judges = Judges()

BARE = "a table of our own that grows by copying its pointers without write barriers"


def reported(run: Outgrown) -> str:
    """The runtime's report of a pointer to what is free, if the process died of one."""
    return next((sign for sign in SIGNS if sign in run.death), "")


# --- growth while the collector marks ----------------------------------------------------------------------


@dataclass(frozen=True)
class Growths:
    """Growths while the collector marks, by the check that was made."""

    what: str
    runs: dict[str, Outgrown]

    @property
    def lost(self) -> dict[str, bool]:
        """By check: an entry was lost."""
        found = {check: bool(reported(run)) for check, run in self.runs.items()}
        for check, run in self.runs.items():
            if run.counts:
                found[check] = bool(run.counts.finalized if check == "finalizers" else run.counts.lost)
        return found

    @property
    def exercised(self) -> bool:
        """Each process has made a table grow while the collector marked, or has died of what it did."""
        return all(
            run.counts.growths_while_marking >= run.counts.repetitions > 0 if run.counts else bool(reported(run))
            for run in self.runs.values()
        )


def told(growths: Growths) -> str:
    parts = []
    for check in CHECKS:
        run = growths.runs[check]
        if run.counts is None:
            parts.append(f"{check}: the process died, “{reported(run) or run.death}”")
        elif check == "finalizers":
            parts.append(f"finalizers of {run.counts.finalized} of {run.counts.entries:,} entries have run")
        elif check == "contents":
            parts.append(f"contents of {run.counts.lost} of {run.counts.entries:,} entries are lost")
        else:
            parts.append("`gccheckmark=1` reports nothing")
    counted = [run.counts for run in growths.runs.values() if run.counts]
    marked = sum(counts.growths_while_marking for counts in counted)
    words = f"{growths.what}, grown {marked} times while the collector marked: " if counted else f"{growths.what}: "
    return words + "; ".join(parts)


@judges.of(
    "2.4-b",
    sees=lambda seen: Growths("a map of pointers", seen.grown["pointers"]),
    control=Control(BARE, lambda seen: Growths(BARE, seen.grown["bare"]), Outcome.HOLDS),
)
def pointers_get_lost(growths: Growths) -> Finding:
    """An entry is lost that was in a map which grew while the collector marked.

    Seen in two ways that must agree: memory that is freed gets overwritten, and finalizers run of what is unreachable.
    The runtime's own check, gccheckmark, counts where it reports something; before 1.25 it starts from no roots and
    sees little (gcMarkTermination in runtime/mgc.go).
    """
    words = told(growths)
    shown = "\n".join(run.death for run in growths.runs.values() if run.death)
    if not growths.exercised:
        return unclear(words, shown)
    lost = growths.lost
    if lost["contents"] != lost["finalizers"] or (lost["checkmark"] and not lost["contents"]):
        return unclear(words, shown)
    return decided(lost["contents"], words, shown)


@dataclass(frozen=True)
class Diagram:
    """The article's diagram with its order enforced, and without any order."""

    what: str
    ordered: Outgrown
    raced: Tally


@judges.of(
    "2.4-m",
    sees=lambda seen: Diagram("a map of pointers", seen.grown["pointers"]["contents"], seen.raced),
    control=Control(BARE, lambda seen: Diagram(BARE, seen.grown["bare"]["contents"], seen.raced), Outcome.HOLDS),
)
def the_entry_of_a_is_freed(diagram: Diagram) -> Finding:
    """After A has put its entry in, the collector has begun to mark, and B has made the map grow, in this order, what
    A's entry holds is freed.

    Two goroutines in any order are tried too; they end the process, and if one such end were due to a freed entry the
    question would stay open.
    """
    ordered, raced = diagram.ordered, diagram.raced
    if ordered.counts is None:
        if sign := reported(ordered):
            return holds(f"{diagram.what}, A, collector, B in order: the process died, “{sign}”", ordered.death)
        return unclear(f"{diagram.what}: the process died", ordered.death)
    counts = ordered.counts
    if not 0 < counts.repetitions <= counts.growths_while_marking:
        return unclear(f"{diagram.what}: it never grew while the collector marked")
    words = f"{diagram.what}, A, collector, B in order: the entry of A was lost in {counts.last_lost} of "
    words += f"{counts.repetitions} repetitions"
    if counts.last_lost:
        return holds(words)
    bad = share(sum(ending.count for ending in raced.endings if set(ending.marks) & set(SIGNS)), raced.runs)
    ends = ", ".join(f"{ending.count} by “{ending.message}”" for ending in raced.endings if ending.message)
    words += f"; two goroutines without order: {raced.died()} of {raced.runs} processes died ({ends}), "
    words += f"of a freed entry {bad}"
    shown = "\n".join(raced.endings[0].sample.splitlines()[:8]) if raced.endings else ""
    return unclear(words, shown) if bad.count else fails(words, shown)


# --- maps that stand still ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Maps that nobody changes while the collector runs."""

    what: str
    run: Outgrown
    exists: bool = True
    """There are maps of that kind in this toolchain."""
    unfinished: bool = False
    """Their growth has to be unfinished."""


def survives(standing: Standing) -> Finding:
    """Holds if entries are lost."""
    if not standing.exists:
        return void(f"{standing.what}: maps have no old buckets in this toolchain")
    counts = standing.run.counts
    if counts is None:
        sign = reported(standing.run)
        words = f"{standing.what}: the process died, “{sign or standing.run.death}”"
        return holds(words, standing.run.death) if sign else unclear(words, standing.run.death)
    words = f"{standing.what}: {counts.lost:,} of {counts.entries:,} entries in {counts.repetitions} maps are lost"
    if standing.unfinished:
        words += f"; {counts.unfinished} of the maps had old buckets throughout"
    if not counts.entries or (standing.unfinished and counts.unfinished < counts.repetitions):
        return unclear(words)
    return decided(counts.lost > 0, words)


HIDDEN = "maps whose values are the same addresses as integers"


@judges.of(
    "2.4-i",
    sees=lambda seen: Standing("maps of pointers", seen.still["pointers"]),
    control=Control(HIDDEN, lambda seen: Standing(HIDDEN, seen.still["hidden"]), Outcome.HOLDS),
)
def only_the_bucket_pointer_is_seen(standing: Standing) -> Finding:
    """What nothing but the entries of a map refers to is freed, although the map itself is reachable."""
    return survives(standing)


def growing(seen: Seen) -> Standing:
    return Standing("maps with unfinished growth", seen.unfinished["pointers"], has_old_buckets(seen), unfinished=True)


def growing_hidden(seen: Seen) -> Standing:
    """Where no growth can be unfinished, the maps at rest serve."""
    if has_old_buckets(seen):
        return Standing(HIDDEN, seen.unfinished["hidden"], unfinished=True)
    return Standing(HIDDEN, seen.still["hidden"])


def has_old_buckets(seen: Seen) -> bool:
    return seen.header == "runtime.hmap"


@judges.of("2.4-f", sees=growing, control=Control(HIDDEN, growing_hidden, Outcome.HOLDS))
def old_buckets_lose_their_contents(standing: Standing) -> Finding:
    """The collector frees what entries hold that still stand in old buckets, just after assignments to the map."""
    return survives(standing)
