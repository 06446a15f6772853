"""What a bench promises its instruments, whichever engine gave it out."""

from pathlib import Path

import pytest
from tests.bench_fixtures import EITHER, NEWEST, VARIANT, pinned, shell
from tests.ours import OUR

from claimlab.benches.bench import OUTPUT_LIMIT_BYTES, Bench, go_environment
from claimlab.benches.engine import Engine
from claimlab.benches.engines import choose
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)
bounded_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)


# Files


@either_engines
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text", b"hello\n"),
        ("empty", b""),
        ("every-byte", bytes(range(256)) * 3),
        ("a/b/nested.bin", b"\x00\xff\r\n"),
        ("with space", b"'quoted'"),
        ("ten-megabytes", bytes(range(256)) * (10 << 12)),
        ("beyond-the-output-limit", bytes(range(256)) * (20 << 12)),
    ],
)
def test_a_file_comes_back_as_it_was_put(either_bench: Bench, name: str, content: bytes) -> None:
    either_bench.put({name: content})
    assert either_bench.get(name) == content
    either_bench.run(["rm", name], step="housekeeping").or_broken("the file is not there")


@either_engines
def test_files_put_together_are_all_there_and_can_be_executed(either_bench: Bench) -> None:
    either_bench.put({"one": b"#!/bin/sh\necho 1\n", "two": b"#!/bin/sh\necho 2\n"})
    assert shell(either_bench, "./one && ./two").stdout == b"1\n2\n"


@either_engines
@pytest.mark.parametrize("name", ["nosuch", ".gocache"])
def test_what_is_no_file_breaks_the_lab(either_bench: Bench, name: str) -> None:
    with pytest.raises(LabBroken, match=f"no file {name}"):
        either_bench.get(name)


@either_engines
def test_nothing_is_put_outside_the_bench(either_bench: Bench) -> None:
    with pytest.raises(LabBroken, match="escaped"):
        either_bench.put({"../escaped": b""})


# Commands


@either_engines
@pytest.mark.parametrize(
    ("script", "exit_code"),
    [("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -ABRT $$", 134), ("kill -KILL $$", 137)],
)
def test_exit_codes_are_as_a_shell_gives_them(either_bench: Bench, script: str, exit_code: int) -> None:
    done = shell(either_bench, script)
    assert (done.exit_code, done.timed_out) == (exit_code, False)


@either_engines
def test_a_command_that_is_not_there_has_a_shells_exit_code(either_bench: Bench) -> None:
    done = either_bench.run(["nosuch-command"], step="run")
    assert done.exit_code == 127
    assert b"nosuch-command" in done.stderr


@either_engines
def test_the_two_outputs_stay_apart(either_bench: Bench) -> None:
    done = shell(either_bench, "printf 'out\\n\\377'; printf 'err\\n' >&2")
    assert (done.stdout, done.stderr) == (b"out\n\xff", b"err\n")


@either_engines
def test_a_command_that_closes_its_output_is_waited_for(either_bench: Bench) -> None:
    assert shell(either_bench, "exec >&- 2>&-; sleep 0.5; exit 3").exit_code == 3


@bounded_engines
@pytest.mark.parametrize(("stream", "named"), [("1", "standard output"), ("2", "standard error")])
def test_a_command_that_prints_more_than_it_may_is_stopped_and_no_answer(
    either_bench: Bench, stream: str, named: str
) -> None:
    with pytest.raises(LabBroken, match=f"more than {OUTPUT_LIMIT_BYTES} bytes were printed on {named}") as broken:
        shell(either_bench, f"exec yes >&{stream}", timeout_s=60)
    assert broken.value.command.startswith("sh -c")


@either_engines
def test_what_reaches_the_limit_of_output_and_stays_below_it_is_whole(either_bench: Bench) -> None:
    done = shell(either_bench, f"head -c {OUTPUT_LIMIT_BYTES} /dev/zero; echo end >&2")
    assert len(done.stdout) == OUTPUT_LIMIT_BYTES
    assert done.stderr == b"end\n"


@bounded_engines
@pytest.mark.parametrize(
    ("script", "exit_code", "signal"),
    [
        ("exit 137", 137, 0),
        ("kill -KILL $$", 137, 9),
        ("exit 134", 134, 0),
        ("kill -ABRT $$", 134, 6),
        ("exit 0", 0, 0),
    ],
)
def test_a_signal_is_told_from_an_exit_code_that_looks_like_one(
    either_bench: Bench, script: str, exit_code: int, signal: int
) -> None:
    done = shell(either_bench, script)
    assert (done.exit_code, done.signal) == (exit_code, signal)


@bounded_engines
@pytest.mark.parametrize(("name", "words"), [("XCPU", "processor time"), ("XFSZ", "a file became larger")])
def test_a_command_that_a_limit_ended_is_no_answer(either_bench: Bench, name: str, words: str) -> None:
    with pytest.raises(LabBroken, match=words):
        shell(either_bench, f"kill -{name} $$")


@either_engines
def test_a_command_that_takes_too_long_is_killed_and_said_to_be(either_bench: Bench) -> None:
    done = shell(either_bench, "echo begun; sleep 600", timeout_s=2)
    assert (done.exit_code, done.timed_out, done.stdout) == (137, True, b"begun\n")
    assert 2 <= done.duration_s < 60
    with pytest.raises(LabBroken, match="killed: it took too long"):
        done.or_broken("the step failed")


@either_engines
def test_a_command_that_ends_in_time_is_not_said_to_be_late(either_bench: Bench) -> None:
    """Though something it started in the background still holds its output open."""
    done = shell(either_bench, "sleep 600 & echo hi", timeout_s=60)
    assert (done.exit_code, done.timed_out, done.stdout) == (0, False, b"hi\n")


@either_engines
def test_the_time_limit_also_holds_for_what_left_the_process_group(either_bench: Bench) -> None:
    done = shell(either_bench, "setsid sleep 600 & sleep 600", timeout_s=1)
    assert done.timed_out
    assert done.duration_s < 60


@either_engines
def test_nothing_stands_on_standard_input(either_bench: Bench) -> None:
    assert either_bench.run(["cat"], step="run", timeout_s=5).stdout == b""


@either_engines
def test_a_command_sees_the_go_settings_and_no_more(
    either_engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLAIMLAB_TEST_SECRET", "x")
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    # The docker client hands its user's proxy settings to containers (docker/api/container.py).
    (tmp_path / "config.json").write_text('{"proxies": {"default": {"httpProxy": "http://proxy.test:1"}}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    engine = choose(OUR, either_engine.name)
    with engine.open(pinned(NEWEST), 60) as bench:
        done = bench.run(["env"], step="run", env={"ASKED": "for"})
        seen = dict(line.split("=", 1) for line in done.text().splitlines())
        folder = seen["HOME"]
        expected = go_environment(pinned(NEWEST), bench.goroot, f"{folder}/.gocache", folder)
    engine.close()
    for name in ("HOSTNAME", "CLAIMLAB_BENCH"):
        seen.pop(name, None)
    assert seen == {**expected, "ASKED": "for"}
    assert seen["GOFLAGS"] == ""


@either_engines
def test_the_journal_has_every_command_in_order(either_engine: Engine) -> None:
    with either_engine.open(pinned(NEWEST), 60) as bench:
        bench.run(["true"], step="build", env={"A": "1"})
        bench.run(["sh", "-c", "exit 4"], step="run")
        with pytest.raises(LabBroken):
            bench.run(["false"], step="gdb").or_broken("a step that fails is in the journal too")
    journal = [one for one in bench.journal.commands if one.step != "housekeeping"]
    assert [(one.step, one.argv, one.env, one.exit_code) for one in journal] == [
        ("build", ("true",), {"A": "1"}, 0),
        ("run", ("sh", "-c", "exit 4"), {}, 4),
        ("gdb", ("false",), {}, 1),
    ]
    assert all(0 < one.duration_s < 60 for one in journal)


@either_engines
def test_benches_do_not_see_each_others_files(either_engine: Engine) -> None:
    with either_engine.open(pinned(NEWEST), 60) as one, either_engine.open(pinned(NEWEST), 60) as other:
        one.put({"mine": b""})
        with pytest.raises(LabBroken):
            other.get("mine")


@either_engines
def test_the_bench_runs_the_toolchain_it_names(either_bench: Bench) -> None:
    assert either_bench.toolchain.name == NEWEST
    assert f"go{NEWEST} " in shell(either_bench, "go version").text()
    assert shell(either_bench, "go env GOROOT").text().strip() == either_bench.goroot


@either_engines
def test_a_bench_whose_life_is_over_breaks_the_lab_at_once(either_engine: Engine) -> None:
    with either_engine.open(pinned(NEWEST), 5) as bench:  # of which opening it takes some
        for _ in range(2):
            with pytest.raises(LabBroken):
                bench.run(["sleep", "300"], step="run", timeout_s=60)


def test_go_settings_are_the_toolchains() -> None:
    plain = go_environment(pinned(NEWEST), "/go", "/cache", "/home")
    variant = go_environment(pinned(VARIANT), "/go", "/cache", "/home")
    assert variant == {**plain, "GOEXPERIMENT": "noswissmap"}
    assert {plain[name] for name in ("GOPROXY", "GOENV", "GOWORK")} == {"off"}
