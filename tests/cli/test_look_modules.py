"""Questions about a module that requires others: from the user's module cache, on a real bench."""

from pathlib import Path
from typing import Final

import pytest
from tests.asker import ON_ONE, ON_TWO, Asker

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.gdb  # the local engine needs it

MODULE: Final = {
    "m/go.mod": "module example.com/m\n\ngo 1.21\n\nrequire example.org/Dep v1.2.3\n",
    "m/main.go": 'package main\n\nimport dep "example.org/Dep/inner"\n\n'
    "func main() { println(dep.Twice(21)); _ = new(dep.Pair) }\n",
}
CACHED: Final = {
    "go.mod": "module example.org/Dep\n\ngo 1.21\n",
    "inner/dep.go": "package inner\n\nfunc Twice(n int) int { return 2 * n }\n\n"
    "type Pair struct {\n\ta bool\n\tb int64\n}\n",
    "inner/dep_test.go": 'package inner\n\nimport _ "example.org/nowhere"\n',
}


@pytest.fixture
def cache(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the one module in the cache."""
    for name, text in MODULE.items():
        asker.write(name, text)
    for name, text in CACHED.items():
        asker.write(f"cache/example.org/!dep@v1.2.3/{name}", text)
    monkeypatch.setenv("GOMODCACHE", str(asker.folder / "cache"))
    return asker.folder / "cache/example.org/!dep@v1.2.3"


def test_a_program_is_built_with_what_the_module_cache_has(asker: Asker, cache: Path) -> None:
    said = asker.ask("run", "./m", on=ON_TWO)
    assert (said.returncode, "exit 0" in said.stdout) == (0, True), said.stdout + said.stderr
    assert "42" in said.stderr + said.stdout
    words = ("layout", "example.org/Dep/inner.Pair.b", "--in", "./m")
    assert "b  8  8 B  int64" in asker.said(*words, on=ON_ONE)
    (cache / "inner/dep.go").write_text(
        "package inner\n\nfunc Twice(n int) int { return n }\n\ntype Pair struct{ b bool }\n"
    )
    assert "b  0  1 B  bool" in asker.said(*words, on=ON_ONE)


def test_a_module_that_is_nowhere_is_said_before_anything_is_built(asker: Asker, cache: Path) -> None:
    cache.rename(cache.with_name("elsewhere"))
    done = asker.ask("run", "./m", on=ON_ONE)
    assert done.returncode == 2
    assert " ".join(done.stderr.split()) == (
        f"The module needs example.org/Dep v1.2.3: it is not in vendor/, and not in {cache}. "
        "Run go mod download, or go mod vendor."
    )
    assert asker.ask("run", "./m", "--json", on=ON_ONE).stdout == ""
