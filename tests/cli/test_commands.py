"""The command line of this very checkout: what it lists, explains and refuses. Nothing is measured."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.ours import OUR, ROOT, TOOLCHAINS, write_project
from tests.tiny_lab import NOWHERE, clean_environment

from claimlab.trials.lab import find_labs
from claimlab.verdicts.judges import judges_of

CLAIM_IDS = (ROOT / "tests" / "resources" / "claim_ids.txt").read_text().split()
NAMES = [toolchain.name for toolchain in TOOLCHAINS]
CHAPTERS = OUR.articles[0].chapters
HELP_ON_EACH = """
import contextlib, io, json, sys
from claimlab.cli.program import program

said = {}
for name in sys.argv[2:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            program.run(["inv", "--search-root", sys.argv[1], "--help", name])
        except SystemExit as ended:
            said[name] = (ended.code, out.getvalue())
json.dump(said, sys.stdout)
"""
"""What the launcher starts, many times in one interpreter: starting takes longer than helping."""


def inv(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """In this checkout."""
    return run([ROOT / "inv", *arguments], **env)


def inv_in(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """As the launcher would start it in another project."""
    return run([sys.executable, "-m", "claimlab.cli", "--search-root", project, *arguments], **env)


def run(command: Sequence[str | Path], **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=clean_environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with our article and our pins, and a record without observations."""
    pins = str(ROOT / "docker" / "toolchains.toml")
    root = tmp_path_factory.mktemp("empty")
    return write_project(root, (str(OUR.articles[0].folder),), command="./inv", toolchains=pins).root


@pytest.fixture(scope="module")
def tasks() -> list[str]:
    """Every task's name."""
    return re.findall(r"^  (\S+)  ", inv("--list").stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def helps(tasks: list[str]) -> dict[str, str]:
    """What each task says of itself."""
    command = [sys.executable, "-c", HELP_ON_EACH, str(ROOT), *tasks]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert {name: code for name, (code, _) in said.items()} == dict.fromkeys(tasks, 0)
    return {name: text for name, (_, text) in said.items()}


def plain(text: str) -> str:
    return " ".join(text.split())


# The list


def test_every_lab_is_listed_with_its_question() -> None:
    done = inv("-l")
    assert done.returncode == 0
    labs = find_labs(OUR)
    assert labs
    for lab in labs:
        assert lab.question
        assert plain(f"lab.{lab.name} {lab.question}") in plain(done.stdout)


def test_every_chapter_with_labs_is_listed(tasks: list[str]) -> None:
    chapters = {lab.chapter.key for lab in find_labs(OUR) if lab.chapter}
    assert {"1", "go1-24"} < chapters
    assert {name for name in tasks if name.startswith("lab.chapter-")} == {f"lab.chapter-{key}" for key in chapters}
    assert "lab.all" in tasks


def test_without_arguments_the_tasks_are_listed() -> None:
    assert inv().stdout == inv("-l").stdout


def test_tasks_are_listed_as_data_by_the_names_they_have(tasks: list[str]) -> None:
    def below(node: dict[str, Any], prefix: str = "") -> list[str]:
        inner = [name for one in node["collections"] for name in below(one, f"{prefix}{one['name']}.")]
        return [f"{prefix}{task['name']}" for task in node["tasks"]] + inner

    done = inv("--list", "--list-format", "json")
    assert done.returncode == 0, done.stderr
    assert sorted(below(json.loads(done.stdout))) == sorted(tasks)


# Help


def test_help_is_what_the_launcher_gives(helps: dict[str, str]) -> None:
    assert inv("--help", "lab.all").stdout == helps["lab.all"]


def test_every_task_explains_itself_and_every_option(helps: dict[str, str]) -> None:
    assert len(helps) > 15
    for name, said in helps.items():
        _, _, described = said.partition("Docstring:")
        described, _, options = described.partition("Options:")
        assert plain(described).removeprefix("none"), name
        if plain(options) != "none":
            entries = re.split(r"^  (?=-)", options, flags=re.MULTILINE)[1:]
            assert entries, name
            for entry in entries:
                spelled, _, explained = plain(re.sub(r"(?m)(STRING|INT|=\S+|--\[no-\]\S+)", "", entry)).partition("--")
                assert re.search(r"\w+ \w+", explained or spelled), f"{name}: {entry}"


def test_every_task_shows_how_it_is_called(helps: dict[str, str]) -> None:
    for name, text in helps.items():
        assert text.startswith(f"Usage: ./inv [--core-opts] {name} ")
        _, _, described = text.partition("Docstring:")
        assert re.search(rf"^ +\./inv {re.escape(name)}( |$)", described, re.MULTILINE), name


def test_labs_show_examples_and_exit_codes(helps: dict[str, str]) -> None:
    for name, text in helps.items():
        if name.startswith("lab.") and name != "lab.new":
            said = plain(text)
            assert f"./inv {name} --go 1.24 --go 1.27.3" in said
            codes = "0 as expected, 1 an outcome differs or a lab is broken, 2 the environment is missing something"
            assert codes in said


# Verdicts


@pytest.fixture(scope="module", params=["local", "docker"])
def verdicts(request: pytest.FixtureRequest, empty: Path) -> list[dict[str, Any]]:
    """What `verdicts --json` prints, for either engine; neither daemon nor record is needed."""
    if request.param == "local":
        from claimlab.benches.local_engine import LocalEngine
        from claimlab.project.errors import EnvironmentMissing

        try:
            LocalEngine(OUR).check()
        except EnvironmentMissing as missing:
            pytest.skip(str(missing))
    done = inv_in(empty, "verdicts", "--json", "--engine", request.param, DOCKER_HOST=NOWHERE)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def test_verdicts_are_one_object_a_claim_in_order(verdicts: list[dict[str, Any]]) -> None:
    assert [row["id"] for row in verdicts] == CLAIM_IDS


def test_verdicts_have_the_promised_keys(verdicts: list[dict[str, Any]]) -> None:
    labs = {judge.claim: lab.name for lab in find_labs(OUR) for judge in judges_of(lab)}
    for row in verdicts:
        keys = ["article", "id", "section", "says", "verdict", "words", "expected", "outcomes", "lab", "correction"]
        assert list(row) == keys + (["reason"] if row["verdict"] == "untestable" else [])
        assert row["article"] == "maps"
        assert row["lab"] == labs.get(row["id"])
        assert set(row["outcomes"].values()) == {"missing"}
        if row["verdict"] == "untestable":
            assert row["reason"]
        else:
            assert row["verdict"] == ("inconclusive" if row["lab"] else "pending")


def test_outcomes_have_a_key_a_toolchain_or_a_dash(verdicts: list[dict[str, Any]]) -> None:
    with_axis = {claim.id: claim.has_axis for chapter in CHAPTERS for claim in chapter.claims()}
    for row in verdicts:
        for_lab = [one.name for one in TOOLCHAINS if one.labs is None or row["lab"] in one.labs]
        assert list(row["outcomes"]) == (for_lab if with_axis[row["id"]] else ["-"])
    assert {True, False} == set(with_axis.values())


def test_verdicts_are_a_table_too(empty: Path) -> None:
    done = inv_in(empty, "verdicts", "--engine", "docker", DOCKER_HOST=NOWHERE)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^(\d\S*)", done.stdout, re.MULTILINE)[: len(CLAIM_IDS)] == CLAIM_IDS
    assert f"{len(CLAIM_IDS)} claims: " in done.stdout


# Refusals: one sentence on standard error, and 2


@pytest.mark.parametrize(
    "command",
    [
        ("verdicts", "--engine", "steam"),
        ("verdicts", "--json", "--engine", "steam"),
        ("docs", "--no-run", "--engine", "steam"),
        ("docs", "--engine", "steam"),
        ("lab.all", "--engine", "steam"),
        ("lab.gdb-panic", "--engine", "steam"),
    ],
    ids=" ".join,
)
def test_an_engine_that_does_not_exist(empty: Path, command: tuple[str, ...]) -> None:
    assert_refused(inv_in(empty, *command), "There is no engine 'steam'. Use --engine docker, local or auto.")


@pytest.mark.parametrize("command", ["images.build", "images.list", "images.clean", "lab.gdb-panic --engine docker"])
def test_no_daemon(empty: Path, command: str) -> None:
    assert_refused(inv_in(empty, *command.split(), DOCKER_HOST=NOWHERE), "The Docker daemon does not answer")


@pytest.mark.parametrize("command", ["toolchains.fetch", "lab.gdb-panic"])
def test_a_toolchain_that_is_not_pinned(empty: Path, command: str) -> None:
    assert_refused(inv_in(empty, command, "--go", "1.9"), "No pinned toolchain matches --go 1.9.")


def assert_refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stderr.count(sentence) == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_toolchains_are_listed_with_their_hashes() -> None:
    rows = [line.split() for line in inv("toolchains.list").stdout.splitlines()]
    assert [name for name, *_ in rows] == NAMES
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for _, digest, *_ in rows)
    told = {name: labs for name, _, *labs in rows if labs}
    assert told == {one.name: ["for", *sorted(one.labs)] for one in TOOLCHAINS if one.labs is not None}


def test_the_doctor_names_every_engine_and_what_to_do() -> None:
    done = inv("doctor", DOCKER_HOST=NOWHERE)
    assert done.returncode == 0
    assert "engine docker: The Docker daemon does not answer" in done.stdout
    assert "engine local: " in done.stdout
    assert "chromium" in done.stdout


def test_the_doctor_gives_data_too() -> None:
    told = json.loads(inv("doctor", "--json", DOCKER_HOST=NOWHERE).stdout)
    assert told["engines"]["docker"]["state"] == "missing"
    assert "--engine local" in told["engines"]["docker"]["remedy"]
    assert told["engines"]["local"]["isolation"].split()[0] in ("bubblewrap", "unshare", "none")
