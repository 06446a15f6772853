"""What look.bench says of samples whose relation is known, beside what benchstat's method says of the same."""

from collections.abc import Sequence
from random import Random
from statistics import median

import pytest
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]
from tests.benchfmt import read
from tests.tutorial import difference

from claimlab.instruments.ratios import LEAST_ROUNDS, chance
from claimlab.instruments.timing import Arm, Sample, Timing
from claimlab.questions.benchmarks import Benched, BenchSeen, Compared, answer, benchfmt, hints

ROUNDS = 15
SUFFIXED = "BenchmarkLoad/size=8-4"


def timed(old: Sequence[float], new: Sequence[float], *, dirty: Sequence[int] = (), gomaxprocs: int = 4) -> BenchSeen:
    """One benchmark on two releases, of which the old one is the base; a round whose number is dirty does not count."""
    arms = {name: Arm("BenchmarkLoad/size=8", gomaxprocs, "10x", memory=True) for name in ("old", "new")}
    rounds = [
        {
            name: Sample(10, {"ns/op": value, "B/op": 16.0, "allocs/op": 1.0}, 0.2, 0.1, 0, number not in dirty)
            for name, value in (("old", before), ("new", after))
        }
        for number, (before, after) in enumerate(zip(old, new, strict=True))
    ]
    timing = Timing(arms, 4, rounds)
    ratio = timing.ratio(("new", "ns/op"), ("old", "ns/op"))
    compared = {}
    if ratio is not None and len(timing.clean()) >= LEAST_ROUNDS:
        compared = {"new": Compared(ratio, chance(timing.values("new"), timing.values("old")))}
    return BenchSeen(benchmarks={"BenchmarkLoad/size=8": Benched(timing, compared)})


def samples(centre: float, seed: str, digits: int = 4) -> list[float]:
    """With noise of 2 %, and now and then a much slower one; with so many digits as `go test` prints of a time."""
    random = Random(seed)
    noisy = [centre * random.lognormvariate(0, 0.02) * (1.4 if random.random() < 0.1 else 1) for _ in range(ROUNDS)]
    return [float(f"{value:.{digits}g}") for value in noisy]


def significant(old: Sequence[float], new: Sequence[float]) -> bool:
    """By benchstat's default: its alpha, and its test as scipy has it."""
    tied = len({*old, *new}) < len(old) + len(new)
    found = mannwhitneyu(old, new, method="asymptotic" if tied else "exact").pvalue
    return bool(found <= 0.05)


@pytest.mark.parametrize(("factor", "says"), [(0.5, "faster"), (0.9, "faster"), (1.1, "slower"), (3.0, "slower")])
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_known_difference_is_found_with_its_ratio(factor: float, says: str, seed: str) -> None:
    old, new = samples(100, f"old {seed}"), samples(100 * factor, f"new {seed}")
    (found,) = answer(timed(old, new), "new").measures
    assert found.differs == says
    assert significant(old, new)
    assert found.ns == median(new)
    assert found.ratio == pytest.approx(factor, rel=0.05)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= factor * 1.02
    assert found.high >= factor * 0.98


def test_by_hand() -> None:
    """Each new sample is three quarters of the old one of its round, and all lie below all: the least p that there is,
    two of all ways to choose ten of twenty."""
    old = [100.0, 101, 102, 103, 104, 105, 106, 107, 108, 109]
    (found,) = answer(timed(old, [0.75 * one for one in old]), "new").measures
    assert (found.ratio, found.low, found.high, found.ns) == (0.75, 0.75, 0.75, 78.375)
    assert found.chance == pytest.approx(2 / 184756)
    assert (found.differs, found.rounds) == ("faster", 10)


def test_no_difference_is_said_as_seldom_to_be_one_as_the_level_allows() -> None:
    """At most one of twenty by benchstat's test; fewer here, where the paired interval has to agree."""
    pairs = [(samples(100, f"a {seed}"), samples(100, f"b {seed}")) for seed in range(100)]
    ours = [bool(answer(timed(*pair), "new").measures[0].differs) for pair in pairs]
    theirs = [significant(*pair) for pair in pairs]
    assert sum(ours) <= sum(theirs) <= 10
    assert not any(one and not other for one, other in zip(ours, theirs, strict=True))


def test_a_difference_that_only_the_pairs_show_is_none() -> None:
    """Rounds of unlike pace hide a constant 2 % from the U test."""
    old = [100.0, 200, 110, 190, 120, 180, 130, 170, 140, 160, 150, 155]
    new = [1.02 * one for one in old]
    (found,) = answer(timed(old, new), "new").measures
    assert found.low is not None
    assert found.low > 1
    assert not significant(old, new)
    assert found.differs == ""


def test_a_difference_that_the_pairs_do_not_show_is_none() -> None:
    """All samples taken together differ by 5; but the faster the old was in a round, the slower was the new."""
    old = [100.0 + place for place in range(12)]
    new = [116.0 - place for place in range(12)]
    (found,) = answer(timed(old, new), "new").measures
    assert found.low is not None
    assert found.low < 1
    assert significant(old, new)
    assert found.differs == ""


def test_rounds_that_were_not_clean_count_in_neither() -> None:
    old, new = samples(100, "old"), samples(100, "new")
    new[3] = new[7] = 100000.0
    seen = timed(old, new, dirty=(3, 7))
    (found,) = answer(seen, "new").measures
    kept = [value for value in new if value != 100000.0]
    assert (found.ns, found.rounds) == (median(kept), ROUNDS - 2)
    assert read(benchfmt(seen, "new")).samples[SUFFIXED]["ns/op"] == kept


def test_too_few_clean_rounds_say_nothing() -> None:
    (found,) = answer(timed([1.0] * 12, [2.0] * 12, dirty=(0, 1, 2)), "new").measures
    assert (found.ns, found.ratio, found.differs, found.rounds) == (None, None, "", 9)


def test_the_file_for_benchstat_holds_every_clean_sample() -> None:
    old, new = samples(0.123456789, "old", digits=15), samples(123456789, "new", digits=15)
    seen = timed(old, new)
    for name, values in (("old", old), ("new", new)):
        found = read(benchfmt(seen, name))
        assert found.settings == {"toolchain": name}
        assert found.samples == {SUFFIXED: {"ns/op": values, "B/op": [16] * ROUNDS, "allocs/op": [1] * ROUNDS}}
        assert median(found.samples[SUFFIXED]["ns/op"]) == answer(seen, name).measures[0].ns


def test_with_one_processor_names_have_no_suffix() -> None:
    assert list(read(benchfmt(timed([1.0], [1.0], gomaxprocs=1), "new")).samples) == ["BenchmarkLoad/size=8"]


def test_where_too_few_rounds_count_it_is_said_why_and_what_to_do() -> None:
    values = samples(100, "hints")
    assert hints(timed(values, values, dirty=range(5)), "new", 1) == []
    (hint,) = hints(timed(values, values, dirty=range(6)), "new", 1)
    assert hint.startswith(
        "of 15 rounds fewer than 10 were clean: in the others a benchmark had not as many processors"
    )
    assert hint.endswith("Ask again when the machine does less, with --fresh; --cores 0 counts them all")
    # Another test may be what keeps the machine busy, and a page's commands are followed nevertheless.
    assert difference("Load ...\n", f"Load  nobody knows\n1.21.13, 1.27.3: {hint}\n") == ""
