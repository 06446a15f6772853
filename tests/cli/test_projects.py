"""`claimlab` where there is no project, in any folder of one, and in one with several articles."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.bench_fixtures import NEWEST
from tests.ours import write_project
from tests.tiny_lab import NOWHERE, clean_environment, write_lab

pytest_plugins = ["tests.bench_fixtures"]
NO_PROJECT = (
    "There is no claimlab.toml in {} or above it, so this is no project of claimlab. "
    "Change to the folder of one, or make one: claimlab new my-checks\n"
)


def claimlab(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In that folder, where no daemon answers."""
    return subprocess.run(
        [sys.executable, "-m", "claimlab.cli", *arguments],
        cwd=folder,
        env=clean_environment(DOCKER_HOST=NOWHERE),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


# Outside of a project


@pytest.mark.parametrize("option", ["--help", "--version", "--list"])
def test_outside_of_a_project_there_is_help(tmp_path: Path, option: str) -> None:
    done = claimlab(tmp_path, option)
    assert (done.returncode, done.stderr) == (0, "")
    assert "claimlab" in done.stdout
    assert "./inv" not in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("task", ["lab.all", "verdicts", "docs", "doctor", "toolchains.list", "translations"])
def test_outside_of_a_project_one_sentence_says_what_to_do(tmp_path: Path, task: str) -> None:
    done = claimlab(tmp_path, task)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", NO_PROJECT.format(tmp_path))
    assert list(tmp_path.iterdir()) == []


# In a project


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('title = "Toys"\narticles = [', "Invalid value"),
        ('title = "Toys"\n', "there is no 'articles'"),
        ('title = "Toys"\narticles = []\nengin = "local"\n', "there is no key engin; did you mean engine?"),
        ('title = "Toys"\narticles = ["nowhere"]\n', "No such file or directory"),
    ],
)
@pytest.mark.parametrize("command", ["lab.all", "--list"])
def test_settings_that_cannot_be_read_are_one_sentence(tmp_path: Path, text: str, fault: str, command: str) -> None:
    (tmp_path / "claimlab.toml").write_text(text)
    done = claimlab(tmp_path, command)
    told = done.stderr.splitlines()
    assert (done.returncode, len(told)) == (1, 2), done.stderr
    assert told[0].startswith(str(tmp_path))
    assert fault in told[0]
    assert told[1] == "The tasks cannot be listed until this is mended."


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_needs_no_project_that_can_be_read(tmp_path: Path, option: str) -> None:
    (tmp_path / "claimlab.toml").write_text("articles = [")
    done = claimlab(tmp_path, option)
    assert (done.returncode, done.stderr) == (0, "")


def test_any_folder_of_a_project_will_do(tmp_path: Path) -> None:
    write_lab(tmp_path / "labs")
    write_project(tmp_path)
    deep = tmp_path / "docs" / "deep"
    deep.mkdir(parents=True)
    for command in (["--list"], ["verdicts", "--json", "--engine", "docker"]):
        here, there = claimlab(tmp_path, *command), claimlab(deep, *command)
        assert (there.returncode, there.stderr) == (0, "")
        assert there.stdout == here.stdout
    assert "Is the tiny number even?" in claimlab(deep, "--list").stdout
    assert list(deep.iterdir()) == []


def test_people_are_told_what_they_type(tmp_path: Path) -> None:
    write_lab(tmp_path / "labs")
    write_project(tmp_path, command="make lab")
    assert claimlab(tmp_path, "--help").stdout.startswith("Usage: make lab TASK")
    assert "make lab lab.tiny --go 1.24" in claimlab(tmp_path, "--help", "lab.tiny").stdout
    assert claimlab(tmp_path, "--list").stdout.startswith("Available tasks:")
    assert "There is no task x. make lab --list shows all there are." in claimlab(tmp_path, "x").stderr


# Several labs in one command


@pytest.fixture
def two_labs(tmp_path: Path) -> Path:
    write_lab(tmp_path / "labs", "one")
    write_lab(tmp_path / "labs", "two")
    return write_project(tmp_path).root


@pytest.mark.parametrize(
    ("command", "flag", "given", "lacking"),
    [
        ("lab.one lab.two --go 1.27", "--go", "lab.two", "lab.one"),
        ("lab.one --go 1.27 lab.two", "--go", "lab.one", "lab.two"),
        ("lab.one --go 1.27 lab.two --go 1.27 --fresh", "--fresh", "lab.two", "lab.one"),
        ("lab.one lab.all --engine local", "--engine", "lab.all", "lab.one"),
    ],
)
def test_an_option_of_one_lab_alone_is_refused(
    two_labs: Path, command: str, flag: str, given: str, lacking: str
) -> None:
    done = claimlab(two_labs, *command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"{flag} belongs to {given} alone, and {lacking} would run without it. "
        f"Give it to each (claimlab {lacking} {flag} … {given} {flag} …), or run them one after the other.\n"
    )
    assert not (two_labs / "record").exists()


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_what_each_lab_is_given_is_done(two_labs: Path) -> None:
    options = ["--go", NEWEST, "--engine", "local"]
    done = claimlab(two_labs, "lab.one", *options, "lab.two", *options)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^9\.1-\w +confirmed", done.stdout, re.MULTILINE) == ["9.1-a  confirmed", "9.1-b  confirmed"]
    assert done.stdout.count("1 trial on engine local, 1 outcome: all as expected") == 2


# Several articles


@pytest.fixture
def two_articles(tmp_path: Path) -> Path:
    """Both have a chapter 9 with a claim 9.1-a."""
    for article, name, chapter in (
        ("maps", "tiny", 9),
        ("maps", "small", 7),
        ("channels", "other", 9),
        ("channels", "third", 8),
    ):
        write_lab(tmp_path / article, name, chapter=chapter)
    return write_project(tmp_path, ("maps", "channels")).root


def test_articles_and_chapters_have_tasks_with_their_article_where_there_is_doubt(two_articles: Path) -> None:
    told = claimlab(two_articles, "--list").stdout
    tasks = {name for name in re.findall(r"^  lab\.(\S+)", told, re.MULTILINE) if "all" in name or "chapter" in name}
    assert tasks - {"small"} == {
        *("all", "maps-all", "channels-all"),
        *("chapter-7", "chapter-8", "maps-chapter-9", "channels-chapter-9"),
    }
    assert "All labs of the article Toys (en)." in told
    assert "All labs of chapter 9: Tiny things." in told


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_a_task_of_an_article_runs_its_labs_and_no_other(two_articles: Path) -> None:
    for task, labs in (
        ("channels-chapter-9", {"other"}),
        ("chapter-7", {"other", "small"}),
        ("maps-all", {"other", "small", "tiny"}),
    ):
        done = claimlab(two_articles, f"lab.{task}", "--go", NEWEST, "--engine", "local")
        assert done.returncode == 0, done.stderr
        assert {path.name for path in (two_articles / "record").iterdir()} == labs
    assert re.findall(r"^(\S+) +confirmed", done.stdout, re.MULTILINE) == ["7.1-a", "maps:9.1-a"]


def rows(project: Path, *arguments: str) -> list[dict[str, Any]]:
    done = claimlab(project, "verdicts", "--json", "--engine", "docker", *arguments)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_verdicts_are_of_all_articles_or_of_one(two_articles: Path) -> None:
    both = [("maps", "7.1-a"), ("maps", "9.1-a"), ("channels", "8.1-a"), ("channels", "9.1-a")]
    assert [(row["article"], row["id"]) for row in rows(two_articles)] == both
    assert [(row["article"], row["id"]) for row in rows(two_articles, "--article", "channels")] == both[2:]
    table = claimlab(two_articles, "verdicts", "--article", "channels", "--engine", "docker").stdout
    assert re.findall(r"^(\S+) +inconclusive", table, re.MULTILINE) == ["8.1-a", "channels:9.1-a"]
    assert "2 claims: 0 tested, 2 not measured" in table


def test_an_article_that_does_not_exist_is_refused_with_those_that_do(two_articles: Path) -> None:
    done = claimlab(two_articles, "verdicts", "--article", "slices", "--engine", "docker")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no article 'slices' with claims. Articles: maps, channels.\n"
