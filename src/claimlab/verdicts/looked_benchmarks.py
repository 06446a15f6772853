"""Judges of claims about benchmarks that are data: what one operation allocates, and how times compare."""

from claimlab.project.outcome import Outcome
from claimlab.questions.allocs import AllocsSeen, PerOperation
from claimlab.questions.claimed_benchmarks import BenchLook
from claimlab.questions.contests import ContestSeen, Pair
from claimlab.verdicts.finding import Finding, decided, fails, holds, unclear
from claimlab.verdicts.judge import Control, Judging


def of_benchmarks(look: BenchLook) -> Judging:
    return _allocates(look) if look.bound is None else _compares(look)


def _allocates(look: BenchLook) -> Judging:
    claimed, unit = (look.allocs, "allocs/op") if look.bytes is None else (look.bytes, "B/op")

    def decide(seen: PerOperation | None) -> Finding:
        if seen is None:
            return unclear("nothing has run")
        values = seen.allocs if look.bytes is None else seen.bytes
        agree = values.count(claimed)
        least, most = min(values), max(values)
        says = f"{seen.benchmark} has {least if least == most else f'{least} to {most}'} {unit}"
        words = f"{says} in {len(values)} processes"
        if 0 < agree < len(values):
            return unclear(f"{words}, and {claimed} in {agree} of them")
        return decided(agree > 0, words)

    def sees(seen: AllocsSeen) -> PerOperation | None:
        return seen.benchmark

    def control(seen: AllocsSeen) -> PerOperation | None:
        return seen.control

    reading = f"The benchmark {look.benchmark} has exactly {claimed} {unit} in every process, as Go counts them."
    says = f"the benchmark {look.control}" if look.control else "a benchmark of claimlab's that allocates otherwise"
    return reading, decide, sees, Control(says, control, Outcome.FAILS)


def _compares(look: BenchLook) -> Judging:
    bound, at_most = look.bound or 0.0, look.ratio_at_most is not None
    where = "the release before" if look.across == "previous" else f"Go {look.across}"
    other = f"the benchmark {look.against}" if look.against else f"on {where}"

    def decide(pair: Pair | None) -> Finding:
        if pair is None or pair.ratio is None:
            return unclear("in no round did all of them run undisturbed")
        ratio = pair.ratio
        words = f"{pair.one} takes {ratio} times as long as {pair.other}"
        shows = f"medians: {ratio.median:.4g} ns against {ratio.median_to:.4g} ns"
        if ratio.below(bound):
            return holds(words, shows) if at_most else fails(words, shows)
        if ratio.above(bound):
            return fails(words, shows) if at_most else holds(words, shows)
        return unclear(words, shows)

    def sees(seen: ContestSeen) -> Pair | None:
        return seen.pair

    def control(seen: ContestSeen) -> Pair | None:
        return seen.control

    reading = (
        f"One operation of the benchmark {look.benchmark} takes at {'most' if at_most else 'least'} {bound:g} times as "
        f"long as {'one of ' if look.against else ''}{other}. It holds if the whole 95 % interval of the ratio lies on "
        "that side of the bound, and fails if it lies on the other."
    )
    itself = f"{look.against or look.benchmark} against itself"
    says = f"the benchmark {look.control} in the place of {look.benchmark}" if look.control else itself
    return reading, decide, sees, Control(says, control, Outcome.FAILS)
