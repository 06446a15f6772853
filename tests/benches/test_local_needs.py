"""Each need of a toolchain is compiled for itself, when a bench wants it first, and changes nothing that is seen.

The toolchain is a small one, and so is what is compiled with it; engine, folders and processes are real.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bench_fixtures import HELLO, NEWEST, pinned, words
from tests.wheel_mirror import make_wheel, must_not_say

from claimlab.benches import local_engine as module
from claimlab.benches.bench import Bench
from claimlab.benches.local_engine import LocalEngine
from claimlab.instruments.gobuild import build
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.project.project import Project
from claimlab.toolchains import origins
from claimlab.toolchains.intact import Tree
from claimlab.toolchains.needs import PLAIN, Needs, Wanted
from claimlab.toolchains.toolchain import Release, Toolchain, this_platform
from claimlab.trials.lab import LabFolder
from claimlab.trials.trial import Trial

pytest_plugins = ["tests.bench_fixtures", "tests.wheel_mirror"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
RACE: Needs = PLAIN | {"race"}
BUILDS_RACE = """
from claimlab import Lab

lab = Lab()


def observe(bench):
    build(bench, flags="race")
"""


def script(experiment: str, need: str) -> str:
    """It leaves an entry called so, and one that every need has."""
    entry = ".".join(filter(None, (experiment, need)))
    return f'mkdir -p "$GOCACHE/0a"; echo {entry} > "$GOCACHE/0a/{entry}-d"; echo index > "$GOCACHE/0a/all-a"'


@pytest.fixture
def engine(apart: Project, monkeypatch: pytest.MonkeyPatch) -> LocalEngine:
    """It has a cache of its own, and has prepared nothing."""
    monkeypatch.setattr(module, "warm_script", script)
    return LocalEngine(apart)


@pytest.fixture
def release(mirror: Path) -> Release:
    return Release("1.30.1", {this_platform(): origins.sha256_of(make_wheel(mirror, "1.30.1"))}, ("noswissmap",))


def entries(bench: Bench) -> list[str]:
    return words(bench, "ls .gocache/0a")


def test_only_what_is_needed_is_compiled_and_each_need_once(engine: LocalEngine, release: Release) -> None:
    said: list[str] = []
    plain, variant = Toolchain(release), Toolchain(release, "noswissmap")
    engine.prepare([Wanted(plain)], said.append)
    assert said == ["fetching Go 1.30.1", "compiling the standard library of Go 1.30.1"]
    engine.prepare([Wanted(plain, RACE)], said.append)
    assert said[2:] == ["compiling the standard library with the race detector of Go 1.30.1"]
    engine.prepare([Wanted(variant)], said.append)
    assert said[3:] == ["compiling the standard library of Go 1.30.1, built with noswissmap"]
    engine.prepare([Wanted(plain, RACE), Wanted(plain), Wanted(variant)], must_not_say)


def test_a_bench_has_what_it_needs_and_no_more(engine: LocalEngine, release: Release) -> None:
    plain, variant = Toolchain(release), Toolchain(release, "noswissmap")
    engine.prepare([Wanted(plain, RACE), Wanted(variant)], lambda _: None)
    with engine.open(plain, 60) as narrow, engine.open(plain, 60, RACE) as wide, engine.open(variant, 60) as other:
        assert entries(narrow) == ["all-a", "plain-d"]
        assert entries(wide) == ["all-a", "plain-d", "race-d"]
        assert entries(other) == ["all-a", "noswissmap.plain-d"]
        assert words(wide, "cat .gocache/0a/*-d") == ["plain", "race"]


def test_no_bench_opens_that_lacks_what_it_needs(engine: LocalEngine, release: Release) -> None:
    engine.prepare([Wanted(Toolchain(release))], lambda _: None)
    with pytest.raises(LabBroken, match=r"nothing is prepared for Go 1\.30\.1"):
        engine.open(Toolchain(release), 60, RACE)


@pytest.mark.parametrize(("gone", "breaks"), [("plain", True), ("race", False)])
def test_a_trial_is_broken_by_what_happens_to_its_own_trees_alone(
    engine: LocalEngine, release: Release, apart: Project, gone: str, breaks: bool
) -> None:
    engine.prepare([Wanted(Toolchain(release), RACE)], lambda _: None)
    (tree,) = (apart.cache / "warm").glob(f"*/{gone}-*/")
    broken: list[LabBroken] = []
    try:
        with engine.open(Toolchain(release), 60):
            Tree(tree, "").remove()
    except LabBroken as error:
        broken.append(error)
    assert [str(tree) in str(error) for error in broken] == ([True] if breaks else [])


def test_what_is_compiled_is_no_part_of_the_address(
    engine: LocalEngine,
    release: Release,
    make_lab: Callable[..., LabFolder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So neither a need that comes later nor another way to compile one throws an observation away."""
    lab = make_lab(lab=BUILDS_RACE)
    trial = Trial(lab, Toolchain(release), engine)
    assert trial.wanted == [Wanted(Toolchain(release), RACE)]
    before = trial.address
    engine.prepare([Wanted(Toolchain(release))], lambda _: None)
    assert Trial(lab, Toolchain(release), engine).address == before
    monkeypatch.setattr(module, "warm_script", lambda *about: f"{script(*about)}; true")
    assert Trial(lab, Toolchain(release), engine).address == before
    said: list[str] = []
    engine.prepare(trial.wanted, said.append)
    assert [line.partition(" of ")[0] for line in said] == [
        *("compiling the standard library", "compiling the standard library with the race detector")
    ]


def test_what_does_not_compile_is_named_and_nothing_is_left(
    engine: LocalEngine, release: Release, apart: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "warm_script", lambda *_: 'mkdir "$GOCACHE"; echo the reason >&2; exit 3')
    with pytest.raises(EnvironmentMissing, match=r"^The standard library of Go 1\.30\.1 does not .*: the reason"):
        engine.prepare([Wanted(Toolchain(release))], lambda _: None)
    assert not list(apart.cache.glob("scratch-*"))
    assert not list((apart.cache / "warm").glob("*/*/"))


def test_what_was_not_foreseen_is_compiled_on_the_bench_and_comes_out_the_same(local_engine: LocalEngine) -> None:
    needs: Needs = PLAIN | {"arm64"}
    with local_engine.open(pinned(NEWEST), 300, needs) as ready, local_engine.open(pinned(NEWEST), 300) as lacking:
        assert build(lacking, HELLO, flags="arm64") == build(ready, HELLO, flags="arm64")
