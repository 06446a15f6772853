"""The record believes no file's name, and reads nothing that is no file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.trials.test_record import ADDRESS, SEEN, WHERE, observation, seen_in

from claimlab.trials.record import Record


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


def test_an_observation_is_believed_only_where_it_belongs(record: Record) -> None:
    """Its file was copied, whole: to another release, another lab, another engine, another address."""
    whole = record.put(observation(), ADDRESS).read_bytes()
    others = [
        (WHERE[0], "1.23.9", WHERE[2], ADDRESS),
        ("gdb-other", *WHERE[1:], ADDRESS),
        (*WHERE[:2], "docker", ADDRESS),
        (*WHERE, ADDRESS[::-1]),
        (*WHERE, ADDRESS[:20] + ADDRESS[::-1][20:]),  # the name of the file has the first twenty digits alone
    ]
    for other in others:
        path = record.path(*other)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole)
        assert record.set_aside(*other) == []
        assert record.get(*other) is None, other
        (aside,) = record.set_aside(*other)
        assert aside.read_bytes() == whole
        aside.unlink()
    record.put(observation(), ADDRESS)
    assert seen_in(record.get(*WHERE, ADDRESS)) == SEEN


IN_THE_WAY: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link in a circle": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link without end": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("make", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_no_file_is_set_aside_unread(record: Record, make: Callable[[Path], object]) -> None:
    path = record.path(*WHERE, ADDRESS)
    path.parent.mkdir(parents=True)
    make(path)
    assert record.get(*WHERE, ADDRESS) is None
    assert len(record.set_aside(*WHERE, ADDRESS)) == 1
    record.put(observation(), ADDRESS)
    assert seen_in(record.get(*WHERE, ADDRESS)) == SEEN
