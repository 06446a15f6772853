"""What gdb notices on the way to a stop, against a program that knows the answers and against objdump."""

from collections.abc import Iterator

import pytest
from tests.bench_fixtures import RESOURCES, bench_at, shell
from tests.looked_at import PLACES, POINTER, symbols, witness

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Run, Step, Stop, Watch, session
from claimlab.instruments.gobuild import Binary, build
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

SOURCE = (RESOURCES / "watched.go").read_bytes()
RESULT = POINTER
"""The first argument register also holds the first result."""
Watched = tuple[Bench, Binary]


@pytest.fixture(scope="module", params=PLACES)
def watched(request: pytest.FixtureRequest) -> Iterator[Watched]:
    with bench_at(request) as bench:
        yield bench, build(bench, {"main.go": SOURCE})


def stops(watched: Watched, *steps: Step, args: tuple[str, ...] = ()) -> list[Stop]:
    bench, binary = watched
    return session(bench, binary, [Run(list(args), 1, list(steps))]).runs[0].stops


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(SOURCE.decode().splitlines(), 1) if text in line)


def test_a_write_watch_notes_the_writes_that_change_the_value(watched: Watched) -> None:
    _, stop = stops(watched, Step(["main.ready"]), Step(["main.done"], watches=[Watch("word", "&'main.word'")]))
    assert [(touch.before, touch.after) for touch in stop.touches] == [(0, 5), (5, 7)]
    assert {touch.function for touch in stop.touches} == {"main.store"}
    assert {touch.line for touch in stop.touches} == {line_of("the only line that writes word")}
    assert stop.touches[0].callers[:2] == ["main.store", "main.main"]
    assert (stop.cut, stop.unwatched) == ([], [])


def test_an_access_watch_notes_reads_and_writes_in_order(watched: Watched) -> None:
    watch = Watch("word", "&'main.word'", "access")
    _, stop = stops(watched, Step(["main.ready"]), Step(["main.done"], watches=[watch]))
    assert [touch.function for touch in stop.touched("word")] == [
        "main.store",
        "main.store",
        "main.load",
        "main.store",
    ]


def test_touches_of_several_words_come_in_order_of_time(watched: Watched) -> None:
    watches = [Watch("other", "&'main.other'"), Watch("word", "&'main.word'", size=4)]
    _, stop = stops(watched, Step(["main.ready"]), Step(["main.done"], watches=watches))
    assert [(touch.label, touch.after) for touch in stop.touches] == [("word", 5), ("other", 5), ("word", 7)]


def test_the_noted_instruction_is_objdumps(watched: Watched) -> None:
    bench, binary = watched
    _, stop = stops(watched, Step(["main.ready"]), Step(["main.done"], watches=[Watch("word", "&'main.word'")]))
    touch = stop.touches[0]
    assert touch.instruction_address in symbols(bench, binary)["main.store"]
    listing = shell(bench, f"objdump --disassemble=main.store --no-show-raw-insn {binary.name}").text()
    line = next(line for line in listing.splitlines() if line.strip().startswith(f"{touch.instruction_address:x}:"))
    assert touch.instruction.split()[0] == line.split()[1]
    assert f"{touch.pc:x}:" in listing


def test_a_watch_is_taken_off_when_it_has_seen_enough(watched: Watched) -> None:
    done = Step(["main.done"])
    last = Step(["main.done"], watches=[Watch("word", "&'main.word'")])
    *_, stop = stops(watched, Step(["main.ready"]), done, done, done, last, args=("more",))
    assert (len(stop.touches), stop.cut) == (50, ["word"])


def test_a_word_that_is_not_there_is_not_watched(watched: Watched) -> None:
    watches = [Watch("none", "&'main.nosuch'"), Watch("nil", "(char *) 16")]
    _, stop = stops(watched, Step(["main.ready"]), Step(["main.done"], watches=watches))
    assert (stop.touches, stop.unwatched) == ([], ["none", "nil"])


def test_more_watches_than_debug_registers_break_the_lab(watched: Watched) -> None:
    watches = [Watch(f"word {number}", f"&'main.wide'[{number}]") for number in range(20)]
    with pytest.raises(LabBroken, match=r"watch"):
        stops(watched, Step(["main.ready"]), Step(["main.done"], watches=watches))


def test_executions_are_counted_by_call_chain(watched: Watched) -> None:
    counts = ["main.bump", "main.nosuch", "*'main.nosuch'"]
    *_, stop = stops(watched, Step(["main.ready"]), Step(["main.done"]), Step(["main.done"], counts=counts))
    assert stop.count_of("main.bump") == 3
    chains = {tuple(chain.split(" < ")[:3]): hits for chain, hits in stop.counted[0].chains.items()}
    assert chains == {("main.bump", "main.first", "main.main"): 1, ("main.bump", "main.second", "main.main"): 2}
    assert [(one.name, one.resolved, one.hits) for one in stop.counted] == [
        ("main.bump", True, 3),
        ("main.nosuch", False, 0),
        ("*'main.nosuch'", False, 0),
    ]


def test_an_argument_is_summed_up_by_caller(watched: Watched) -> None:
    """The loop of main hands bump 0 to 9; first and second hand it 1. Where there is no such thing there is no sum."""
    counting = [Step(["main.done"], counts=["main.bump"], sums=name) for name in ("n", "n", "nosuch")]
    once, loop = stops(watched, Step(["main.ready"]), Step(["main.done"]), *counting[:2])[-2:]
    sums = {chain.split(" < ")[1]: total for chain, total in once.counted[0].sums.items()}
    assert sums == {"main.first": 1, "main.second": 2}
    assert list(loop.counted[0].sums.values()) == [45]
    assert list(loop.counted[0].chains.values()) == [10]
    *_, stop = stops(watched, Step(["main.ready"]), Step(["main.done"]), counting[2])
    assert (stop.counted[0].hits, stop.counted[0].sums) == (3, {})


def test_stops_where_the_condition_is_false_are_passed_over(watched: Watched) -> None:
    stop, later = stops(watched, Step(["main.bump"], when="n == 7"), Step(["main.answer"]))
    assert stop.arguments == {"n": 7}
    assert later.function == "main.answer"


def test_a_function_can_be_let_return(watched: Watched) -> None:
    entered, returned = stops(watched, Step(["main.answer"]), Step([], returns=True, values={"result": RESULT}))
    assert (entered.function, returned.at, returned.function) == ("main.answer", "return", "main.main")
    assert returned.values == {"result": 42}


def test_a_function_is_stopped_at_its_very_first_instruction(watched: Watched) -> None:
    bench, binary = watched
    (stop,) = stops(watched, Step(["*'main.answer'"], values={"argument": RESULT, "pc": "$pc"}))
    assert stop.values == {"argument": 7, "pc": symbols(bench, binary)["main.answer"].start}
    assert stop.at == "*'main.answer'"


def test_a_forced_value_is_what_the_program_goes_on_with(watched: Watched) -> None:
    bench, binary = watched
    steps = [
        Step(["main.ready"], force={"'main.calls'": "1000", "'main.nosuch'": "1"}),
        Step(["main.answer"]),
        Step([], returns=True, force={RESULT: "17"}),
        Step(["main.nosuch"]),
    ]
    (run,) = session(bench, binary, [Run([], 1, steps)]).runs
    variable, absent = run.stops[0].forced
    assert (variable.before, variable.after) == (0, 1000)
    assert (absent.before, absent.after) == (None, None)
    assert [(one.expression, one.before, one.after) for one in run.stops[2].forced] == [(RESULT, 42, 17)]
    assert witness(run, "calls") == [[str(1000 + 3 + sum(range(10)))]]
    assert witness(run, "answer") == [["17"]]


def test_what_was_noticed_stands_in_the_transcript(watched: Watched) -> None:
    bench, binary = watched
    watching = Step(["main.done"], watches=[Watch("word", "&'main.word'")], counts=["main.load"])
    seen = session(bench, binary, [Run([], 1, [Step(["main.ready"]), watching])])
    assert "# word: 0x5 -> 0x7 by " in seen.transcript
    assert "# main.load: executed 1 times" in seen.transcript
