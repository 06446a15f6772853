"""A trial makes ready what it needs just before it is measured, beside others, and says so.

The toolchains are small ones, in whose place of compiling stands what a test waits for.
"""

import os
import signal
from pathlib import Path

import psutil
import pytest
from tests.bench_fixtures import eventually
from tests.ordinary import path_without
from tests.processes import running
from tests.small_toolchain import GO, pack, small_goroot
from tests.tiny_lab import Checkout, write_lab

from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.recipe import Notes
from claimlab.toolchains.origins import sha256_of
from claimlab.toolchains.toolchain import this_platform

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
COMPILES = "sleep 0.1"
OLD, NEW = "1.30.1", "1.30.2"
LOCAL = ("lab.all", "--engine", "local")


@pytest.fixture
def small(checkout: Checkout) -> Checkout:
    """It has a cache of its own, and a lab."""
    for name in ("toolchains", "warm"):
        (checkout.state / name).unlink()
    write_lab(checkout.labs)
    return checkout


def pin(checkout: Checkout, compiles: dict[str, str]) -> None:
    """These releases are pinned, with what is done where they compile; `{root}` is the checkout's folder."""
    assert GO.count(COMPILES) == 1
    pins, rows = checkout.root / "docker" / "toolchains.toml", []
    for version, script in compiles.items():
        goroot = small_goroot(checkout.root / f"small-{version}", f"go{version}")
        go = goroot / "bin" / "go"
        go.write_text(go.read_text().replace(COMPILES, script.format(root=checkout.root)))
        archive = pack(goroot, pins.parent / f"{version}.tar.gz")
        row = f'version = "{version}", origin = "archive", at = "{archive.name}"'
        rows.append(f'{{ {row}, {this_platform()} = "{sha256_of(archive)}" }}')
    pins.write_text(f"releases = [{', '.join(rows)}]\n")


def mark_and_wait(mine: str, other: str) -> str:
    wait = f"until test -e {{root}}/{other}; do sleep 0.05; done"
    return f"touch {{root}}/{mine}; timeout 60 sh -c '{wait}'"


def test_different_toolchains_are_prepared_side_by_side(small: Checkout) -> None:
    """Each waits for the other."""
    pin(small, {OLD: mark_and_wait("old", "new"), NEW: mark_and_wait("new", "old")})
    done = small.inv(*LOCAL, "--workers", "2")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_newest_is_measured_while_another_is_compiled(small: Checkout) -> None:
    wait = f"until ls {small.record}/tiny/{NEW}/*.json; do sleep 0.05; done"
    pin(small, {OLD: f"timeout 60 sh -c '{wait}' > /dev/null 2>&1", NEW: "true"})
    done = small.inv(*LOCAL, "--workers", "2")
    assert done.returncode == 0, done.stdout + done.stderr


def test_releases_are_fetched_while_another_is_compiled(small: Checkout) -> None:
    """There is one worker, which compiles until the other release is there."""
    wait = f"until ls -d {small.state}/toolchains/{OLD}-*/go; do sleep 0.05; done"
    pin(small, {OLD: "true", NEW: f"timeout 60 sh -c '{wait}' > /dev/null 2>&1"})
    done = small.inv(*LOCAL, "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_prepared_is_said_with_the_trial_that_needs_it_the_newest_first(small: Checkout) -> None:
    write_lab(small.labs, "other")
    pin(small, {OLD: "true", NEW: "true"})
    done = small.inv(*LOCAL, "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith(("compiling", "✔"))]
    assert [line.partition("  ")[0] for line in said] == [
        f"compiling the standard library of Go {NEW}, for other[{NEW}]",
        *(f"✔ other[{NEW}]", f"✔ tiny[{NEW}]"),
        f"compiling the standard library of Go {OLD}, for other[{OLD}]",
        *(f"✔ other[{OLD}]", f"✔ tiny[{OLD}]"),
    ]


@pytest.mark.parametrize("workers", [(), ("-n", "2", "--dist", "worksteal")], ids=" ".join)
def test_pytest_alone_shows_it_too(small: Checkout, workers: tuple[str, ...]) -> None:
    pin(small, {NEW: "true"})
    done = small.started.finish(small.python("-m", "pytest", "labs", "--engine", "local", *workers))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"claimlab: compiling the standard library of Go {NEW}, for tiny[{NEW}]\n" in done.stdout
    assert "1 passed" in done.stdout


def test_what_cannot_be_made_ready_ends_the_session_and_nothing_is_filed(small: Checkout) -> None:
    pin(small, {OLD: "true", NEW: "echo the reason >&2; exit 3"})
    done = small.inv(*LOCAL, "--workers", "1")
    assert done.returncode == 2, done.stdout + done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"The standard library of Go {NEW} does not compile here: the reason")
    assert "Traceback" not in done.stderr
    assert "broken" not in done.stdout + done.stderr
    assert filed(small.record) == []
    assert not list(small.state.glob("scratch-*"))


def test_an_origin_that_nobody_has_ends_the_session_with_pytest_alone(small: Checkout) -> None:
    pin(small, {NEW: "true"})
    pins = small.root / "docker" / "toolchains.toml"
    pins.write_text(pins.read_text().replace('origin = "archive"', 'origin = "attic"'))
    done = small.started.finish(small.python("-m", "pytest", "labs", "--engine", "local"))
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"Go {NEW}: there is no origin 'attic'" in done.stdout
    assert filed(small.record) == []


def test_what_a_trial_wrote_to_is_made_good_for_the_next(small: Checkout) -> None:
    """In the open, where it can be written to; the session goes on, and one trial is broken."""
    pin(small, {NEW: "true"})
    poison = 'f=$(readlink -f .gocache/made); chmod u+w "$f" && echo poison > "$f"; echo 42'
    write_lab(small.labs, "aaa", script=poison)
    done = small.inv(*LOCAL, "--workers", "1", PATH=path_without(small.root / "programs", "nsenter"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "is not as it was compiled, changed: made, for tiny[" in " ".join(done.stderr.split())
    assert [path.parts[-3] for path in small.record.rglob("*.json")] == ["tiny"]


@pytest.mark.docker
def test_an_interrupt_while_an_image_is_made_leaves_no_container(small: Checkout, docker_engine: DockerEngine) -> None:
    """Neither the one that it is made in, which carries no name of ours, nor what runs there."""
    pin(small, {NEW: "sleep 107.25"})

    def sleepers() -> list[psutil.Process]:
        return running(["sleep", "107.25"])

    def containers() -> list[dict[str, str]]:
        bases = [tag for tag in Notes(small.state).tags() if tag.startswith(f"claimlab/go:{NEW}-")]
        return [
            one for tag in bases for one in docker_engine.client.api.containers(all=True, filters={"ancestor": tag})
        ]

    process = small.start_inv("lab.all", "--engine", "docker")
    try:
        assert eventually(lambda: bool(sleepers()) and len(containers()) == 1, 120)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(120) == 130
        assert eventually(lambda: not containers() and not sleepers(), 20)
    finally:
        process.kill()
        for tag in Notes(small.state).tags():
            if tag.startswith(f"claimlab/go:{NEW}-"):
                docker_engine.client.api.remove_image(tag)


def filed(record: Path) -> list[str]:
    return [str(path) for path in record.rglob("*.*") if path.is_file()]
