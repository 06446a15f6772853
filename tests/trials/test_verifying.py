"""Every file of a record is told for what it is."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.records import WHERES, filled, observed

from claimlab.project.runs import current_run
from claimlab.trials.record import SCHEMA, Breakage, Record, address
from claimlab.trials.verifying import Filed, What, files_in

WHERE = WHERES[0]
ADDRESS = address(observed(WHERE).inputs)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return filled(tmp_path / "record", *map(observed, WHERES))


def other_than_whole(record: Record) -> list[Filed]:
    return [one for one in files_in(record) if one.what is not What.OBSERVATION]


def test_a_whole_record_has_nothing_but_observations(record: Record) -> None:
    found = list(files_in(record))
    assert {(one.what, one.where) for one in found} == {(What.OBSERVATION, where) for where in WHERES}
    assert {address(one.inputs or {}) for one in found} == {address(observed(where).inputs) for where in WHERES}
    assert all(one.size_bytes == one.path.stat().st_size for one in found)


def test_of_no_record_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert list(files_in(Record(tmp_path / "nowhere"))) == []


def of_another(record: Record, path: Path) -> Path:
    other = record.path(*WHERES[2], address(observed(WHERES[2]).inputs))
    path.write_bytes(other.read_bytes())
    return path


def with_another_digit(record: Record, path: Path) -> Path:
    path.write_text(path.read_text().replace('"number": 42', '"number": 43'))
    return path


def under_another_address(record: Record, path: Path) -> Path:
    return path.rename(path.with_name(f"{WHERE[2]}-{'0' * 20}.json"))


def cut(record: Record, path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-10])
    return path


def linked(record: Record, path: Path) -> Path:
    path.unlink()
    path.symlink_to(record.root)
    return path


def a_folder(record: Record, path: Path) -> Path:
    path.unlink()
    (path / "deeper").mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (with_another_digit, "its digest is another"),
        (of_another, "it is of map-race on 1.27.3+old=1 with the engine local"),
        (under_another_address, "its inputs have another address than its name says"),
        (cut, "it is no observation"),
        (linked, "it cannot be read"),
        (a_folder, "it cannot be read"),
    ],
)
def test_damage_is_told(record: Record, damage: Callable[[Record, Path], Path], why: str) -> None:
    path = damage(record, record.path(*WHERE, ADDRESS))
    (found,) = other_than_whole(record)
    assert (found.path, found.what, found.where) == (path, What.DAMAGED, WHERE)
    assert why in found.because


def test_breakages_are_looked_at_too(record: Record) -> None:
    record.put_breakage(Breakage(SCHEMA, *WHERE, "it broke"), "1" * 64)
    record.put_breakage(Breakage(SCHEMA, *WHERE, "it broke"), "2" * 64)
    whole, damaged = sorted(record.root.rglob("*.broken"))
    damaged.write_text("{}")
    assert {one.path: one.what for one in other_than_whole(record)} == {
        whole: What.BREAKAGE,
        damaged: What.DAMAGED,
    }


def test_what_was_set_aside_is_told(record: Record) -> None:
    record.path(*WHERE, ADDRESS).write_text("damaged")
    assert record.get(*WHERE, ADDRESS) is None
    (found,) = other_than_whole(record)
    assert (found.what, [found.path]) == (What.SET_ASIDE, record.set_aside(*WHERE, ADDRESS))


def test_what_a_killed_run_left_is_told_and_what_another_writes_is_left_alone(record: Record) -> None:
    name = "from claimlab.project.runs import current_run; print(current_run())"
    ended = subprocess.run([sys.executable, "-c", name], capture_output=True, text=True, check=True, env={}).stdout
    left = record.path(*WHERE, ADDRESS).with_name(f".claimlab-{ended.strip()}-part")
    for path in (left, left.with_name(f".claimlab-{current_run()}-part")):
        path.write_text("half of")
    assert [(one.path, one.what) for one in other_than_whole(record)] == [(left, What.UNFINISHED)]


@pytest.mark.parametrize("name", ["notes.txt", "gdb-panic/notes.json", "gdb-panic/1.23.9/local.json"])
def test_strangers_are_told(record: Record, name: str) -> None:
    (record.root / name).parent.mkdir(exist_ok=True)
    (record.root / name).write_text("{}")
    assert [(one.path, one.what) for one in other_than_whole(record)] == [(record.root / name, What.STRANGER)]


def test_a_folder_that_cannot_be_read_is_not_passed_over(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root, who tests too, could read any: so the refusal is made."""
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if Path(path).name == WHERE[0]:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        list(files_in(record))
