"""`./inv` where a command cannot be understood: it says what to do, ends with 2, and does nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.chapter_text import head
from tests.cli.test_commands import inv
from tests.ours import ROOT
from tests.tiny_lab import Checkout

from claimlab.cli.program import alike, explained

pytest_plugins = ["tests.tiny_lab"]

TASKS = ("docs", "lab.all", "lab.gdb-panic", "lab.map-race", "lab.new", "images.build", "images.list", "verdicts")


def assert_refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip() == sentence
    assert done.stdout == ""


# Suggestions


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("lab.gdb-panik", ["lab.gdb-panic"]),
        ("gdb-panic", ["lab.gdb-panic"]),
        ("labs.gdb-panic", ["lab.gdb-panic"]),
        ("gdbpanic", ["lab.gdb-panic"]),
        ("verdict", ["verdicts"]),
        ("doc", ["docs"]),
        ("list", ["images.list"]),
        ("steam-engine", []),
    ],
)
def test_who_misspells_a_task_is_told_its_name(word: str, near: list[str]) -> None:
    assert alike(word, TASKS) == near


@pytest.mark.parametrize(
    ("complaint", "task", "said"),
    [
        ("No idea what 'doc' is!", None, "There is no task doc. Did you mean docs?"),
        (
            "No idea what 'lab' is!",
            None,
            "There is no task lab, but several of that group. claimlab --list lab shows them.",
        ),
        ("No idea what 'steam' is!", None, "There is no task steam. claimlab --list shows all there are."),
        ("No idea what '--x' is!", None, "claimlab has no option --x. claimlab --help shows the options."),
        ("No idea what '-x' is!", "docs", "docs has no option -x. claimlab --help docs shows its options."),
        ("Something else!", "docs", "Something else. claimlab --help docs shows its options."),
    ],
)
def test_complaints_of_invoke_are_followed_by_what_to_do(complaint: str, task: str | None, said: str) -> None:
    assert explained(complaint, task, TASKS) == said


# The command line itself


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("lab.gdb-panik", "There is no task lab.gdb-panik. Did you mean lab.gdb-panic?"),
        ("--help lab.gdb-panik", "There is no task lab.gdb-panik. Did you mean lab.gdb-panic?"),
        ("lab.steam-engine-of-1712", "There is no task lab.steam-engine-of-1712. ./inv --list shows all there are."),
        (
            "lab.gdb-panic --goo 1.24",
            "lab.gdb-panic has no option --goo. ./inv --help lab.gdb-panic shows its options.",
        ),
        ("lab.all --go", "--go wants a value, such as --go 1.24. ./inv toolchains.list shows them."),
        ("lab.all --go --fresh", "--go wants a value, such as --go 1.24. ./inv toolchains.list shows them."),
        ("lab.all --engine", "--engine of lab.all wants a value. ./inv --help lab.all shows its options."),
        ("lab.all --workers x", "An option that wants a number was given 'x'. ./inv --help TASK shows its options."),
        ("lab.all --workers -1", "-1 trials at a time cannot be run. Leave --workers out, or say 1 or more."),
        ("toolchains.add", "toolchains.add wants a version. ./inv --help toolchains.add shows its options."),
        ("lab.new", "lab.new wants a name. ./inv --help lab.new shows its options."),
        ("flip --goo", "flip wants a claim, and has no option --goo. ./inv --help flip shows its options."),
    ],
)
def test_what_cannot_be_understood_is_refused(command: str, sentence: str) -> None:
    assert_refused(inv(*command.split()), sentence)


@pytest.mark.parametrize("command", ["look.layout --help", "look.layout -h --go 1.27", "look.layout runtime.g --help"])
def test_help_may_stand_behind_the_task(command: str) -> None:
    done = inv(*command.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == inv("--help", "look.layout").stdout


def test_help_names_the_commands_one_needs_first() -> None:
    done = inv("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ./inv TASK")
    for command in ("--list", "lab.gdb-panic", "lab.new", "verdicts", "docs", "doctor"):
        assert f"./inv {command}" in done.stdout or f"./inv --help {command}" in done.stdout
    assert "Exit codes: 0 as expected, 1" in done.stdout


def test_the_version_is_the_projects() -> None:
    assert inv("--version").stdout.startswith("claimlab 0.")


def test_a_fault_in_the_projects_data_is_one_sentence(checkout: Checkout) -> None:
    lab = checkout.labs / "ch9_toys" / "toy"
    lab.mkdir(parents=True)
    (lab.parent / "claims.toml").write_text(head(9, "9.1"))
    (lab / "lab.py").write_text("lab = Lab(")
    listed = checkout.inv("--list")  # one lab hides no other task
    assert listed.returncode == 0
    assert "It cannot be used: " in " ".join(listed.stdout.split())
    (lab.parent / "claims.toml").write_text("[chapter")
    done = checkout.inv("--list")
    assert done.returncode == 1
    assert f"{lab.parent / 'claims.toml'}: " in done.stderr
    assert done.stderr.endswith("The tasks cannot be listed until this is mended.\n")
    assert "Traceback" not in done.stderr


def test_claimlab_is_compiled_once_and_a_projects_tasks_never(tmp_path: Path) -> None:
    """invoke switches bytecode off before the tasks are imported: each start compiled a hundred and fifty modules."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(ROOT), "--list"]
    subprocess.run(command, env=env | {"PYTHONPYCACHEPREFIX": str(tmp_path)}, check=True, capture_output=True)
    compiled = {path.name.partition(".")[0] for path in tmp_path.rglob("*.pyc") if "claimlab" in path.parts}
    assert {"look", "flip", "trial", "local_engine"} <= compiled
    assert list((tmp_path / ROOT.relative_to("/")).glob("*.pyc")) == []
