"""`./inv` itself: what it costs, what it needs, and that it makes the environment once."""

import ast
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from tests.stopwatch import Stopwatch
from tests.tiny_lab import clean_environment

from claimlab.project.places import ROOT

LAUNCHER = ROOT / "inv"
PYTHON = getattr(sys, "_base_executable", sys.executable)
"""The interpreter that makes environments: neither this one's, nor a script by which a version is chosen."""
LOCK = (ROOT / "requirements.lock").read_text()


def run(command: list[str | Path], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=clean_environment(folder / "record", **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_it_imports_nothing_but_the_standard_library() -> None:
    imported = set()
    for node in ast.walk(ast.parse(LAUNCHER.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add((node.module or "").split(".")[0])
    assert imported
    assert imported <= sys.stdlib_module_names


def test_it_can_be_started_as_a_program() -> None:
    assert os.access(LAUNCHER, os.X_OK)
    assert LAUNCHER.read_text().startswith("#!/usr/bin/env python3\n")


def test_a_second_start_adds_less_than_half_a_second(tmp_path: Path) -> None:
    assert run([PYTHON, LAUNCHER, "--version"], tmp_path).returncode == 0

    def median_s(*command: str | Path) -> float:
        took, env = [], clean_environment(tmp_path / "record")
        for _ in range(5):
            watch = Stopwatch()
            process = subprocess.Popen([*command, "--version"], cwd=tmp_path, env=env, stdout=subprocess.DEVNULL)
            took.append(watch.took_s(process))
            assert process.wait() == 0
        return statistics.median(took)

    alone_s = median_s(ROOT / ".venv" / "bin" / "python", "-m", "claimlab.cli", "--search-root", str(ROOT))
    assert median_s(PYTHON, LAUNCHER) - alone_s < 0.5


def test_it_works_from_anywhere(tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(LAUNCHER)
    here = run([LAUNCHER, "--list"], ROOT, CLAIMLAB_RECORD=str(tmp_path))
    assert "lab.all" in here.stdout
    for command in (LAUNCHER, linked):
        assert run([command, "--list"], tmp_path).stdout == here.stdout


def test_exit_codes_of_tasks_are_its_own(tmp_path: Path) -> None:
    assert run([LAUNCHER, "verdicts", "--engine", "steam"], tmp_path).returncode == 2


# Making the environment. The lock is empty here, so nothing is fetched.


@pytest.fixture(params=["uv", "venv"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A folder with the launcher and an empty lock; a PATH with uv or without."""
    shutil.copy2(LAUNCHER, tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").symlink_to(PYTHON)
    (tools / "env").symlink_to("/usr/bin/env")
    if request.param == "uv":
        if shutil.which("uv") is None:
            pytest.skip("uv is not installed")
        (tools / "uv").write_text(f'#!/bin/sh\nPATH="{os.environ["PATH"]}" exec "{shutil.which("uv")}" "$@"\n')
        (tools / "uv").chmod(0o755)
    return {"PATH": str(tools)}


def test_the_environment_is_made_once_and_again_when_the_lock_changes(fresh: dict[str, str], tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    first = run([tmp_path / "inv", "--version"], tmp_path, **fresh)
    assert "claimlab: making .venv with" in first.stderr
    assert "No module named 'claimlab'" in first.stderr  # which the empty folder does not have
    assert (tmp_path / ".venv" / "claimlab.stamp").is_file()
    known = run([python, "-c", "import sys; print(sys.path)"], tmp_path)
    assert str(tmp_path / "src") in known.stdout
    assert "making" not in run([tmp_path / "inv", "--version"], tmp_path, **fresh).stderr
    (tmp_path / "requirements.lock").write_text("# nothing more\n")
    assert "making" in run([tmp_path / "inv", "--version"], tmp_path, **fresh).stderr


def test_two_first_starts_at_once_make_one_environment(fresh: dict[str, str], tmp_path: Path) -> None:
    env = clean_environment(tmp_path / "record", **fresh)
    both = [
        subprocess.Popen([tmp_path / "inv", "--version"], env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert sum("making" in text for text in said) == 1
    assert all("No module named 'claimlab'" in text for text in said)


def test_a_requirement_without_a_hash_stops_it_with_2(fresh: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("claimlab-has-no-such-requirement==1.0\n")
    for _ in range(2):  # what failed is not taken for made
        done = run([tmp_path / "inv", "--version"], tmp_path, **fresh)
        assert done.returncode == 2
        assert "claimlab: this step failed: " in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / ".venv" / "claimlab.stamp").exists()


# The lock


def test_the_lock_names_no_host() -> None:
    assert "http" not in LOCK
    assert "index-url" not in LOCK.replace("--no-emit-index-url", "")


def test_every_requirement_is_pinned_with_hashes() -> None:
    text = re.sub(r"^\s*#.*\n", "", LOCK, flags=re.MULTILINE).replace("\\\n", " ")
    rows = [row.split() for row in text.splitlines() if row.strip()]
    assert len(rows) > 20
    for row in rows:
        assert re.fullmatch(r"[a-z0-9._\[\],-]+==[\w.+!-]+", row[0]), row[0]
        hashes = [word for word in row if word.startswith("--hash=")]
        assert hashes, row[0]
        assert all(re.fullmatch("--hash=sha256:[0-9a-f]{64}", one) for one in hashes), row[0]


def test_all_that_is_wanted_is_locked() -> None:
    wanted = re.findall(r"^([\w-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    locked = set(re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE))
    assert wanted
    assert {name.lower() for name in wanted} <= locked  # which has names as the index spells them
