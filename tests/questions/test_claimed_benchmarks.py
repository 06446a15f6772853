"""A claim about a benchmark that is data: what its table may say, what it asks, and how its judge decides."""

from pathlib import Path

import msgspec
import pytest

from claimlab.instruments.ratios import Ratio, paired_ratio
from claimlab.project.outcome import Outcome
from claimlab.questions.allocs import Allocs, AllocsSeen, PerOperation
from claimlab.questions.claimed import looked
from claimlab.questions.claimed_benchmarks import BenchLook
from claimlab.questions.contests import Contest, ContestSeen, Pair
from claimlab.verdicts.judge import Judge
from claimlab.verdicts.looked_benchmarks import of_benchmarks
from claimlab.verdicts.ruling import Ruling, rule

SOURCE = (
    b"package p\n\nfunc BenchmarkGet(b *testing.B) {}\n\nfunc BenchmarkPut(b *testing.B) {}\n\nfunc Benchmarks() {}\n"
)
GET = {"bench": "p_test.go", "benchmark": "Get"}


def look(**given: object) -> BenchLook:
    found = looked(msgspec.json.encode({**GET, **given}).decode())
    assert isinstance(found, BenchLook)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p_test.go").write_bytes(SOURCE)
    return tmp_path


# What it asks


def test_what_is_allocated_is_asked_beside_a_benchmark_of_which_it_is_known(folder: Path) -> None:
    question, files = look(allocs=0).asks(folder)
    assert question == Allocs(benchmark="BenchmarkGet", control_objects=3, at="p_test.go", package=".")
    assert files == {"p_test.go": SOURCE}
    named, _ = look(bytes=8, control="BenchmarkPut", benchtime="100x", gomaxprocs=2).asks(folder)
    assert isinstance(named, Allocs)
    assert (named.control, named.control_objects) == ("BenchmarkPut", 0)
    assert (named.benchtime, named.gomaxprocs) == ("100x", 2)


@pytest.mark.parametrize(("claimed", "objects"), [({"allocs": 3}, 4), ({"bytes": 192}, 4), ({"bytes": 3}, 3)])
def test_the_benchmark_of_which_it_is_known_allocates_otherwise(
    folder: Path, claimed: dict[str, int], objects: int
) -> None:
    question, _ = look(**claimed).asks(folder)
    assert isinstance(question, Allocs)
    assert question.control_objects == objects


def test_blanks_in_names_are_what_go_makes_of_them(folder: Path) -> None:
    question, _ = look(allocs=0, benchmark="Get/one two", control="Put/a b").asks(folder)
    assert isinstance(question, Allocs)
    assert (question.benchmark, question.control) == ("BenchmarkGet/one_two", "BenchmarkPut/a_b")


def test_a_ratio_is_asked_in_one_release_or_of_two(folder: Path) -> None:
    one, _ = look(against="Put", ratio_at_most=0.8, rounds=20, cores=2).asks(folder)
    about = {"at": "p_test.go", "package": ".", "benchmark": "BenchmarkGet"}
    assert one == Contest(against="BenchmarkPut", rounds=20, cores=2, **about)  # type: ignore[arg-type]
    assert one.across == ""
    two, _ = look(across="previous", ratio_at_least=1.0, control="Put").asks(folder)
    assert two == Contest(beside="previous", control="BenchmarkPut", **about)  # type: ignore[arg-type]
    assert (two.across, two.timing) == ("previous", True)


RATIO = {"against": "Put", "ratio_at_most": 0.5}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "one thing of allocs, bytes, ratio_at_most, ratio_at_least, and claims nothing"),
        ({"allocs": 0, "bytes": 0}, "and claims allocs, bytes"),
        ({"allocs": -1}, "0 or more"),
        ({"allocs": 0.5}, "a whole number"),
        ({"allocs": 0, "against": "Put"}, "is no ratio: leave `against` and `across` out"),
        ({"allocs": 0, "in": "p_test.go"}, "leave `in` out"),
        ({"allocs": 0, "arch": "arm64"}, "leave `arch` out"),
        ({"allocs": 0, "alocs": 1}, "did you mean allocs"),
        ({"allocs": 0, "control": "Get"}, "are different benchmarks"),
        ({"allocs": 0, "rounds": 9}, "at least 10 rounds"),
        ({"allocs": 0, "benchtime": "forever"}, "such as 100ms or 1000x: forever"),
        ({"ratio_at_most": 0.5}, "to another benchmark, `against`, or to another release, `across`: say one"),
        (RATIO | {"across": "1.23"}, "`against`, or to another release, `across`: say one"),
        (RATIO | {"against": "BenchmarkGet"}, "are different benchmarks"),
        (RATIO | {"ratio_at_most": 0}, "more than 0"),
        (RATIO | {"ratio_at_most": 1.2}, "either side of 1.2, or on the claimed one, so this wants a `control`"),
        (RATIO | {"ratio_at_most": 0.99}, "this wants a `control`: a benchmark of the same sources with which"),
        ({"across": "previous", "ratio_at_least": 0.9}, "wants a `control`"),
        ({"across": "previous", "ratio_at_least": 1.01}, "wants a `control`"),
    ],
)
def test_what_claims_nothing_or_has_no_control_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"^look: .*{says}"):
        look(**given)


@pytest.mark.parametrize("given", [{"benchmark": "Gte"}, {"control": "s"}, {"benchmark": "BenchmarkGte/size=8"}])
def test_a_benchmark_that_is_not_there_is_refused(folder: Path, given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"there is no benchmark .* in p_test\.go, where there is Get, Put$"):
        look(allocs=0, **given).asks(folder)


# How the judge decides


def judge(table: BenchLook) -> Judge:
    reading, decide, sees, control = of_benchmarks(table)
    return Judge("a", reading, decide, sees, (control,))


def allocating(*allocs: int) -> PerOperation:
    return PerOperation("BenchmarkGet", (1000,) * len(allocs), allocs, tuple(64 * one for one in allocs))


@pytest.mark.parametrize(
    ("table", "allocs", "outcome", "because"),
    [
        (look(allocs=0), (0, 0, 0), Outcome.HOLDS, "BenchmarkGet has 0 allocs/op in 3 processes"),
        (look(allocs=0), (1, 1, 1), Outcome.FAILS, "BenchmarkGet has 1 allocs/op in 3 processes"),
        (look(allocs=0), (1, 2, 1), Outcome.FAILS, "BenchmarkGet has 1 to 2 allocs/op in 3 processes"),
        (look(allocs=1), (1, 2, 1), Outcome.UNCLEAR, "1 to 2 allocs/op in 3 processes, and 1 in 2 of them"),
        (look(bytes=128), (2, 2, 2), Outcome.HOLDS, "BenchmarkGet has 128 B/op in 3 processes"),
        (look(bytes=2), (2, 2, 2), Outcome.FAILS, "BenchmarkGet has 128 B/op in 3 processes"),
    ],
)
def test_what_is_allocated_is_exact(table: BenchLook, allocs: tuple[int, ...], outcome: Outcome, because: str) -> None:
    ruling = rule(judge(table), AllocsSeen(benchmark=allocating(*allocs), control=allocating(5, 5, 5)))
    assert (ruling.outcome, because in ruling.finding.because) == (outcome, True)


def test_a_control_that_allocates_what_is_claimed_breaks_the_judge() -> None:
    ruling = rule(judge(look(allocs=0)), AllocsSeen(benchmark=allocating(0, 0), control=allocating(0, 0)))
    assert ruling.outcome is Outcome.BROKEN
    says = "a benchmark of claimlab's that allocates otherwise: holds instead of fails"
    assert says in ruling.finding.because


ONE = [1.0 + place / 1000 for place in range(10)]
HALF, TWICE = [one / 2 for one in ONE], [one * 2 for one in ONE]
SWINGING = [*HALF[:5], *TWICE[5:]]


def compared(table: BenchLook, times: list[float], control: list[float]) -> Ruling:
    """What the judge says of times that stand so to ONE; none at all where no round was clean."""

    def ratio(some: list[float]) -> Ratio | None:
        return paired_ratio(some, ONE[: len(some)]) if some else None

    pair = Pair("Get", "Put", ratio(times))
    return rule(judge(table), ContestSeen(pair=pair, control=Pair("Put, once more", "Put", ratio(control))))


AT_MOST, AT_LEAST = look(against="Put", ratio_at_most=0.8), look(against="Put", ratio_at_least=1.2)


@pytest.mark.parametrize(
    ("table", "times", "outcome"),
    [
        (AT_MOST, HALF, Outcome.HOLDS),
        (AT_MOST, ONE, Outcome.FAILS),
        (AT_MOST, TWICE, Outcome.FAILS),
        (AT_MOST, SWINGING, Outcome.UNCLEAR),
        (AT_LEAST, TWICE, Outcome.HOLDS),
        (AT_LEAST, ONE, Outcome.FAILS),
        (AT_LEAST, HALF, Outcome.FAILS),
        (AT_LEAST, SWINGING, Outcome.UNCLEAR),
    ],
)
def test_the_whole_interval_on_one_side_of_the_bound_decides(
    table: BenchLook, times: list[float], outcome: Outcome
) -> None:
    assert compared(table, times, ONE).outcome is outcome


@pytest.mark.parametrize("control", [HALF, SWINGING, ONE[:9]])
def test_a_benchmark_that_does_not_stand_to_itself_as_it_should_breaks_the_judge(control: list[float]) -> None:
    ruling = compared(AT_MOST, HALF, control)
    assert ruling.outcome is Outcome.BROKEN
    assert "the judge failed on its control, Put against itself" in ruling.finding.because


@pytest.mark.parametrize("rounds", [0, 9])
def test_with_too_few_clean_rounds_nothing_is_known_of_the_control_either(rounds: int) -> None:
    ruling = compared(AT_MOST, HALF[:rounds], ONE[:rounds])
    assert ruling.outcome is Outcome.BROKEN
    assert ruling.controls[0].outcome is Outcome.UNCLEAR
