"""What local trials write to toolchains and compiled libraries breaks them, and is made good before the next.

The toolchain is a small one, and so is what is compiled with it; engine, folders and processes are real.
"""

from pathlib import Path

import pytest
from tests.bench_fixtures import shell
from tests.wheel_mirror import make_wheel, must_not_say

from claimlab.benches import local_engine as module
from claimlab.benches.bench import Bench
from claimlab.benches.local_engine import LocalEngine
from claimlab.project.errors import LabBroken
from claimlab.project.project import Project
from claimlab.toolchains import origins
from claimlab.toolchains.needs import Wanted
from claimlab.toolchains.toolchain import Release, Toolchain, this_platform

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.wheel_mirror"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine", "trials_in_the_open")]
COMPILES = 'mkdir -p "$GOCACHE/0a"; echo compiled > "$GOCACHE/0a/entry-d"; echo index > "$GOCACHE/0a/entry-a"'


@pytest.fixture
def release(mirror: Path) -> Release:
    return Release("1.30.1", {this_platform(): origins.sha256_of(make_wheel(mirror, "1.30.1"))})


@pytest.fixture
def engine(apart: Project, release: Release, monkeypatch: pytest.MonkeyPatch) -> LocalEngine:
    """It has a cache of its own, and has prepared the release there."""
    monkeypatch.setattr(module, "warm_script", lambda *_: COMPILES)
    found = LocalEngine(apart)
    found.prepare([Wanted(Toolchain(release))], lambda _: None)
    found.prepare([Wanted(Toolchain(release))], must_not_say)
    return found


WRITES = {
    "a source": ('chmod u+w "{at}"; echo "// poison" >> "{at}"', "toolchains", "src/runtime/map.go"),
    "the command": ('rm "{at}"; echo "#!/bin/sh" > "{at}"; chmod 755 "{at}"', "toolchains", "bin/go"),
    "a source more": ('chmod u+w "$(dirname "{at}")"; echo > "{at}"', "toolchains", "src/runtime/more.go"),
    "the cache": ('f=$(readlink -f .gocache/0a/entry-d); chmod u+w "$f"; echo poison > "$f"', "warm", "0a/entry-d"),
    "through a link": ("chmod u+w .gocache/0a/entry-d; echo poison > .gocache/0a/entry-d", "warm", "0a/entry-d"),
}


@pytest.mark.parametrize(("script", "store", "name"), WRITES.values(), ids=WRITES)
def test_who_writes_there_is_broken_and_the_next_session_makes_it_good(
    engine: LocalEngine, release: Release, apart: Project, script: str, store: str, name: str
) -> None:
    (tree,) = [path for path in (apart.cache / store).rglob("*") if path.with_name(f"{path.name}.manifest").is_file()]
    whole = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    broken = pytest.raises(LabBroken, match=rf"{store}/.* was written to, changed: .*{name}.*: measure again")
    with broken, engine.open(Toolchain(release), 60) as bench:
        write(bench, script.format(at=tree / name))
    said: list[str] = []
    engine.prepare([Wanted(Toolchain(release))], said.append)
    assert str(tree) in said[0]
    assert f"changed: {name}" in said[0]
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == whole
    with engine.open(Toolchain(release), 60) as bench:
        assert shell(bench, "cat .gocache/0a/entry-d").text() == "compiled\n"


def test_another_trial_that_runs_beside_it_is_broken_too(engine: LocalEngine, release: Release) -> None:
    tool, broken = Toolchain(release), pytest.raises(LabBroken, match=r"src/runtime/map\.go")
    with pytest.raises(LabBroken, match=r"src/runtime/map\.go"), engine.open(tool, 60):
        with broken, engine.open(tool, 60) as bench:
            write(bench, WRITES["a source"][0].format(at=f"{bench.goroot}/src/runtime/map.go"))
        broken_too = True
    assert broken_too


def test_go_may_set_the_times_of_what_it_takes_from_the_cache(engine: LocalEngine, release: Release) -> None:
    with engine.open(Toolchain(release), 60) as bench:
        write(bench, "touch -d 2030-01-01 .gocache/0a/entry-d")
    engine.prepare([Wanted(Toolchain(release))], must_not_say)


def test_what_was_compiled_cannot_be_written_to(engine: LocalEngine, release: Release) -> None:
    with engine.open(Toolchain(release), 60) as bench:
        modes = shell(bench, 'stat -L -c %a .gocache/0a/entry-d; stat -c %a "$GOROOT/bin/go"').text()
    assert modes.split() == ["444", "555"]


def write(bench: Bench, script: str) -> None:
    shell(bench, script).or_broken("nothing was written")
