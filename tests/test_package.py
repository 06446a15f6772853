"""claimlab as a package: what is in it, and that it works where there is no checkout. Nothing is fetched."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from tests.ours import ROOT
from tests.tiny_lab import clean_environment

SOURCES = ROOT / "src"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PLUGIN = "claimlab.running.plugin"
USER = """
from pathlib import Path

from claimlab import Bench, Lab, gdb

lab = Lab("mine")


@lab.observe
def observe(bench: Bench) -> gdb.Session:
    return gdb.session(bench, Path("a.out"), [])
"""
"""Somebody's lab, with one mistake: programs are built by claimlab, not named by a path."""


def run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    env = clean_environment(folder / "record", PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)


def build(tree: Path, kind: str, out: Path) -> Path:
    done = run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", out], tree)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@dataclass(frozen=True)
class Installation:
    """An environment in which the wheel was installed, beside the packages that the lock names."""

    home: Path

    @property
    def programs(self) -> Path:
        return self.home / "bin"

    @property
    def packages(self) -> Path:
        return next(self.home.glob("lib/python3*/site-packages"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    found = Installation(tmp_path_factory.mktemp("installed"))
    venv.create(found.home, with_pip=False)
    # A .pth below a folder that stands in a .pth is not read, so the checkout's sources are not seen here.
    (found.packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(found.programs / "python"), "--disable-pip-version-check"]
    done = run([*pip, "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed", str(wheel)], found.home)
    assert done.returncode == 0, done.stderr
    return found


# What is in it


def package_files() -> set[str]:
    """What the wheel holds of the package: all of src/claimlab, and compiled catalogues in place of the others."""
    found = set()
    for folder, _, names in os.walk(SOURCES / "claimlab", followlinks=True):
        if not folder.endswith("__pycache__"):
            found |= {Path(folder, name).relative_to(SOURCES) for name in names if not name.endswith(".mo")}
    return {str(path.with_suffix(".mo") if path.suffix == ".po" else path) for path in found}


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == package_files()
    assert {f"claimlab/docker/{path.name}" for path in (ROOT / "docker").iterdir()} < names
    assert {
        "claimlab/py.typed",
        "claimlab/__init__.pyi",
        "claimlab/cli/templates/lab.py.txt",
        "claimlab/instruments/inside/windows_test.go",
        "claimlab/site/locale/zh_CN/LC_MESSAGES/claimlab.mo",
        "claimlab/site/static/claimlab.css",
        "claimlab/site/templates/matrix.html",
    } < names


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = message_from_bytes(archive.read(next(name for name in names if name.endswith("/METADATA"))))
    assert (about["Name"], about["Version"]) == ("claimlab", PROJECT["version"])
    assert about["License-Expression"] == "BSD-3-Clause"
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_what_docker_holds_has_one_source() -> None:
    link = SOURCES / "claimlab" / "docker"
    assert link.is_symlink()
    assert link.resolve() == (ROOT / "docker").resolve()


def test_the_wheel_of_the_source_archive_is_the_wheel_of_the_checkout(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
        tops = {name.split("/")[1] for name in archive.getnames()}
    assert tops >= {"src", "pyproject.toml", "hatch_build.py", "LICENSE", "README.md"}
    assert not tops & {"tests", "labs", "docs", ".claimlab", ".venv"}
    again = build(next(tmp_path.iterdir()), "wheel", tmp_path / "wheel")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


# That it works


def test_the_command_answers_in_an_empty_folder(installed: Installation, tmp_path: Path) -> None:
    version = run([installed.programs / "claimlab", "--version"], tmp_path)
    assert version.stdout.startswith(f"claimlab {PROJECT['version']} ")
    assert (version.returncode, version.stderr) == (0, "")
    help_text = run([installed.programs / "claimlab", "--help"], tmp_path)
    assert (help_text.returncode, help_text.stderr) == (0, "")
    assert "Usage: " in help_text.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_has_to_be_run_can_be_run(installed: Installation) -> None:
    assert os.access(installed.packages / "claimlab" / "docker" / "bootstrap", os.X_OK)


def test_an_installation_has_chinese_words_and_its_own_modules(installed: Installation, tmp_path: Path) -> None:
    code = "from claimlab.site import messages as m; print(m.__file__, m.catalogue('zh_CN').gettext('inconclusive'))"
    done = run([installed.programs / "python", "-c", code], tmp_path)
    file, _, said = done.stdout.strip().rpartition(" ")
    assert file.startswith(str(installed.packages)), done.stderr
    assert said == "未定"


def test_types_reach_those_who_import(installed: Installation, tmp_path: Path) -> None:
    lab = tmp_path / "lab.py"
    checker = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file=", "--cache-dir=cache"]
    checker += ["--python-executable", str(installed.programs / "python"), lab.name]
    lab.write_text(USER)
    done = run(checker, tmp_path)
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["lab.py:11"], done.stdout + done.stderr
    assert '"Path"; expected "Binary"' in done.stdout


# pytest's plugin


def test_the_plugin_is_named_like_its_module(pytestconfig: pytest.Config) -> None:
    """So a conftest.py that names the module and an installation that announces it do not register it twice."""
    assert PROJECT["entry-points"]["pytest11"] == {PLUGIN: PLUGIN}
    assert [entry.value for entry in entry_points(group="pytest11", name=PLUGIN)] == [PLUGIN]
    known = [name for name, plugin in pytestconfig.pluginmanager.list_name_plugin() if plugin is sys.modules[PLUGIN]]
    assert known == [PLUGIN]


def test_pytest_inside_a_claimlab_that_is_imported_does_not_warn(installed: Installation, tmp_path: Path) -> None:
    """As `./inv` runs it. The plugin itself is left out: it is asked elsewhere what it does in a folder like this."""
    code = f"import claimlab, pytest; pytest.main(['-W', 'error', '-p', 'no:{PLUGIN}', '-p', 'no:cacheprovider'])"
    done = run([installed.programs / "python", "-c", code], tmp_path)
    assert "no tests ran" in done.stdout, done.stdout + done.stderr
    assert done.stderr == ""
