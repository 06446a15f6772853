"""pytest where claimlab is installed and there is no project, or one that cannot be read."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.tiny_lab import clean_environment, write_lab

ORDINARY = "def test_that_has_nothing_to_do_with_labs():\n    pass\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest as anybody starts it: the plugin is found by its entry point alone."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=" ".join)
def test_outside_of_a_project_it_does_nothing(tmp_path: Path, workers: tuple[str, ...]) -> None:
    (tmp_path / "test_ordinary.py").write_text(ORDINARY)
    write_lab(tmp_path / "labs")
    before = {path.name for path in tmp_path.iterdir()}
    done = run(tmp_path, "-p", "no:cacheprovider", *workers)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert done.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} - {"__pycache__"} == before
    assert "chapter_" not in run(tmp_path, "--markers").stdout


def test_a_project_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "test_ordinary.py").write_text(ORDINARY)
    (tmp_path / "claimlab.toml").write_text("articles = 1\n")
    done = run(tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.startswith(f"ERROR: {tmp_path / 'claimlab.toml'}: ")
    assert "Traceback" not in done.stdout + done.stderr
