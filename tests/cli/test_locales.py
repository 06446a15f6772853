"""A locale that is not UTF-8 changes nothing that is written, and ends no command."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cli.test_commands import inv_in
from tests.ours import write_project
from tests.tiny_lab import NOWHERE, write_lab

PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "DOCKER_HOST": NOWHERE}
"""Python would otherwise take the C locale for one of UTF-8 (PEP 538 and 540)."""


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A locale in GBK, made here: few machines have one."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        pytest.skip("there is no localedef (Debian: libc-bin)")
    command = ["localedef", "-i", "zh_CN", "-f", "GBK", str(folder / "zh_CN.GBK")]
    made = subprocess.run(command, capture_output=True, check=False)
    if not (folder / "zh_CN.GBK" / "LC_CTYPE").is_file():
        pytest.skip(
            f"no locale in GBK can be made here (Debian: locales): {made.stderr.decode(errors='replace')[:100]}"
        )
    return {"LOCPATH": str(folder), "LC_ALL": "zh_CN.GBK"}


@pytest.fixture(params=["C", "zh_CN.GBK"])
def locale(request: pytest.FixtureRequest) -> dict[str, str]:
    return PLAIN | ({"LC_ALL": "C"} if request.param == "C" else request.getfixturevalue("chinese"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_project(tmp_path, record="record", title="数字")
    write_lab(tmp_path / "labs")
    return tmp_path


READING = ["--list", "verdicts", "verdicts --json", "toolchains.list", "doctor", "--help lab.tiny"]


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_works(root: Path, locale: dict[str, str], command: str) -> None:
    """Python is told to complain wherever a file is opened in the locale's encoding (PEP 597)."""
    done = run(root, command.split(), locale)
    assert done.returncode == 0, done.stderr
    complaints = [line for line in done.stderr.splitlines() if "EncodingWarning" in line]
    assert [line for line in complaints if "site-packages" not in line] == []
    if "--json" in command:
        assert "这个数是偶数。" in done.stdout


def test_a_new_lab_leaves_the_other_texts_as_they_are(root: Path, locale: dict[str, str]) -> None:
    claims = root / "labs" / "ch9_things" / "claims.toml"
    before = claims.read_bytes()
    done = run(root, ["lab.new", "second"], locale)
    assert done.returncode == 0, done.stderr
    after = claims.read_bytes()
    assert after.startswith(before.rstrip())
    assert "实验 second 的程序回答 yes。" in after.decode()


def test_signs_are_such_as_can_be_shown(root: Path) -> None:
    """A question mark in place of a sign would say that the evidence does not suffice."""
    said = run(root, ["verdicts"], PLAIN | {"LC_ALL": "C"}).stdout
    assert "y holds  n fails  0 void  ? unclear  ! broken  . missing" in said
    assert said.isascii()


def run(root: Path, command: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return inv_in(root, *command, PYTHONWARNDEFAULTENCODING="1", **env)
