"""The figures in what questions see."""

from typing import Any

import pytest

from claimlab.instruments.disassembly import Function
from claimlab.instruments.dwarf_types import Field, TypeLayout
from claimlab.instruments.machine_code import Instruction
from claimlab.instruments.processes import Ending, Tally
from claimlab.instruments.timing import Arm, Sample, Timing
from claimlab.questions import layouts
from claimlab.questions.allocs import AllocsSeen, PerOperation
from claimlab.questions.codes import CodeSeen
from claimlab.questions.contests import ContestSeen, Pair
from claimlab.questions.layouts import LayoutSeen
from claimlab.questions.runs import Run, RunSeen
from claimlab.verdicts.asked_values import of_allocs, of_code, of_contest, of_layout, of_runs
from claimlab.verdicts.statistics import share
from claimlab.verdicts.value import Value

SEEN: Any = LayoutSeen(
    type=TypeLayout(
        "runtime.m", True, "struct", 24, 8, [Field("a", 0, 8, "int64", "other"), Field("b", 8, 16, "string", "other")]
    )
)


@pytest.mark.parametrize(
    ("seen", "fields", "values"),
    [
        (SEEN, [], {"size": 24, "offset of a": 0, "size of a": 8, "offset of b": 8, "size of b": 16}),
        (SEEN, ["b"], {"offset of b": 8, "size of b": 16}),
        (SEEN, ["c"], {}),
        (LayoutSeen(), [], {}),
    ],
)
def test_a_layout_names_sizes_and_offsets(seen: LayoutSeen, fields: list[str], values: dict[str, int]) -> None:
    found = of_layout(layouts.answer("runtime.m", seen, fields))
    assert found == {name: Value(number, "B") for name, number in values.items()}


def test_machine_code_names_how_long_it_is() -> None:
    code = [Instruction(16, 1, "nop", "nop"), Instruction(17, 1, "ret", "ret")]
    assert of_code(CodeSeen(function=Function("main.f", 16, "amd64", code))) == {"instructions": Value(2)}
    assert of_code(CodeSeen()) == {}


def ending(count: int, exit_code: int, printed: str = "", *, timed_out: bool = False, message: str = "") -> Ending:
    return Ending(count, exit_code, timed_out, message, [], "", 0, printed)


def test_runs_name_the_share_of_each_way_to_end_whatever_was_printed() -> None:
    endings = [
        ending(5, 0, "one"),
        ending(8, 2, message="panic: no"),
        ending(4, 0, "two"),
        ending(3, 137, timed_out=True),
    ]
    found = of_runs(Run(runs=20, gomaxprocs=2), RunSeen(tally=Tally(["p"], {}, 20, endings)))
    shares = {name: share(count, 20) for name, count in (("exit 0", 9), ("exit 2: panic: no", 8))}
    shares["still running after 10 s"] = share(3, 20)
    assert found == {f"share of {name}": Value(one.count / 20, "", one.low, one.high) for name, one in shares.items()}
    assert sum(one.number for one in found.values()) == pytest.approx(1)


def test_what_did_not_build_has_no_shares() -> None:
    assert of_runs(Run(runs=20, gomaxprocs=2), RunSeen(refused="no")) == {}


def test_allocations_have_an_interval_only_where_processes_differ() -> None:
    seen = AllocsSeen(benchmark=PerOperation("BenchmarkMade", (9, 9, 9), (1, 1, 1), (16, 24, 17)))
    assert of_allocs(seen) == {"allocations": Value(1, "allocs/op"), "allocated": Value(17, "B/op", 16, 24)}
    assert of_allocs(AllocsSeen(refused="no")) == {}


def timing(times: dict[str, list[float]], *, clean: bool = True) -> Timing:
    rounds = [
        {name: Sample(100, {"ns/op": found}, 1.0, 1.0, 0, clean) for name, found in zip(times, each, strict=True)}
        for each in zip(*times.values(), strict=True)
    ]
    return Timing({name: Arm(name, 1, "100x") for name in times}, 2, rounds)


def contest(seen: Timing) -> ContestSeen:
    return ContestSeen(pair=Pair("Slow", "Fast", seen.ratio(("Slow", "ns/op"), ("Fast", "ns/op"))), timing=seen)


def test_a_contest_names_the_ratio_and_both_times() -> None:
    fast = [100.0 + number for number in range(12)]
    found = of_contest(contest(timing({"Slow": [2 * one for one in fast], "Fast": fast, "Known": fast})))
    assert set(found) == {"Slow / Fast", "Slow", "Fast"}
    assert found["Slow / Fast"].number == pytest.approx(2)
    assert found["Fast"] == Value(105.5, "ns/op", 102, 109)  # the 3rd least and the 3rd greatest of 12
    assert found["Slow"] == Value(211, "ns/op", 204, 218)


def test_a_contest_without_a_clean_round_has_no_figures() -> None:
    times = {"Slow": [2.0] * 12, "Fast": [1.0] * 12}
    assert of_contest(contest(timing(times, clean=False))) == {}
    assert of_contest(ContestSeen(lacks="there is no release before it")) == {}
