"""Somebody who asks with ``claimlab look`` in a folder of their own, without a project; asked for with pytest_plugins.

Their cache has the project's toolchains and images, and a record of its own, which the tests of a session share.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from tests.bench_fixtures import NEWEST, silent, wanted
from tests.ours import OUR
from tests.tiny_lab import clean_environment

from claimlab.benches.local_engine import LocalEngine

OLDEST: Final = "1.21.13"
ON_TWO: Final = ("--engine", "local", "--go", OLDEST, "--go", NEWEST)
ON_ONE: Final = ("--engine", "local", "--go", NEWEST)


@dataclass(frozen=True)
class Asker:
    """A folder, and the cache of who works in it."""

    folder: Path
    cache: Path

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def ask(self, *words: str, on: Sequence[str] = ON_TWO) -> subprocess.CompletedProcess[str]:
        """The command ``claimlab look.<words>`` has ended."""
        kind, *rest = words
        end = rest.index("--") if "--" in rest else len(rest)
        command = [sys.executable, "-m", "claimlab.cli", f"look.{kind}", *rest[:end], *on, *rest[end:]]
        env = clean_environment(XDG_CACHE_HOME=str(self.cache))
        return subprocess.run(
            command,
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def said(self, *words: str, on: Sequence[str] = ON_TWO) -> str:
        """What a question that has an answer prints, without blanks at the ends of lines."""
        done = self.ask(*words, on=on)
        assert done.returncode == 0, done.stdout + done.stderr
        return "\n".join(line.rstrip() for line in done.stdout.splitlines())

    def data(self, *words: str, on: Sequence[str] = ON_TWO) -> dict[str, Any]:
        """By toolchain and architecture, the answer as data."""
        kind, *rest = words
        whole = json.loads(self.ask(kind, "--json", *rest, on=on).stdout)
        assert whole["schema"] == 1
        return {f"{one['toolchain']} {one['arch']}": one for one in whole["answers"]}

    @property
    def observed(self) -> set[Path]:
        """The files of all observations there are."""
        return set((self.cache / "claimlab").glob("record/look-*/*/*.json"))


@pytest.fixture(scope="session")
def asking_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("xdg")
    ours = cache / "claimlab"
    ours.mkdir()
    for name in ("toolchains", "warm"):
        (OUR.cache / name).mkdir(parents=True, exist_ok=True)
        (ours / name).symlink_to(OUR.cache / name)
    if (OUR.cache / "tools-image.json").is_file() and (OUR.cache / "images").is_dir():
        shutil.copy2(OUR.cache / "tools-image.json", ours)
        shutil.copytree(OUR.cache / "images", ours / "images")
    return cache


@pytest.fixture(scope="session")
def two_releases(local_engine: LocalEngine) -> None:
    """The oldest and the newest are unpacked and compiled."""
    local_engine.prepare([wanted(OLDEST), wanted(NEWEST)], silent)


@pytest.fixture
def asker(tmp_path: Path, asking_cache: Path, two_releases: None) -> Asker:
    return Asker(tmp_path, asking_cache)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory, asking_cache: Path, two_releases: None) -> Asker:
    """Somebody whose folder holds a module with packages that other tests of the file may read."""
    found = Asker(tmp_path_factory.mktemp("module"), asking_cache)
    for name, text in MODULE.items():
        found.write(name, text)
    return found


MODULE: Final = {
    "go.mod": """module example.com/my.mod

go 1.26.0

toolchain go1.26.1

require example.org/dep.v2 v2.0.0+incompatible
""",
    "vendor/modules.txt": "# example.org/dep.v2 v2.0.0+incompatible\n## explicit\nexample.org/dep.v2\n",
    "vendor/example.org/dep.v2/dep.go": """package dep

type Dep struct {
	a bool
	b int64
}

func Twice(n int) int { return 2 * n }
""",
    "dot.ted/d.go": """package dotted

import (
	_ "embed"

	dep "example.org/dep.v2"
)

//go:embed words/*.txt
var words string

type D struct {
	dep.Dep
	s []string
	n int32
}

type hidden struct{ a, b int32 }

func New(n int) *D { return &D{n: int32(dep.Twice(n))} }

func (d *D) Grow(s string) { d.s = append(d.s, s) }

func at(s []int, i int) int { return s[i] }
""",
    "dot.ted/words/one.txt": "one\n",
    "dot.ted/testdata/x.txt": "hello\n",
    "dot.ted/d_test.go": """package dotted

import (
	"fmt"
	"os"
	"testing"
)

func TestData(t *testing.T) {
	text, err := os.ReadFile("testdata/x.txt")
	fmt.Print(string(text), words, err)
}
""",
    "cmd/app/main.go": """package main

import (
	"fmt"
	"os"

	dotted "example.com/my.mod/dot.ted"
)

func main() { fmt.Println(dotted.New(1) != nil, os.Args[1:]) }
""",
}
