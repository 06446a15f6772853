"""How many fresh processes end in which way, counted on real benches and read from a recorded answer."""

import msgspec
import pytest
from tests.bench_fixtures import EITHER, RESOURCES, shell

from claimlab.benches.bench import Bench
from claimlab.instruments.gobuild import build
from claimlab.instruments.processes import Ending, Tally, once, tally
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)
bounded_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)

RECORDED = RESOURCES / "run_many.json"
DIVERSE = """
echo x >> counted
case $(wc -l < counted) in
1 | 4) echo fine >&2 ;;
2) echo 'panic: of the second' >&2; exit 2 ;;
3) printf 'before\\nfatal error: of the third\\n\\ngoroutine 1 [running]:\\n' >&2; exit 2 ;;
5) kill -SEGV $$ ;;
6) exec sleep 300 ;;
7) echo 'panic: of the second' >&2; exit 2 ;;
*) i=0; while [ $i -lt 100 ]; do echo line $i >&2; i=$((i+1)); done; exit 7 ;;
esac
"""
"""Each process of it ends in another way than the last: the file it counts in is the bench's."""
DEADLOCK = {"main.go": b"package main\n\nfunc main() { <-make(chan int) }\n"}


def diverse(bench: Bench) -> Tally:
    shell(bench, "rm -f counted")
    marks = ["goroutine 1", "line 99", "never"]
    return tally(bench, ["sh", "-c", DIVERSE], runs=8, gomaxprocs=2, marks=marks, timeout_s=4)


def kinds(found: Tally) -> list[tuple[int, int, bool, str, list[str]]]:
    return [(one.count, one.exit_code, one.timed_out, one.message, one.marks) for one in found.endings]


EXPECTED = [
    (2, 0, False, "", []),
    (1, 2, False, "fatal error: of the third", ["goroutine 1"]),
    (2, 2, False, "panic: of the second", []),
    (1, 7, False, "", ["line 99"]),
    (1, 137, True, "", []),
    (1, 139, False, "", []),
]


# On a bench


@either_engines
def test_endings_are_counted_by_kind(either_bench: Bench) -> None:
    found = diverse(either_bench)
    assert kinds(found) == EXPECTED
    assert sum(one.count for one in found.endings) == found.runs == 8
    assert found.argv == ["sh", "-c", DIVERSE]


@either_engines
def test_a_sample_is_the_first_forty_lines(either_bench: Bench) -> None:
    script = "i=0; while [ $i -lt 50 ]; do echo line $i >&2; i=$((i+1)); done"
    (one,) = tally(either_bench, ["sh", "-c", script], runs=2, gomaxprocs=1).endings
    assert one.sample.splitlines() == [f"line {number}" for number in range(40)]


@either_engines
def test_processes_that_all_take_too_long_are_counted_too(either_bench: Bench) -> None:
    found = tally(either_bench, ["sleep", "60"], runs=2, gomaxprocs=1, timeout_s=1)
    assert kinds(found) == [(2, 137, True, "", [])]
    assert found.died() == 0


@either_engines
def test_a_child_that_outlives_its_process_is_not_waited_for(either_bench: Bench) -> None:
    found = tally(either_bench, ["sh", "-c", "sleep 61 & exec sleep 60"], runs=1, gomaxprocs=1, timeout_s=1)
    assert kinds(found) == [(1, 137, True, "", [])]


@either_engines
@pytest.mark.parametrize("gomaxprocs", [1, 2, 7])
def test_gomaxprocs_reaches_the_process(either_bench: Bench, gomaxprocs: int) -> None:
    found = tally(either_bench, ["sh", "-c", "exit $GOMAXPROCS"], runs=1, gomaxprocs=gomaxprocs)
    assert [one.exit_code for one in found.endings] == [gomaxprocs]
    assert found.env == {"GOMAXPROCS": str(gomaxprocs)}


@either_engines
def test_a_process_sees_only_what_it_is_given(either_bench: Bench) -> None:
    found = tally(either_bench, ["sh", "-c", "env >&2"], runs=1, gomaxprocs=1, env={"GOGC": "off"})
    (one,) = found.endings
    seen = dict(line.split("=", 1) for line in one.sample.splitlines())
    assert seen["GOMAXPROCS"] == "1"
    assert seen["GOGC"] == "off"
    assert set(seen) - {"CLAIMLAB_BENCH", "PWD"} == {"PATH", "HOME", "GOMAXPROCS", "GOGC"}


@either_engines
def test_a_go_programs_fatal_error_is_its_message(either_bench: Bench) -> None:
    build(either_bench, DEADLOCK, "deadlock")
    found = tally(either_bench, ["./deadlock"], runs=3, gomaxprocs=2, marks=["[chan receive]"])
    assert kinds(found) == [(3, 2, False, "fatal error: all goroutines are asleep - deadlock!", ["[chan receive]"])]
    assert (found.died(), found.count("deadlock"), found.count("asleep", exit_code=2)) == (3, 3, 3)


@either_engines
def test_a_program_that_is_not_there_breaks_the_lab(either_bench: Bench) -> None:
    with pytest.raises(LabBroken, match="could not be counted"):
        tally(either_bench, ["./nosuch"], runs=1, gomaxprocs=1)


@either_engines
def test_a_tally_is_one_step_of_the_journal(either_bench: Bench) -> None:
    before = len(either_bench.journal.commands)
    tally(either_bench, ["true"], runs=5, gomaxprocs=1)
    (step,) = either_bench.journal.commands[before:]
    assert step.step == "run"
    assert step.exit_code == 0


# What is not a process's own end


@bounded_engines
@pytest.mark.parametrize(
    ("script", "exit_code", "signal"),
    [("exit 139", 139, 0), ("kill -SEGV $$", 139, 11), ("exit 137", 137, 0), ("kill -KILL $$", 137, 9), ("true", 0, 0)],
)
def test_a_signal_is_told_from_an_exit_code_that_looks_like_one(
    either_bench: Bench, script: str, exit_code: int, signal: int
) -> None:
    (one,) = tally(either_bench, ["sh", "-c", script], runs=2, gomaxprocs=1).endings
    assert (one.count, one.exit_code, one.signal) == (2, exit_code, signal)
    ran = once(either_bench, ["sh", "-c", script], gomaxprocs=1)
    assert (ran.exit_code, ran.signal) == (exit_code, signal)


@either_engines
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("ulimit -S -t 1; while :; do :; done", "had used up its processor time"),
        ("ulimit -f 1; exec head -c 100000 /dev/zero > big", "wrote a file that became larger than files may be"),
        ("exec yes >&2", "printed more than 16777216 bytes on standard error"),
    ],
)
def test_one_process_that_a_limit_ended_breaks_the_lab(either_bench: Bench, script: str, words: str) -> None:
    """It is the third of five, and the others end well."""
    counted = f"echo x >> limited; [ $(wc -l < limited) = 3 ] || exit 0; {script}"
    shell(either_bench, "rm -f limited")
    with pytest.raises(LabBroken, match="could not be counted") as broken:
        tally(either_bench, ["sh", "-c", counted], runs=5, gomaxprocs=1, timeout_s=60)
    assert f"process 3 of 5 {words}" in broken.value.tail


@either_engines
def test_a_daemon_that_keeps_the_output_open_holds_up_nobody(either_bench: Bench) -> None:
    """And it ends with the process that started it: here each would otherwise find the last one's."""
    script = "[ -e running ] && exit 3; setsid sh -c 'touch running; sleep 300; rm running' & sleep 0.3; rm -f running"
    found = tally(either_bench, ["sh", "-c", script], runs=3, gomaxprocs=1, timeout_s=20)
    assert kinds(found) == [(3, 0, False, "", [])]


@either_engines
def test_a_daemon_that_floods_the_output_holds_up_nobody(either_bench: Bench) -> None:
    script = "setsid yes >&2 & echo 'panic: mine' >&2; exit 2"
    try:
        found = tally(either_bench, ["sh", "-c", script], runs=2, gomaxprocs=1, timeout_s=20)
    except LabBroken as broken:
        assert "printed more than" in broken.tail  # it may have come that far, or not
    else:
        assert found.count("mine", exit_code=2) == 2


@pytest.mark.parametrize("either_engine", EITHER[:1], indirect=True)
def test_a_process_cannot_answer_in_the_place_of_who_counts(either_bench: Bench) -> None:
    """Nor read what that has in memory. (On an engine that isolates less, root may.)"""
    script = "echo '[]' > /proc/$PPID/fd/1; cat /proc/$PPID/mem; cat /proc/$PPID/environ; kill $PPID; exit 5"
    (one,) = tally(either_bench, ["sh", "-c", script], runs=1, gomaxprocs=1).endings
    assert one.exit_code == 5
    assert one.sample.count("Permission denied") == 3


@either_engines
def test_who_counts_being_killed_is_no_count(either_bench: Bench) -> None:
    with pytest.raises(LabBroken):
        tally(either_bench, ["sh", "-c", "kill -KILL $PPID; sleep 1"], runs=1, gomaxprocs=1)


# On a recorded answer


@pytest.fixture
def recorded() -> Tally:
    endings = msgspec.json.decode(RECORDED.read_bytes(), type=list[Ending])
    return Tally(["sh"], {"GOMAXPROCS": "2"}, 8, endings)


def test_a_recorded_answer_decodes(recorded: Tally) -> None:
    assert kinds(recorded) == EXPECTED
    assert recorded.endings[1].sample.splitlines()[:2] == ["before", "fatal error: of the third"]


@pytest.mark.parametrize(
    ("message", "mark", "exit_code", "count"),
    [
        ("", "", None, 8),
        ("", "", 0, 2),
        ("", "", 2, 3),
        ("panic", "", None, 2),
        ("of the", "", None, 3),
        ("of the", "", 0, 0),
        ("", "goroutine 1", None, 1),
        ("panic", "goroutine 1", None, 0),
        ("", "line 99", 7, 1),
        ("", "never", None, 0),
        ("", "", 139, 1),
    ],
)
def test_a_count_meets_every_condition(
    recorded: Tally, message: str, mark: str, exit_code: int | None, count: int
) -> None:
    assert recorded.count(message, mark=mark, exit_code=exit_code) == count


def test_a_process_we_stopped_did_not_die(recorded: Tally) -> None:
    assert recorded.died() == 5


def test_an_answer_with_an_unknown_field_is_refused() -> None:
    rows = msgspec.json.decode(RECORDED.read_bytes())
    rows[0]["surprise"] = 1
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        msgspec.json.decode(msgspec.json.encode(rows), type=list[Ending])


def test_a_tally_survives_the_record(recorded: Tally) -> None:
    assert msgspec.json.decode(msgspec.json.encode(recorded), type=Tally) == recorded
