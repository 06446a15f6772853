"""The record: observations come back as they were put, or not at all."""

import math
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from claimlab.benches.bench import Command
from claimlab.trials.record import SCHEMA, Breakage, Observation, Provenance, Record, address, observation_of

INPUTS = {"sources": "5" * 64, "schema": "1"}
ADDRESS = address(INPUTS)
WHERE = ("gdb-panic", "1.24.11+noswissmap", "local")
PROVENANCE = Provenance(
    measured_at="2026-11-23T12:00:00+00:00",
    duration_s=1.25,
    go="go1.24.11",
    place={"gdb": "GNU gdb 13.1", "image": "sha256:ab"},
    host={"kernel": "6.1.0", "cores": "2"},
    commands=[Command("run", ("./program", "listed"), {"GOMAXPROCS": "2"}, 2, 0.5)],
    binaries={"program": "f" * 64},
    replay="./inv lab.gdb-panic --go 1.24.11+noswissmap --engine local --fresh",
)
SEEN = {"runs": 2000, "died": 1999, "rate": 0.25, "gone": None, "messages": ["concurrent map writes"]}


class Tally(msgspec.Struct):
    runs: int
    rate: float
    message: str = "并发写"


def observation(seen: Any = SEEN) -> Observation:
    return observation_of(*WHERE, INPUTS, PROVENANCE, seen)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


def seen_in(found: Observation | None) -> Any:
    assert found is not None, "the observation is not in the record"
    return msgspec.json.decode(found.seen)


def files_of(record: Record) -> list[str]:
    return [path.name for path in record.root.rglob("*") if path.is_file()]


# There and back


@pytest.mark.parametrize("seen", [SEEN, {}, [], 0, "text", {"deep": [{"er": [[], {}]}]}, {"chinese": "并发\n写\x7f"}])
def test_what_was_put_comes_back(record: Record, seen: Any) -> None:
    record.put(observation(seen), ADDRESS)
    assert seen_in(record.get(*WHERE, ADDRESS)) == seen


def test_everything_around_it_comes_back(record: Record) -> None:
    record.put(observation(Tally(2000, 0.25)), ADDRESS)
    found = record.get(*WHERE, ADDRESS)
    assert found is not None
    assert (found.schema, found.lab, found.toolchain, found.engine) == (1, *WHERE)
    assert found.inputs == INPUTS
    assert found.provenance == PROVENANCE
    assert msgspec.json.decode(found.seen, type=Tally) == Tally(2000, 0.25)


def test_the_last_one_put_counts(record: Record) -> None:
    record.put(observation({"try": 1}), ADDRESS)
    path = record.put(observation({"try": 2}), ADDRESS)
    assert seen_in(record.get(*WHERE, ADDRESS)) == {"try": 2}
    assert files_of(record) == [path.name]


def test_the_file_is_named_by_trial_and_address_and_is_readable_text(record: Record) -> None:
    path = record.put(observation(), ADDRESS)
    assert path.relative_to(record.root).parts[:2] == WHERE[:2]
    assert path.match(f"local-{ADDRESS[:16]}*.json")
    assert len(path.read_text().splitlines()) > 10
    assert msgspec.json.decode(path.read_bytes())["seen"] == SEEN


def test_nothing_is_found_where_nothing_was_put(record: Record) -> None:
    assert record.get(*WHERE, ADDRESS) is None
    record.put(observation(), ADDRESS)
    assert record.get("gdb-other", *WHERE[1:], ADDRESS) is None
    assert record.get(WHERE[0], "1.24.11", WHERE[2], ADDRESS) is None
    assert record.get(*WHERE[:2], "docker", ADDRESS) is None
    assert record.get(*WHERE, ADDRESS[::-1]) is None


def test_equal_things_seen_have_equal_digests() -> None:
    assert observation({"a": 1, "b": 2}).digest == observation({"b": 2, "a": 1}).digest
    assert observation({"a": 1}).digest != observation({"a": 2}).digest


REFUSED = [
    *({"rate": math.nan}, {"rates": [1.0, math.inf]}, Tally(1, math.nan), Tally(1, -math.inf)),
    *({"pair": (1, 2)}, {1: "one"}, {"raw": b"raw"}),
]


@pytest.mark.parametrize("seen", REFUSED, ids=repr)
def test_what_json_would_change_is_refused(seen: Any) -> None:
    with pytest.raises(ValueError, match="gdb-panic"):
        observation(seen)


# Damage


def damage(record: Record, content: bytes) -> Path:
    path = record.path(*WHERE, ADDRESS)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_cut_anywhere_counts_as_absent(record: Record) -> None:
    whole = record.put(observation(), ADDRESS).read_bytes()
    for length in range(len(whole.rstrip())):
        damage(record, whole[:length])
        assert record.get(*WHERE, ADDRESS) is None, length


def told(found: Observation | None) -> Any:
    """Everything an observation says, however it is written."""
    return found and (seen_in(found), msgspec.structs.replace(found, seen=msgspec.Raw(b"")))


def undetected(record: Record, whole: bytes, positions: range) -> list[str]:
    """Where a bit can be flipped so that something else is read than what was put."""
    right = told(record.get(*WHERE, ADDRESS))
    wrong = []
    for position, bit in product(positions, range(8)):
        damage(record, whole[:position] + bytes([whole[position] ^ 1 << bit]) + whole[position + 1 :])
        if told(record.get(*WHERE, ADDRESS)) not in (None, right):
            wrong.append(whole[max(position - 20, 0) : position + 5].decode("utf-8", "replace"))
    return wrong


def test_a_flipped_bit_in_what_was_seen_is_noticed(record: Record) -> None:
    whole = record.put(observation(), ADDRESS).read_bytes()
    assert undetected(record, whole, range(whole.index(b'"seen"'), len(whole))) == []


def test_a_flipped_bit_in_what_is_around_it_is_noticed(record: Record) -> None:
    """Provenance is evidence too: a wrong gdb version or hash of the binary would be shown as true."""
    whole = record.put(observation(), ADDRESS).read_bytes()
    assert undetected(record, whole, range(whole.index(b'"seen"'))) == []


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "zeros": lambda whole: b"\0" * len(whole),
    "not UTF-8": lambda whole: whole.replace(b"concurrent", b"con\xffurrent"),
    "not UTF-8 beside": lambda whole: whole.replace(b"GNU", b"G\xc3("),
    "other schema": lambda whole: whole.replace(b'"schema": 1', b'"schema": 2', 1),
    "other type": lambda whole: whole.replace(b'"go1.24.11"', b"null"),
    "twice": lambda whole: whole + whole,
    "very deep": lambda whole: b"[" * 100_000,
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_set_aside(record: Record, change: Callable[[bytes], bytes]) -> None:
    whole = record.put(observation(), ADDRESS).read_bytes()
    path = damage(record, change(whole))
    assert record.get(*WHERE, ADDRESS) is None
    (aside,) = path.parent.iterdir()
    assert "damaged" in aside.name
    assert aside.read_bytes() == change(whole) != whole
    assert not record.has_other(*WHERE)
    record.put(observation(), ADDRESS)
    assert seen_in(record.get(*WHERE, ADDRESS)) == SEEN


def test_several_readers_of_a_damaged_file_all_find_it_absent(record: Record) -> None:
    start = threading.Barrier(6)

    def read(_: int) -> Observation | None:
        start.wait(30)
        return record.get(*WHERE, ADDRESS)

    with ThreadPoolExecutor(start.parties) as pool:
        for _ in range(40):
            damage(record, b"damaged")
            assert list(pool.map(read, range(start.parties), timeout=30)) == [None] * start.parties


# Several processes

WRITER = """
import sys
from pathlib import Path
from claimlab.trials.record import Provenance, Record, observation_of

root, writer, writes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
provenance = Provenance("t", 1.0, "go", {}, {}, [], {}, "replay")
(root / f"ready-{writer}").touch()
while not (root / "go").exists():
    pass
for turn in range(writes):
    seen = {"writer": writer, "turn": turn, "text": chr(97 + writer) * (10 + 20_000 * ((turn + writer) % 2))}
    inputs = {"sources": "5" * 64, "schema": "1"}
    observation = observation_of("gdb-panic", "1.24.11+noswissmap", "local", inputs, provenance, seen)
    Record(root / "record").put(observation, sys.argv[4])
"""


def wait_for(condition: Callable[[], bool], limit_s: float = 120.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def test_a_reader_never_sees_half_a_file(
    tmp_path: Path, record: Record, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    """Four processes write one address, long and short in turn; whatever is read is whole."""
    writers = [start_python(WRITER, tmp_path, writer, 60, ADDRESS) for writer in range(4)]
    wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == len(writers))
    (tmp_path / "go").touch()
    wait_for(record.path(*WHERE, ADDRESS).exists)
    seen_from = []
    while any(writer.poll() is None for writer in writers):
        seen = seen_in(record.get(*WHERE, ADDRESS))
        assert set(seen["text"]) == {chr(97 + seen["writer"])}
        seen_from.append(seen["writer"])
    assert [(writer.returncode, writer.communicate()[1]) for writer in writers] == [(0, "")] * 4
    assert len(set(seen_from)) > 1, "the writers did not overlap; nothing was tested"
    assert files_of(record) == [record.path(*WHERE, ADDRESS).name], "something was left behind"


def test_a_write_that_fails_leaves_what_was_there(record: Record, tmp_path: Path) -> None:
    """The address is a folder here, so that the last step of writing fails."""
    path = record.path(*WHERE, ADDRESS)
    (path / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=path.name):
        record.put(observation(), ADDRESS)
    assert [left.name for left in path.parent.iterdir()] == [path.name]


# Trials without an observation


def test_a_breakage_is_kept_until_an_observation_comes(record: Record) -> None:
    assert record.breakage(*WHERE, ADDRESS) is None
    record.put_breakage(Breakage(SCHEMA, *WHERE, "the lab's Go source does not build"), ADDRESS)
    assert record.breakage(*WHERE, ADDRESS) == Breakage(SCHEMA, *WHERE, "the lab's Go source does not build")
    assert record.get(*WHERE, ADDRESS) is None
    record.put(observation(), ADDRESS)
    assert record.breakage(*WHERE, ADDRESS) is None


def test_a_breakage_belongs_to_its_address(record: Record) -> None:
    record.put_breakage(Breakage(SCHEMA, *WHERE, "no gdb"), ADDRESS)
    record.put(observation(), ADDRESS[::-1])
    assert record.breakage(*WHERE, ADDRESS[::-1]) is None
    assert record.breakage(*WHERE, ADDRESS) == Breakage(SCHEMA, *WHERE, "no gdb")


def test_a_breakage_takes_no_observation_away(record: Record) -> None:
    """As with --fresh: what was seen before stays true of these inputs."""
    record.put(observation(), ADDRESS)
    record.put_breakage(Breakage(SCHEMA, *WHERE, "the daemon went away"), ADDRESS)
    assert seen_in(record.get(*WHERE, ADDRESS)) == SEEN


@pytest.mark.parametrize("content", [b"", b"{", b'{"error": "\xff"}', b"[]"])
def test_a_damaged_breakage_counts_as_none(record: Record, content: bytes) -> None:
    record.put_breakage(Breakage(SCHEMA, *WHERE, "no gdb"), ADDRESS)
    (name,) = files_of(record)
    (record.path(*WHERE, ADDRESS).parent / name).write_bytes(content)
    assert record.breakage(*WHERE, ADDRESS) is None


def test_has_other_speaks_of_observations_of_this_trial_only(record: Record) -> None:
    assert not record.has_other(*WHERE)
    record.put_breakage(Breakage(SCHEMA, *WHERE, "no gdb"), ADDRESS)
    assert not record.has_other(*WHERE)
    record.put(observation(), ADDRESS)
    assert record.has_other(*WHERE)
    assert not record.has_other(*WHERE[:2], "docker")
    assert not record.has_other(WHERE[0], "1.24.11", WHERE[2])
    assert not record.has_other("gdb-other", *WHERE[1:])
