"""Labs run from the command line, in a copy of the checkout: exit codes, and that nothing is done twice."""

import re
import resource
import shutil
import time
from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST
from tests.stopwatch import Stopwatch
from tests.tiny_lab import NOWHERE, Checkout, write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
gdb = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
ON_LOCAL = ("--engine", "local")
OLDER = "1.21.13"
"""The one whose library labs that ask nothing of Go need compiled too."""


def only(*tools: str, folder: Path) -> str:
    """A PATH with just these tools."""
    folder.mkdir()
    for tool in tools:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return str(folder)


class TestMeasured:
    """What needs a bench."""

    pytestmark = gdb

    def test_labs_as_expected_end_with_0(self, checkout: Checkout) -> None:
        write_lab(checkout.labs)
        done = checkout.inv("lab.tiny", *ON_LOCAL)
        assert done.returncode == 0, done.stderr
        words = f"holds on {NEWEST.rpartition('.')[0]}, the only release tested"
        assert re.search(rf"^9\.1-a +confirmed +✔ +{re.escape(words)}$", done.stdout, re.MULTILINE)
        assert f"outcomes, in this order: {NEWEST}" in done.stdout
        assert "1 claim: 1 tested (1 confirmed), 0 untestable, 0 pending" in done.stdout
        assert "1 trial on engine local, 1 outcome: all as expected" in done.stdout
        assert "isolated" not in done.stdout + done.stderr

    def test_an_outcome_that_differs_ends_with_1_and_is_measured_all_the_same(self, checkout: Checkout) -> None:
        write_lab(checkout.labs, script="echo 41")
        for _ in range(2):
            done = checkout.inv("lab.tiny", *ON_LOCAL)
            assert done.returncode == 1
            assert f"9.1-a on Go {NEWEST}: expected holds, measured fails" in done.stdout
            assert "1 trial on engine local, 1 outcome: 1 not as expected" in done.stdout
        assert "differs or broken" not in done.stderr  # the second time nothing was measured

    def test_a_broken_lab_ends_with_1_and_is_told_once(self, checkout: Checkout) -> None:
        write_lab(checkout.labs, script="echo gone >&2; exit 7")
        done = checkout.inv("lab.tiny", *ON_LOCAL)
        assert done.returncode == 1
        assert "inconclusive" in done.stdout
        assert done.stdout.count(f"tiny[{NEWEST}] is broken: the lab failed") == 1
        for line in ("  exit: 7", "  | gone", f"replay: ./inv lab.tiny --go {NEWEST} --engine local --fresh"):
            assert line in done.stdout
        assert re.search(r"^✘ tiny\[.*\]  .* s  broken: the number could not be printed", done.stderr, re.MULTILINE)

    def test_broken_and_well_ones_do_not_mix(self, checkout: Checkout) -> None:
        write_lab(checkout.labs, "broken", script="exit 7")
        write_lab(checkout.labs, "well")
        write_lab(checkout.labs, "other", chapter=8)
        done = checkout.inv("lab.chapter-9", *ON_LOCAL)
        assert done.returncode == 1
        assert re.search(r"^9\.1-a +inconclusive +!", done.stdout, re.MULTILINE)
        assert re.search(r"^9\.1-b +confirmed +✔", done.stdout, re.MULTILINE)
        assert "8.1-a" not in done.stdout
        assert checkout.inv("lab.well", *ON_LOCAL).returncode == 0
        assert checkout.inv("lab.all", *ON_LOCAL).returncode == 1

    def test_with_everything_recorded_nothing_is_measured_and_pytest_is_not_imported(self, checkout: Checkout) -> None:
        write_lab(checkout.labs)
        assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
        again = checkout.started.finish(
            checkout.python(
                *(
                    "-X",
                    "importtime",
                    "-m",
                    "claimlab.cli",
                    "--search-root",
                    str(checkout.root),
                    "lab.tiny",
                    *ON_LOCAL,
                )
            )
        )
        assert again.returncode == 0
        imported = set(re.findall(r"^import time:.*\| +(\S+)$", again.stderr, re.MULTILINE))
        assert "claimlab.cli.run_labs" in imported
        assert not {"pytest", "_pytest", "xdist", "docker", "sphinx", "claimlab.running.session"} & imported

    def test_with_everything_recorded_it_takes_less_than_a_second(self, checkout: Checkout) -> None:
        write_lab(checkout.labs)
        assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
        took, computed = [], []
        for _ in range(5):
            before, watch = resource.getrusage(resource.RUSAGE_CHILDREN), Stopwatch()
            process = checkout.start_inv("lab.tiny", *ON_LOCAL)
            took.append(watch.took_s(process))
            assert checkout.started.finish(process).returncode == 0
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            computed.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        began = time.process_time()
        sum(number * number for number in range(2_000_000))
        limit_s = max(1.0, (time.process_time() - began) / 0.25)  # there are hosts five times as slow as others
        assert min(computed) < limit_s
        assert min(took) < limit_s

    def test_fresh_measures_again(self, checkout: Checkout) -> None:
        write_lab(checkout.labs)
        assert "✔ tiny" in checkout.inv("lab.tiny", *ON_LOCAL).stderr
        assert "✔ tiny" not in checkout.inv("lab.tiny", *ON_LOCAL).stderr
        assert "✔ tiny" in checkout.inv("lab.tiny", *ON_LOCAL, "--fresh").stderr

    def test_editing_a_judge_measures_nothing_but_judges_again(self, checkout: Checkout) -> None:
        judges = write_lab(checkout.labs) / "judges.py"
        assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
        judges.write_text(judges.read_text().replace("number % 2 == 0", "number > 50"))
        done = checkout.inv("lab.tiny", *ON_LOCAL)
        assert done.returncode == 1
        assert "expected holds, measured fails" in done.stdout
        assert f"tiny[{NEWEST}]  " not in done.stderr

    def test_an_added_release_runs_just_its_trial(self, checkout: Checkout) -> None:
        write_lab(checkout.labs)
        assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
        checkout.pin(OLDER, NEWEST)
        done = checkout.inv("lab.tiny", *ON_LOCAL)
        assert done.returncode == 0, done.stderr
        assert re.findall(r"^✔ (\S+)", done.stderr, re.MULTILINE) == [f"tiny[{OLDER}]"]
        assert re.search(r"^9\.1-a +confirmed +✔✔ ", done.stdout, re.MULTILINE)
        assert f"outcomes, in this order: {OLDER}, {NEWEST}" in done.stdout


# What is missing ends with 2, before the first trial


def test_an_unknown_toolchain(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--go", "1.9")
    assert done.returncode == 2
    assert f"No pinned toolchain matches --go 1.9. Pinned are: {NEWEST}." in done.stderr
    assert_nothing_ran(checkout, done.stdout + done.stderr)


def test_a_setting_that_is_for_other_labs(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    pins = checkout.root / "docker" / "toolchains.toml"
    pins.write_text('godebug."old=1" = { labs = ["other"], undoes = { en = "so" } }\n' + pins.read_text())
    for command in (["lab.tiny"], ["record.keep", "tiny"]):
        done = checkout.inv(*command, *ON_LOCAL, "--go", "+old=1")
        assert done.returncode == 2
        assert f"tiny is not asked on {NEWEST}+old=1. Choose other toolchains with --go" in done.stderr
        assert_nothing_ran(checkout, done.stdout + done.stderr)
    assert f"{NEWEST}+old=1 " in (told := checkout.inv("toolchains.list").stdout)
    assert told.splitlines()[-1].endswith("  for other")


def test_an_unknown_engine(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    done = checkout.inv("lab.tiny", "--engine", "steam")
    assert done.returncode == 2
    assert "There is no engine 'steam'." in done.stderr
    assert_nothing_ran(checkout, done.stdout + done.stderr)


def test_no_docker_daemon(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    done = checkout.inv("lab.tiny", "--engine", "docker", DOCKER_HOST=NOWHERE)
    assert done.returncode == 2
    assert done.stderr.count("The Docker daemon does not answer") == 1
    assert_nothing_ran(checkout, done.stdout + done.stderr)


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
@pytest.mark.parametrize(
    ("tool", "package", "left"),
    [
        ("gdb", "gdb", ("gcc", "prlimit", "env")),
        ("gcc", "gcc", ("gdb", "prlimit", "env")),
        ("prlimit", "util-linux", ("gdb", "gcc", "env")),
    ],
)
def test_a_tool_of_this_machine_is_missing(
    checkout: Checkout, tool: str, package: str, left: tuple[str, ...], tmp_path: Path
) -> None:
    write_lab(checkout.labs)
    done = checkout.inv("lab.tiny", *ON_LOCAL, PATH=only(*left, folder=tmp_path / "bin"))
    assert done.returncode == 2, done.stderr
    assert done.stderr.count(f"The local engine needs {tool}, which this machine lacks.") == 1
    assert f"apt-get install {package}" in done.stderr
    assert_nothing_ran(checkout, done.stdout + done.stderr)


def assert_nothing_ran(checkout: Checkout, said: str) -> None:
    assert "Traceback" not in said
    assert not checkout.record.exists()
    assert list(checkout.scratch.iterdir()) == []
