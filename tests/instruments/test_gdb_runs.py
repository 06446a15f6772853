"""Processes under gdb: how they end, what a changed byte does, one thread alone, and what breaks a lab."""

import pytest
from tests.bench_fixtures import EITHER, RESOURCES, shell
from tests.looked_at import CHAIN, ENDS, GATE_LEFT, GATE_TOUCHED, Looked, everywhere, newest_only, symbols

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Poke, Run, Step, session
from claimlab.instruments.gdb_scripts import Hindered
from claimlab.instruments.gobuild import Binary, build
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures", "tests.looked_at"]


# Runs


@everywhere
def test_each_run_is_a_process_with_its_arguments_and_processors(looked_at: Looked) -> None:
    _, _, seen = looked_at
    assert [run.gomaxprocs for run in seen.runs] == [2, 1, 2, 3]
    for run in seen.runs:
        assert f"procs {run.gomaxprocs}\n" in run.stderr
    assert 'args ["exit" "two words" "it\'s" "$HOME" "*"]\n' in seen.runs[1].stderr


@everywhere
def test_a_program_that_ends_before_a_step_has_an_exit_code(looked_at: Looked) -> None:
    _, _, seen = looked_at
    chain, ends, *_ = seen.runs
    assert (ends.stops, ends.exit_code) == ([], 5)
    assert (len(chain.stops), chain.exit_code) == (2, None)


@everywhere
def test_a_changed_byte_changes_what_the_program_does(looked_at: Looked) -> None:
    """Many times: gdb 13 is apt to lose the exit of a process whose threads it is just letting go."""
    bench, binary, _ = looked_at
    runs = [GATE_TOUCHED, GATE_LEFT] * 5
    seen = session(bench, binary, runs)
    for run in seen.runs:
        assert [stop.at for stop in run.stops] == ["main.before"]
    touched, left, known = seen.runs[::2], seen.runs[1::2], symbols(bench, binary)
    for run in touched:
        gate, second = run.stops[0].poked
        assert (gate.expression, gate.before, gate.after) == ("&'main.gate'", 1, 3)
        assert gate.address in known["main.gate"]
        assert (second.expression, second.before, second.after) == ("&'main.pair' + 1", 2, 10)
        assert second.address == known["main.pair"][1]
        assert run.stderr.endswith("pair [1 10]\nthe gate was changed\n")
    assert all(run.stderr.endswith("pair [1 2]\n") for run in left)
    assert [run.exit_code for run in touched] == [3] * 5
    assert [run.exit_code for run in left] == [0] * 5


@newest_only
def test_a_byte_that_is_not_there_is_not_changed(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    step = Step(["main.before"], pokes=[Poke("&'main.nosuch'", 1), Poke("16", 1)])
    (run,) = session(bench, binary, [Run(["gate"], 1, [step])]).runs
    assert [(one.address, one.before, one.after) for one in run.stops[0].poked] == [(None, None, None)] * 2


@everywhere
def test_a_program_killed_by_a_signal_has_no_exit_code(looked_at: Looked) -> None:
    """It is killed while all its other threads stand still: gdb itself may break down where one was just being made.

    Now and then gdb meets the end of the lone thread before the program's, and can say nothing of it: no answer then.
    """
    bench, binary, _ = looked_at
    steps = [Step(["syscall.Kill"]), Step(["main.mark"], alone="main.main")]
    try:
        (run,) = session(bench, binary, [Run(["killed"], 2, steps)]).runs
    except LabBroken as broken:
        assert "the program was killed: No unwaited-for children left" in str(broken)
        return
    assert (len(run.stops), run.exit_code) == (1, None)
    assert 'args ["killed"]' in run.stderr


OPEN_THE_GATE = Step(["main.secondReady"], pokes=[Poke("&'main.gate'", 2)])


@everywhere
def test_one_thread_can_run_alone(looked_at: Looked) -> None:
    """At the first stop the first goroutine is let go too; yet it is not done before the second one is."""
    bench, binary, _ = looked_at
    both = ["main.firstDone", "main.secondDone"]
    steps = [OPEN_THE_GATE, Step(both, alone="main.second"), Step(["main.firstDone"])]
    seen = session(bench, binary, [Run(["two"], 2, steps)] * 3)
    for run in seen.runs:
        assert [stop.at for stop in run.stops] == ["main.secondReady", "main.secondDone", "main.firstDone"]


@everywhere
def test_all_threads_run_again_after_one_has_ended_the_program_alone(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    ended = Run(["two", "exit"], 2, [OPEN_THE_GATE, Step(["main.firstDone"], alone="main.second")])
    parks = Run(["park"], 2, [Step(["main.mark"])])
    seen = session(bench, binary, [ended, parks], timeout_s=30)
    assert [(len(run.stops), run.exit_code) for run in seen.runs] == [(1, 6), (1, None)]


@newest_only
def test_a_thread_that_is_not_there_cannot_run_alone(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    steps = [Step(["main.secondReady"]), Step(["main.firstDone"], alone="main.nosuch")]
    with pytest.raises(LabBroken, match=r"no thread executes main\.nosuch"):
        session(bench, binary, [Run(["two"], 2, steps)])


@newest_only
def test_a_thread_that_waits_for_one_that_stands_still_ends_the_session(looked_at: Looked) -> None:
    """It has nothing to do any more, and goes to sleep until another one has something for it."""
    bench, binary, _ = looked_at
    waits = [Step(["main.secondReady"]), Step(["main.firstDone"], alone="main.second")]
    with pytest.raises(Hindered, match=r"waits for one that stands still, in runtime\.futex < runtime\.futexsleep"):
        session(bench, binary, [Run(["two"], 2, waits)])


LOCKED = [Poke("&'runtime.sched'.lock.key", 1)]
SCANNED = [Poke(f"&'runtime.allgs'.array[{number}].atomicstatus.value", 0x10, 1) for number in range(30)]
"""Of every goroutine there is: the bit that says that another thread looks at its stack (runtime2.go: _Gscan)."""


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
@pytest.mark.parametrize(
    ("calls", "pokes", "where"),
    [
        ("GC", [], "stopTheWorldWithSema"),
        ("Gosched", LOCKED, "runtime.lock2"),
        ("Gosched", SCANNED, "runtime.casgstatus"),
    ],
)
def test_what_the_lone_thread_waits_for_is_noticed(
    either_bench: Bench, calls: str, pokes: list[Poke], where: str
) -> None:
    """That the world stands, a lock, another's leave to change the goroutine's state: nobody is there to give it."""
    binary = build(either_bench, {"main.go": (RESOURCES / "waits.go").read_bytes()}, "waits")
    steps = [Step(["main.ready"], pokes=pokes), Step(["main.done"], alone="main.second")]
    with pytest.raises(Hindered, match=f"waits for one that stands still, in .*{where}"):
        session(either_bench, binary, [Run([calls], 2, steps)])


@newest_only
def test_a_session_leaves_no_process_and_no_output_file(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    session(bench, binary, [CHAIN])
    assert shell(bench, "ls program.out program.err").stdout == b""
    running = shell(bench, "for one in /proc/[0-9]*; do readlink $one/exe; done; true").text()
    assert f"{shell(bench, 'pwd').text().strip()}/program" not in running


@newest_only
def test_a_session_is_one_step_of_the_journal(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    before = len(bench.journal.commands)
    session(bench, binary, [ENDS])
    steps = [one for one in bench.journal.commands[before:] if one.step != "housekeeping"]
    assert [(one.step, one.argv[0], one.exit_code) for one in steps] == [("gdb", "gdb", 0)]


# What breaks


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_binary_that_is_not_there_breaks_the_lab(either_bench: Bench) -> None:
    with pytest.raises(LabBroken, match="the gdb session failed") as caught:
        session(either_bench, Binary("nosuch", ""), [ENDS])
    assert "nosuch: No such file or directory" in caught.value.tail
    assert caught.value.command.startswith("gdb ")


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_program_that_goes_on_for_ever_breaks_the_lab_and_is_gone(either_bench: Bench) -> None:
    binary = build(either_bench, {"main.go": b"package main\n\nfunc main() {\n\tfor {\n\t}\n}\n"}, "hang")
    with pytest.raises(LabBroken, match="took too long"):
        session(either_bench, binary, [Run([], 2, [Step(["main.nosuch"])])], timeout_s=2)
    folder = shell(either_bench, "pwd").text().strip()
    running = shell(either_bench, "for one in /proc/[0-9]*; do readlink $one/exe; done; true").text()
    assert f"{folder}/hang" not in running
