"""What is taken of a module cache, beside what ``go mod vendor`` takes: the cache is made by ``go mod download``."""

import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.bench_fixtures import NEWEST, pinned, silent
from tests.ours import OUR

from claimlab.project.errors import Refused
from claimlab.questions import module_cache, sources
from claimlab.questions.constraints import may_be_built
from claimlab.toolchains.origins import ensure

DEPENDENCIES: Final[Mapping[str, Mapping[str, str]]] = {
    "example.org/Upper/dep v1.2.3": {
        "go.mod": "module example.org/Upper/dep\n\ngo 1.20\n\nrequire example.org/far v0.1.0-Beta.1\n",
        "dep.go": 'package dep\n\nimport (\n\t_ "embed"\n\n\t"example.org/far/deep" // in turn\n)\n\n'
        "//go:embed words.txt\nvar words string\n\nfunc Twice(n int) int { return len(words) * deep.Same(n) }\n",
        "words.txt": "ab",
        "dep_test.go": 'package dep\n\nimport _ "example.org/only/tests"\n',
        "dep_windows.go": 'package dep\n\nimport _ "example.org/far/windows"\n',
        "gen.go": '//go:build ignore\n\npackage main\n\nimport _ "example.org/nowhere"\n',
        "unused/unused.go": "package unused\n",
    },
    "example.org/far v0.1.0-Beta.1": {
        "go.mod": "module example.org/far\n",
        "deep/deep.go": "package deep\n\nfunc Same(n int) int { return n }\n",
        "windows/windows.go": "package windows\n",
    },
    "example.org/far/inner v1.0.0": {
        "go.mod": "module example.org/far/inner\n\ngo 1.21\n",
        "inner.go": 'package inner\n\nconst Name = "inner"\n',
    },
    "example.org/new v2.0.0+incompatible": {"new.go": "package old\n\nconst Three = 3\n"},
    "example.org/idle v1.0.0": {"go.mod": "module example.org/idle\n", "idle.go": "package idle\n"},
}
MAIN: Final = {
    "go.mod": """module example.com/main

go 1.21

require (
	example.org/Upper/dep v1.2.3
	example.org/far v0.1.0-Beta.1 // indirect
	example.org/far/inner v1.0.0
	example.org/idle v1.0.0
)

require example.org/old v1.0.0
require example.org/beside v1.0.0

replace example.org/old => example.org/new v2.0.0+incompatible

replace example.org/beside v1.0.0 => ./beside
replace example.org/else v1.0.0 => ./beside
""",
    "main.go": """package main

import dep "example.org/Upper/dep"
import "example.org/far/inner"
import (
	"example.org/beside"; old "example.org/old"
	/* "example.org/commented" */
)

func main() { println(dep.Twice(21), inner.Name, old.Three, beside.Four) }
""",
    "tools.go": '//go:build tools\n\npackage main\n\nimport _ "example.org/idle"\n',
    "beside/go.mod": "module example.org/beside\n\ngo 1.21\n",
    "beside/beside.go": "package beside\n\nconst Four = 4\n",
}
SAYS: Final = "42 inner 3 4\n"


@dataclass
class Home:
    """A user's folder with a module, and with a cache that go has filled."""

    module: Path
    cache: Path
    go: Path

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.module.parent),
            "GOMODCACHE": str(self.cache),
            "GOFLAGS": "-modcacherw",
            "GONOSUMDB": "*",
            "GOTOOLCHAIN": "local",
            "GOPROXY": f"file://{self.module.parent / 'proxy'}",
        }
        command = [str(self.go), *words]
        done = subprocess.run(
            command, cwd=self.module, env=settings | env, capture_output=True, text=True, check=False, timeout=200
        )
        assert done.returncode == 0, done.stderr
        return done


def escaped(text: str) -> str:
    return "".join(f"!{letter.lower()}" if letter.isupper() else letter for letter in text)


def publish(proxy: Path, name: str, files: Mapping[str, str]) -> None:
    """As a module proxy has it (https://go.dev/ref/mod#goproxy-protocol)."""
    path, version = name.split()
    folder = proxy / escaped(path) / "@v"
    folder.mkdir(parents=True, exist_ok=True)
    bare = escaped(version)
    (folder / f"{bare}.info").write_text(f'{{"Version": "{version}"}}')
    (folder / f"{bare}.mod").write_text(files.get("go.mod", f"module {path}\n"))
    with zipfile.ZipFile(folder / f"{bare}.zip", "w") as packed:
        for file, text in files.items():
            packed.writestr(f"{path}@{version}/{file}", text)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("home")
    for name, files in DEPENDENCIES.items():
        publish(folder / "proxy", name, files)
    module = folder / "main"
    for file, text in MAIN.items():
        (module / file).parent.mkdir(parents=True, exist_ok=True)
        (module / file).write_text(text)
    goroot = ensure(pinned(NEWEST).release, OUR, silent)
    home = Home(module, folder / "cache", goroot / "bin" / "go")
    home.run("mod", "download")
    home.run("list", "-mod=mod", "-tags=tools", "-deps", ".")  # go.sum has what these need
    return home


@pytest.fixture
def home(made: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy that the test may change, whose cache the environment names."""
    for name in ("main", "cache"):
        shutil.copytree(made.module.parent / name, tmp_path / name)
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "cache"))
    return Home(tmp_path / "main", tmp_path / "cache", made.go)


def test_what_is_taken_is_what_go_mod_vendor_takes(home: Home) -> None:
    """But for what no bench builds: files for other systems, or with a tag of one's own, and what only they import."""
    found = sources.read(str(home.module)).files
    ours = {name.removeprefix("vendor/"): text for name, text in found.items() if name.startswith("vendor/")}
    home.run("mod", "vendor", GOPROXY="off")
    vendor = home.module / "vendor"
    theirs = {str(path.relative_to(vendor)): path.read_bytes() for path in vendor.rglob("*") if path.is_file()}
    listed = theirs["modules.txt"].decode()
    for package in ("example.org/far/windows", "example.org/idle"):
        listed = listed.replace(f"\n{package}\n", "\n")
    others = {"example.org/Upper/dep/dep_windows.go", "example.org/far/windows/windows.go", "example.org/idle/idle.go"}
    assert ours == {name: text for name, text in theirs.items() if name not in others} | {
        "modules.txt": listed.encode()
    }
    assert others <= theirs.keys()


@pytest.mark.parametrize("go", ["1.21.13", NEWEST])
def test_it_builds_with_nothing_but_what_was_taken(home: Home, go: str, tmp_path: Path) -> None:
    for name, content in sources.read(str(home.module)).files.items():
        (tmp_path / "bench" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bench" / name).write_bytes(content)
    goroot = ensure(pinned(go).release, OUR, silent)
    bench = Home(tmp_path / "bench", tmp_path / "empty", goroot / "bin" / "go")
    done = bench.run("run", ".", GOPROXY="off", GOFLAGS="", CGO_ENABLED="0")
    assert done.stderr == SAYS


def test_what_is_not_in_the_cache_is_said_with_what_to_do(home: Home) -> None:
    shutil.rmtree(home.cache / "example.org/far@v0.1.0-!beta.1")
    with pytest.raises(Refused) as refused:
        sources.read(str(home.module))
    assert str(refused.value) == (
        f"The module needs example.org/far v0.1.0-Beta.1: it is not in vendor/, and not in "
        f"{home.cache}/example.org/far@v0.1.0-!beta.1. Run go mod download, or go mod vendor."
    )


def test_what_nothing_needs_may_be_missing(home: Home) -> None:
    shutil.rmtree(home.cache / "example.org/idle@v1.0.0")
    assert "vendor/example.org/!upper/dep/dep.go" not in sources.read(str(home.module)).files
    assert "vendor/example.org/Upper/dep/dep.go" in sources.read(str(home.module)).files


def test_another_content_of_the_cache_is_another_question(home: Home) -> None:
    before = sources.read(str(home.module)).files
    (home.cache / "example.org/far@v0.1.0-!beta.1/deep/deep.go").write_text("package deep\n")
    after = sources.read(str(home.module)).files
    assert [name for name in after if after[name] != before[name]] == ["vendor/example.org/far/deep/deep.go"]


def test_a_vendor_that_is_there_is_all_there_is(home: Home) -> None:
    home.run("mod", "vendor", GOPROXY="off")
    shutil.rmtree(home.cache)
    files = sources.read(str(home.module)).files
    assert files[module_cache.LISTED] == (home.module / "vendor/modules.txt").read_bytes()


def test_a_module_that_needs_none_has_no_vendor(home: Home) -> None:
    (home.module / "main.go").write_text("package main\n\nfunc main() {}\n")
    assert sorted(sources.read(str(home.module)).files) == ["go.mod", "go.sum", "main.go", "tools.go"]


def test_the_bound_of_a_questions_sources_holds_for_what_it_needs_too(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = sum(map(len, (text.encode() for name, text in MAIN.items() if "/" not in name)))
    monkeypatch.setattr(sources, "SOURCES_LIMIT_BYTES", own + 100)
    with pytest.raises(Refused, match="with what it needs of other modules"):
        sources.read(str(home.module))


# --- where the cache is -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "written", "where"),
    [
        ({"GOMODCACHE": "/a", "GOPATH": "/b"}, "GOMODCACHE=/c\n", "/a"),
        ({"GOPATH": "/b:/d"}, "", "/b/pkg/mod"),
        ({}, "GOMODCACHE=/c\n", "/c"),
        ({}, "GOFLAGS=-x\nGOPATH=/e\n", "/e/pkg/mod"),
        ({"GOENV": "off"}, "GOMODCACHE=/c\n", "{home}/go/pkg/mod"),
        ({}, "", "{home}/go/pkg/mod"),
    ],
)
def test_the_cache_is_where_go_says_it_is(
    env: dict[str, str], written: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Home
) -> None:
    for name in ("GOMODCACHE", "GOPATH", "GOENV", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    settings = {"HOME": str(tmp_path), "GOTOOLCHAIN": "local", "GOTELEMETRY": "off", **env}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".config/go").mkdir(parents=True)
    (tmp_path / ".config/go/env").write_text(written)
    assert str(module_cache.cache_folder()) == where.format(home=tmp_path)
    said = subprocess.run([made.go, "env", "GOMODCACHE"], env=settings, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == where.format(home=tmp_path)


# --- which files take part ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "line", "may"),
    [
        ("a.go", "", True),
        ("a_linux.go", "", True),
        ("a_linux_arm64.go", "", True),
        ("a_windows.go", "", False),
        ("a_windows_amd64.go", "", False),
        ("a_darwin_test.go", "", False),
        ("windows.go", "", True),
        ("a_windows_b_c.go", "", True),
        ("a.go", "ignore", False),
        ("a.go", "linux", True),
        ("a.go", "!linux", False),
        ("a.go", "unix && !arm64", True),
        ("a.go", "windows || (darwin && cgo)", False),
        ("a.go", "!(windows || darwin)", True),
        ("a.go", "go1.26 && !race", True),
        ("a.go", "cgo", False),
        ("a.go", "!goexperiment.swissmap", True),
        ("a.go", "tools || linux && gc", True),
    ],
)
def test_a_file_takes_part_if_some_bench_would_build_it(name: str, line: str, may: bool) -> None:
    head = f"// Of something.\n\n//go:build {line}\n\n" if line else ""
    assert may_be_built(name, f"{head}package a\n\n//go:build windows\n") is may


@pytest.mark.parametrize("deep", ["!" * 10_000 + "linux", "(" * 10_000])
def test_a_constraint_that_is_too_deep_is_left_to_go(deep: str) -> None:
    assert may_be_built("a.go", f"//go:build {deep}\n\npackage a\n")
