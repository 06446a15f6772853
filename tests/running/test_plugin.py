"""Labs as pytest items, in a folder of their own and with pytest in a process of its own."""

import re
import socket
from contextlib import closing

import pytest
from tests.bench_fixtures import NEWEST
from tests.ours import write_project
from tests.tiny_lab import NOWHERE, Checkout, LabsFolder, write_lab

from claimlab.benches.docker_engine import DockerEngine

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
local = pytest.mark.usefixtures("local_engine")

ORDINARY = "def test_that_has_nothing_to_do_with_labs():\n    pass\n"


def collected(folder: LabsFolder, *arguments: str, go: str = NEWEST) -> list[str]:
    """The items that are collected, without their folders."""
    done = folder.pytest("labs", "--collect-only", "-q", *arguments, go=go)
    assert done.returncode in (0, 5), done.stdout + done.stderr
    return re.findall(r"lab\.py::(.+)", done.stdout)


@pytest.fixture
def three_labs(folder: LabsFolder) -> LabsFolder:
    write_lab(folder.labs)
    write_lab(folder.labs, "slow", timing=True)
    write_lab(folder.labs, "other", chapter=8)
    return folder


# Collecting


def test_items_are_labs_on_toolchains_and_those_that_need_quiet_come_last(three_labs: LabsFolder) -> None:
    names = [f"other[{NEWEST}]", f"tiny[{NEWEST}]", f"slow[{NEWEST}]"]
    assert collected(three_labs) == names


def test_a_lab_that_asks_nothing_of_go_is_one_trial(folder: LabsFolder) -> None:
    write_lab(folder.labs, has_axis=False)
    assert collected(folder, go="1.24") == ["tiny[-]"]


def test_go_selects_releases_with_their_variants(folder: LabsFolder) -> None:
    write_lab(folder.labs)
    variants = [f"tiny[1.24.11{variant}]" for variant in ("", "+noswissmap", "+nosynchashtriemap")]
    assert collected(folder, go="1.24") == variants
    assert collected(folder, go="1.24.11+noswissmap") == ["tiny[1.24.11+noswissmap]"]
    assert collected(folder, "--go", "1.23", go=NEWEST) == [f"tiny[{NEWEST}]", "tiny[1.23.9]"]


@pytest.fixture
def two_articles(folder: LabsFolder) -> LabsFolder:
    """Both have a chapter 9; only one has a chapter 8."""
    write_lab(folder.labs)
    write_lab(folder.root / "more-things", "other")
    write_lab(folder.root / "more-things", "third", chapter=8)
    write_project(folder.root, ("labs", "more-things"))
    return folder


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (("-m", "labs"), ["tiny"]),
        (("-m", "more_things"), ["other", "third"]),
        (("-m", "more_things and chapter_9"), ["other"]),
        (("-m", "chapter_9"), ["tiny", "other"]),
        (("-m", "chapter_8"), ["third"]),
        (("-k", "more_things"), ["other", "third"]),
        (("-k", "more-things"), ["other", "third"]),
        (("-k", "not more_things"), ["tiny"]),
    ],
)
def test_articles_can_be_selected(two_articles: LabsFolder, selection: tuple[str, str], names: list[str]) -> None:
    found = collected(two_articles, "more-things", "--strict-markers", *selection)
    assert sorted(found) == sorted(f"{name}[{NEWEST}]" for name in names)


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (("-k", "tiny"), ["tiny"]),
        (("-k", "not tiny"), ["other", "slow"]),
        (("-k", "nosuch"), []),
        (("-m", "chapter_9"), ["tiny", "slow"]),
        (("-m", "chapter_8"), ["other"]),
        (("-m", "timing"), ["slow"]),
        (("-m", "lab and not timing"), ["other", "tiny"]),
    ],
)
def test_selections_work_as_for_any_test(three_labs: LabsFolder, selection: tuple[str, str], names: list[str]) -> None:
    assert collected(three_labs, *selection) == [f"{name}[{NEWEST}]" for name in names]


def test_chapter_10_can_be_selected_and_is_another_than_chapter_1(folder: LabsFolder) -> None:
    for chapter, name in ((1, "first"), (10, "tenth")):
        write_lab(folder.labs, name, chapter=chapter)
        assert collected(folder, "--strict-markers", "-m", f"chapter_{chapter}") == [f"{name}[{NEWEST}]"]
    assert collected(folder, "--strict-markers", "-m", "chapter_1") == [f"first[{NEWEST}]"]


def test_a_toolchain_that_is_not_pinned_is_a_usage_error(folder: LabsFolder) -> None:
    write_lab(folder.labs)
    done = folder.pytest(go="1.2")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "No pinned toolchain matches --go 1.2. Pinned are: 1.21.13, " in done.stderr
    assert "claimlab toolchains.add VERSION" in done.stderr


def test_an_engine_that_does_not_exist_is_a_usage_error(folder: LabsFolder) -> None:
    done = folder.pytest(engine="steam")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR


def test_a_lab_py_without_claims_beside_it_is_no_lab(folder: LabsFolder) -> None:
    path = write_lab(folder.labs)
    (path.parent / "claims.toml").unlink()
    assert collected(folder) == []


# Measuring


@pytest.mark.gdb
@local
def test_a_trial_is_measured_once_and_again_only_when_asked(folder: LabsFolder) -> None:
    write_lab(folder.labs)
    assert folder.properties() == {"source": "measured", "9.1-a": "holds"}
    assert folder.properties() == {"source": "record", "9.1-a": "holds"}
    assert folder.properties("--fresh") == {"source": "measured", "9.1-a": "holds"}
    assert len(list(folder.record.rglob("local-*.json"))) == 1


@pytest.mark.gdb
@local
def test_a_trial_without_go_is_measured_once_for_all_releases(folder: LabsFolder) -> None:
    write_lab(folder.labs, has_axis=False)
    assert folder.properties() == {"source": "measured", "9.1-a": "holds"}
    assert folder.properties("--go", "1.22") == {"source": "record", "9.1-a": "holds"}


@pytest.mark.docker
def test_a_trial_runs_in_a_container(folder: LabsFolder, docker_engine: DockerEngine) -> None:
    write_lab(folder.labs, script="test -f /.dockerenv && echo 42")
    done = folder.pytest(engine="docker")
    assert done.returncode == 0, done.stdout
    assert len(list(folder.record.rglob("docker-*.json"))) == 1


UNEXPECTED = {
    "one": (42, "fails", "holds"),
    "two": (41, "holds", "fails"),
    "three": (42, "void", "holds"),
    "four": (42, None, "holds"),
}
"""The number, what is expected of the claim that it is even, and what is measured."""


@pytest.mark.gdb
@local
def test_an_outcome_that_is_not_the_expected_one_fails_readably(folder: LabsFolder) -> None:
    for name, (number, expected, _) in UNEXPECTED.items():
        write_lab(folder.labs, name, script=f"echo {number}", expected=expected)
    for _ in range(2):  # measured, then from the record
        done = folder.pytest()
        assert done.returncode == pytest.ExitCode.TESTS_FAILED
        told = re.split(r"^_+ (\w+)\[.*\] _+$", done.stdout.partition("= short test summary")[0], flags=re.MULTILINE)[
            1:
        ]
        failures = dict(zip(told[::2], told[1::2], strict=True))
        assert set(failures) == set(UNEXPECTED)
        for letter, (name, (number, expected, measured)) in zip("abcd", UNEXPECTED.items(), strict=True):
            for line in (
                f"9.1-{letter} on Go {NEWEST}: expected {expected or 'nothing (no expectation is written)'}, "
                f"measured {measured}",
                "claim:    The number is even.",
                f"because:  the number is {number}",
                f"replay:   claimlab lab.{name} --go {NEWEST} --engine local --fresh",
                "--expect writes it into `expected` of this claim",
            ):
                assert line in failures[name]
        assert "Traceback" not in done.stdout
        assert "the lab is broken" not in done.stdout


@pytest.mark.gdb
@pytest.mark.usefixtures("trials_in_the_open")
@local
def test_a_broken_lab_fails_with_all_that_is_known_and_success_clears_it(folder: LabsFolder) -> None:
    number = folder.root / "number"
    write_lab(folder.labs, script=f"cat {number}")
    done = folder.pytest()
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    for line in (
        f"the lab is broken: tiny[{NEWEST}]",
        "the number could not be printed",
        f"  ran:  sh -c 'cat {number}'",
        "  exit: 1",
        f"  | cat: {number}: No such file or directory",
        f"  replay: claimlab lab.tiny --go {NEWEST} --engine local --fresh",
    ):
        assert line in done.stdout
    (breakage,) = folder.record.rglob("*.broken")
    assert "could not be printed" in breakage.read_text()
    assert not list(folder.record.rglob("*.json"))
    number.write_text("42\n")
    assert folder.properties()["source"] == "measured"
    assert not breakage.exists()


@pytest.mark.gdb
@local
def test_an_error_in_observe_is_a_broken_lab_too(folder: LabsFolder) -> None:
    write_lab(folder.labs, script="echo many")
    done = folder.pytest()
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"the lab is broken: tiny[{NEWEST}]" in done.stdout
    assert "invalid literal for int()" in done.stdout
    assert "replay: claimlab lab.tiny" in done.stdout
    assert len(list(folder.record.rglob("*.broken"))) == 1


@pytest.mark.gdb
@local
def test_last_failed_runs_only_what_failed(folder: LabsFolder) -> None:
    write_lab(folder.labs)
    write_lab(folder.labs, "odd", script="echo 41")
    assert "1 failed, 1 passed" in folder.pytest().stdout
    assert "1 failed in" in folder.pytest("labs", "--lf").stdout
    assert f"::odd[{NEWEST}]" in folder.pytest("labs", "--lf").stdout


# Preparing


@pytest.mark.parametrize("workers", [(), ("-n", "2"), ("-n", "2", "--dist", "worksteal")], ids=" ".join)
def test_without_a_daemon_nothing_is_tried_and_one_sentence_says_why(
    folder: LabsFolder, workers: tuple[str, ...]
) -> None:
    write_lab(folder.labs)
    done = folder.pytest("labs", *workers, engine="docker", DOCKER_HOST=NOWHERE)
    assert done.returncode == 2, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert said.count("The Docker daemon does not answer") == 1
    assert "Start it (claimlab engine.up does, as root on Debian), or use --engine local." in said
    assert "Traceback" not in said
    assert "passed" not in said
    assert "failed" not in said
    assert not folder.record.exists()


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=" ".join)
def test_other_tests_prepare_nothing_and_ask_no_daemon(folder: LabsFolder, workers: tuple[str, ...]) -> None:
    (folder.root / "test_ordinary.py").write_text(ORDINARY)
    with closing(socket.socket(socket.AF_UNIX)) as daemon:
        daemon.bind(str(folder.root / "sock"))
        daemon.listen()
        daemon.setblocking(False)
        done = folder.pytest("test_ordinary.py", *workers, engine="docker", DOCKER_HOST=f"unix://{folder.root}/sock")
        assert done.returncode == 0, done.stdout + done.stderr
        with pytest.raises(BlockingIOError):
            daemon.accept()
    assert "1 passed" in done.stdout


def test_collecting_prepares_nothing(folder: LabsFolder) -> None:
    write_lab(folder.labs)
    done = folder.pytest("labs", "--collect-only", engine="docker", DOCKER_HOST=NOWHERE)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.gdb
@local
@pytest.mark.parametrize("workers", [(), ("-n", "2", "--dist", "worksteal")], ids=" ".join)
def test_what_trials_need_is_prepared_once(checkout: Checkout, workers: tuple[str, ...]) -> None:
    """In a checkout whose cache is empty, and whose standard library is one small package."""
    for name in ("tiny", "other", "third"):
        write_lab(checkout.labs, name)
    source = checkout.root / "src" / "claimlab" / "toolchains" / "needs.py"
    small = 'WARM_PACKAGES: Final = ("unsafe",)'
    text, count = re.subn(r"WARM_PACKAGES: Final = \(.*?\)", small, source.read_text(), flags=re.DOTALL)
    assert count == 1
    text = text.replace('("testing/internal/testdeps",)', "()")
    source.write_text(text)
    (checkout.state / "warm").unlink()
    done = checkout.started.finish(
        checkout.python("-m", "pytest", "labs", "--engine", "local", "--go", NEWEST, *workers)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(f"claimlab: compiling the standard library of Go {NEWEST}") == 1
    assert "3 passed" in done.stdout
    assert [path.name.partition("-")[0] for path in (checkout.state / "warm").glob("*/*/")] == ["plain"]
