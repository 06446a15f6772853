"""`./inv` itself: what it costs, what it needs, and that it makes the environment once."""

import ast
import os
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from filelock import FileLock
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.ours import ROOT
from tests.stopwatch import Stopwatch
from tests.tiny_lab import clean_environment

LAUNCHER = ROOT / "inv"
PYTHON = getattr(sys, "_base_executable", sys.executable)
"""The interpreter that makes environments: neither this one's, nor a script by which a version is chosen."""
LOCK = (ROOT / "requirements.lock").read_text()


def run(command: list[str | Path], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=clean_environment(**env),
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
        took, env = [], clean_environment()
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
    here = run([LAUNCHER, "--list"], ROOT)
    assert "lab.all" in here.stdout
    for command in (LAUNCHER, linked):
        assert run([command, "--list"], tmp_path).stdout == here.stdout


def test_exit_codes_of_tasks_are_its_own(tmp_path: Path) -> None:
    assert run([LAUNCHER, "verdicts", "--engine", "steam"], tmp_path).returncode == 2


# Making the environment. The lock is empty here, so nothing is fetched; what builds the package lies in the folder.

PYPROJECT = """
[build-system]
requires = []
build-backend = "builder"
backend-path = ["."]

[project]
name = "claimlab"
version = "0"
"""
BUILDER = """
import zipfile
from pathlib import Path

FILES = {
    "claimlab.pth": f"{Path(__file__).parent / 'src'}\\n",
    "claimlab-0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: claimlab\\nVersion: 0\\n",
    "claimlab-0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "claimlab-0.dist-info/entry_points.txt": "[console_scripts]\\nclaimlab = claimlab:main\\n",
}


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(Path(wheel_directory, "claimlab-0-py3-none-any.whl"), "w") as wheel:
        for name, text in FILES.items():
            wheel.writestr(name, text)
        record = "claimlab-0.dist-info/RECORD"
        wheel.writestr(record, "".join(f"{name},,\\n" for name in (*FILES, record)))
    return "claimlab-0-py3-none-any.whl"
"""


@pytest.fixture
def uv(tmp_path_factory: pytest.TempPathFactory) -> str:
    """This machine's, or PyPI's."""
    if here := shutil.which("uv"):
        return here
    fetched = tmp_path_factory.getbasetemp() / "uv"
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    with FileLock(f"{fetched}.lock"):
        if not fetched.is_dir():
            done = run([sys.executable, "-m", "pip", "install", *options, "--target", fetched, "uv"], ROOT)
            if done.returncode != 0:
                pytest.skip(f"uv is not installed, and pip cannot fetch it: {done.stderr}")
    return str(fetched / "bin" / "uv")


@pytest.fixture(params=[pytest.param("uv", marks=pytest.mark.uv), "venv"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A folder with the launcher and an empty lock; a PATH with uv or without."""
    shutil.copy2(LAUNCHER, tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "builder.py").write_text(BUILDER)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").symlink_to(PYTHON)
    (tools / "env").symlink_to("/usr/bin/env")
    if request.param == "uv":
        uv = request.getfixturevalue("uv")
        (tools / "uv").write_text(f'#!/bin/sh\nPATH="{os.environ["PATH"]}" exec "{uv}" "$@"\n')
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
    assert (tmp_path / ".venv" / "bin" / "claimlab").is_file()
    assert "making" not in run([tmp_path / "inv", "--version"], tmp_path, **fresh).stderr
    (tmp_path / "requirements.lock").write_text("# nothing more\n")
    assert "making" in run([tmp_path / "inv", "--version"], tmp_path, **fresh).stderr


def test_the_checkout_is_installed_again_when_its_project_file_changes(fresh: dict[str, str], tmp_path: Path) -> None:
    run([tmp_path / "inv", "--version"], tmp_path, **fresh)
    left_alone = tmp_path / ".venv" / "left-alone"
    left_alone.touch()
    script = tmp_path / ".venv" / "bin" / "claimlab-too"
    (tmp_path / "builder.py").write_text(BUILDER.replace("main\\n", "main\\nclaimlab-too = claimlab:main\\n"))
    run([tmp_path / "inv", "--version"], tmp_path, **fresh)
    assert not script.exists()
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + "\n[tool.any]\n")
    assert "making" not in run([tmp_path / "inv", "--version"], tmp_path, **fresh).stderr
    assert script.is_file()
    assert left_alone.is_file()


def test_two_first_starts_at_once_make_one_environment(fresh: dict[str, str], tmp_path: Path) -> None:
    env = clean_environment(**fresh)
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


def test_a_stamp_that_cannot_be_read_is_one_that_is_not_there(fresh: dict[str, str], tmp_path: Path) -> None:
    run([tmp_path / "inv", "--version"], tmp_path, **fresh)
    (tmp_path / ".venv" / "claimlab.stamp").write_bytes(b"\xff\xfe\n\0")
    again = run([tmp_path / "inv", "--version"], tmp_path, **fresh)
    assert "making" in again.stderr
    assert "UnicodeDecodeError" not in again.stderr


def test_a_checkout_that_cannot_be_written_to_stops_it_with_2(tmp_path: Path) -> None:
    shutil.copy2(LAUNCHER, tmp_path)
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    tmp_path.chmod(0o311)
    for above in tmp_path.parents[:3]:  # pytest's own
        if not above.stat().st_mode & 0o001:
            above.chmod(0o711)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = run([*nobody, PYTHON, tmp_path / "inv", "--version"], tmp_path)
    tmp_path.chmod(0o700)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"claimlab: {tmp_path}: Permission denied. Make {tmp_path} a folder")
    assert len(done.stderr.splitlines()) == 1


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
    file = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = file["project"]
    rows = [*project["dependencies"], *file["build-system"]["requires"]]
    rows += [row for part in project["optional-dependencies"].values() for row in part]
    wanted = {canonicalize_name(Requirement(row).name) for row in rows} - {"claimlab"}
    assert len(wanted) > 30
    locked = re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE)
    assert wanted <= {canonicalize_name(name) for name in locked}


def launcher() -> ModuleType:
    """The file as a module of its own, which a test may change."""
    loader = SourceFileLoader("launcher", str(ROOT / "inv"))
    spec = spec_from_loader("launcher", loader)
    assert spec is not None
    found = module_from_spec(spec)
    loader.exec_module(found)
    return found


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n\xff", b"abc"])
def test_a_damaged_stamp_is_another_one(tmp_path: Path, content: bytes) -> None:
    """Then what it stands for is made again; so it is where a folder has its place, or a link to nothing."""
    inv: Any = launcher()
    inv.STAMP = tmp_path / "stamp"
    inv.STAMP.write_bytes(content)
    assert inv.made() != inv.wanted()
    inv.STAMP.write_text("\n".join(inv.wanted()))
    assert inv.made() == inv.wanted()
    for place in (tmp_path, tmp_path / "nothing"):
        inv.STAMP = place
        assert inv.made() == []
