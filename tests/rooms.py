"""Benches in real rooms of each kind, for the tests of what a program cannot do there.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import pytest
from tests.bench_fixtures import NEWEST, eventually, pinned, words

from claimlab.benches.folder import FolderBench, open_folder
from claimlab.benches.namespace import Isolation, Sizes, find_isolation
from claimlab.benches.place import Bounds

MIB: Final = 1024**2
SMALL: Final = Bounds(200 * MIB, 100, Sizes(64 * MIB, 16 * MIB, 16 * MIB))

OpenRoom = Callable[..., AbstractContextManager[FolderBench]]


@pytest.fixture(scope="module", params=["bubblewrap", "unshare"])
def open_room_bench(request: pytest.FixtureRequest, goroot_and_caches: tuple[Path, list[Path]]) -> OpenRoom:
    """Opens benches in rooms of one kind."""
    if find_isolation(request.param).kind != request.param:
        pytest.skip(f"no room can be made with {request.param} here: apt-get install bubblewrap util-linux")

    def open_one(bounds: Bounds = SMALL, run: str = f"rooms-{os.getpid()}") -> AbstractContextManager[FolderBench]:
        within = Isolation(request.param)
        return open_folder(*goroot_and_caches, pinned(NEWEST), run, 300, within=within, bounds=bounds)

    return open_one


@pytest.fixture(scope="module")
def bench(open_room_bench: OpenRoom) -> Iterator[FolderBench]:
    """One room for all tests that leave it as it was."""
    with open_room_bench(Bounds()) as opened:
        yield opened


@pytest.fixture
def small(open_room_bench: OpenRoom) -> Iterator[FolderBench]:
    """One with little of everything."""
    with open_room_bench() as opened:
        yield opened


def python(bench: FolderBench, program: str, timeout_s: float = 60.0) -> str:
    """What a Python program prints on a bench."""
    return bench.run([bench.python, "-c", program], step="run", timeout_s=timeout_s).text().strip()


def others(bench: FolderBench) -> list[str]:
    """The processes on a bench."""
    assert bench._place.room is not None
    return bench._place.room.others()


@contextmanager
def neighbour(open_room_bench: OpenRoom) -> Iterator[None]:
    """Another bench works meanwhile, and is not disturbed."""
    said: list[str] = []
    done = threading.Event()

    def work() -> None:
        with open_room_bench() as bench:
            while not done.is_set():
                said.extend(words(bench, "go version | cut -d' ' -f3; echo x > file; cat file; rm file; sleep 0.1"))

    thread = threading.Thread(target=work)
    thread.start()
    assert eventually(lambda: len(said) > 2)
    so_far = len(said)
    try:
        yield
        assert eventually(lambda: len(said) > so_far + 2)
    finally:
        done.set()
        thread.join()
    assert said == [f"go{NEWEST}", "x"] * (len(said) // 2)
