"""Archives of a record: the same bytes from the same record, and nothing believed that is not so."""

import gzip
import hashlib
import io
import re
import subprocess
import tarfile
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.records import TOOLS, WHERES, filled, observed, written

from claimlab.project.errors import Refused
from claimlab.project.files import STATE_LIMIT_BYTES
from claimlab.trials import archive as archives
from claimlab.trials.archive import MANIFEST, MANIFEST_LIMIT_BYTES, Archive, Manifest
from claimlab.trials.record import Record, address

Members = list[tuple[tarfile.TarInfo, bytes]]
Edit = Callable[[Members], Members]


@dataclass
class Sent:
    """An archive, and what a stranger makes of it."""

    path: Path

    @property
    def members(self) -> Members:
        with tarfile.open(self.path) as opened:
            return [(one, (found.read() if (found := opened.extractfile(one)) else b"")) for one in opened]

    def with_members(self, members: Members) -> Archive:
        """The archive has these members; it has been read."""
        with tarfile.open(self.path, "w:gz") as opened:
            for info, content in members:
                info.size = len(content) if info.isreg() else 0
                opened.addfile(info, io.BytesIO(content))
        return archives.read(self.path)


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(written(filled(tmp_path / "record", *map(observed, WHERES)), tmp_path / "sent.tar.gz"))


def refused(archive: Callable[[], Archive]) -> str:
    with pytest.raises(Refused) as caught:
        list(archive().observations())
    assert caught.value.remedy == "Nothing of it was taken. Ask for it again."
    return caught.value.why


# What is written


def test_what_was_packed_is_read(sent: Sent) -> None:
    found = [observation for _, observation in archives.read(sent.path).observations()]
    assert {one.digest for one in found} == {observed(where).digest for where in WHERES}


def test_the_manifest_says_what_everything_is_and_was_made_with(sent: Sent) -> None:
    manifest = archives.read(sent.path).manifest
    assert (manifest.format, manifest.claimlab, manifest.tools) == (1, "0.2", TOOLS)
    assert manifest.python == ["CPython 3.11.2"]
    assert manifest.places == {"docker": [{"gdb": "13.1"}], "local": [{"gdb": "13.1"}]}
    assert manifest.hosts == [{"cpu": "Some CPU", "cores": "2"}]
    assert {one.where for one in manifest.observations} == set(WHERES)
    assert {one.address for one in manifest.observations} == {address(observed(where).inputs) for where in WHERES}


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(filled(tmp_path / "a", *map(observed, WHERES)), tmp_path / "first.tar.gz")
    other = written(filled(tmp_path / "b", *map(observed, reversed(WHERES))), tmp_path / "other name.tar.gz")
    assert first.read_bytes() == other.read_bytes()


def test_anybody_can_unpack_it(sent: Sent, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    subprocess.run(["tar", "-xzf", sent.path, "-C", tmp_path / "out"], check=True)
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    record = {path.relative_to(tmp_path / "record").as_posix() for path in (tmp_path / "record").rglob("*.json")}
    assert files == {MANIFEST, *record}
    assert all((tmp_path / "out" / name).read_bytes() == (tmp_path / "record" / name).read_bytes() for name in record)


def test_nothing_unfinished_is_left_where_it_cannot_be_written(sent: Sent, tmp_path: Path) -> None:
    (tmp_path / "taken" / "by a folder").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        written(Record(tmp_path / "record"), tmp_path / "taken")
    assert {path.name for path in tmp_path.iterdir()} == {"record", "sent.tar.gz", "taken"}


# Damage


def test_no_flipped_bit_passes(sent: Sent) -> None:
    whole = sent.path.read_bytes()
    wrong = []
    for position in range(10, len(whole), 3):  # what comes before is gzip's own: its time and system
        sent.path.write_bytes(whole[:position] + bytes([whole[position] ^ 1 << position % 8]) + whole[position + 1 :])
        try:
            list(archives.read(sent.path).observations())
            wrong.append(position)
        except Refused:
            continue
    assert wrong == []


def test_no_archive_that_was_cut_passes(sent: Sent) -> None:
    whole = sent.path.read_bytes()
    for length in range(0, len(whole), 31):
        sent.path.write_bytes(whole[:length])
        refused(lambda: archives.read(sent.path))


GZIPPED = [gzip.compress(content, mtime=0) for content in (b"", b"x" * 512)]


@pytest.mark.parametrize("content", [b"", b"no archive", *GZIPPED])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sent.tar.gz"
    path.write_bytes(content)
    refused(lambda: archives.read(path))


def swapped(members: Members) -> Members:
    return [members[0], members[2], members[1], *members[3:]]


def twice(members: Members) -> Members:
    return [*members, members[-1]]


def renamed(name: str) -> Edit:
    def edit(members: Members) -> Members:
        members[1][0].name = name
        return members

    return edit


def as_type(kind: bytes, to: str = "") -> Edit:
    def edit(members: Members) -> Members:
        members[1][0].type, members[1][0].linkname = kind, to
        return members

    return edit


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda members: members[1:], "it does not begin with manifest.json"),
        (lambda members: members[:-1], "it has nothing where its manifest has"),
        (twice, "its manifest does not name"),
        (swapped, "where its manifest has"),
        (renamed("../../outside.json"), r"it has \.\./\.\./outside\.json where its manifest has"),
        (renamed("/outside.json"), "it has /outside.json where its manifest has"),
        (as_type(tarfile.SYMTYPE, "/etc/passwd"), "is no plain file"),
        (as_type(tarfile.LNKTYPE, MANIFEST), "is no plain file"),
        (as_type(tarfile.FIFOTYPE), "is no plain file"),
        (as_type(tarfile.CHRTYPE), "is no plain file"),
        (as_type(tarfile.DIRTYPE), "is no plain file"),
        (as_type(tarfile.GNUTYPE_SPARSE), "is no plain file"),
    ],
)
def test_other_members_than_the_manifest_names_are_refused(sent: Sent, edit: Edit, why: str) -> None:
    assert len(list(sent.with_members(sent.members).observations())) == 3
    members = edit(sent.members)
    assert re.search(why, refused(lambda: sent.with_members(members)))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE])
def test_headers_that_change_others_are_refused(sent: Sent, kind: bytes) -> None:
    header = tarfile.TarInfo("anything")
    header.type, header.size = kind, 8 * 1024**3 - 1
    sent.path.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(512)))
    assert "is no plain file" in refused(lambda: archives.read(sent.path))


@pytest.mark.parametrize("size_bytes", [MANIFEST_LIMIT_BYTES + 1, STATE_LIMIT_BYTES + 1, 1 << 62])
def test_a_giant_is_refused_before_it_is_unpacked(sent: Sent, size_bytes: int) -> None:
    header = tarfile.TarInfo(MANIFEST)
    header.size = size_bytes
    sent.path.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(200 * 1024**2), 9))
    tracemalloc.start()
    try:
        assert "makes it too large" in refused(lambda: archives.read(sent.path))
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024**2
    finally:
        tracemalloc.stop()


def test_all_together_may_not_be_too_large(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LIMIT_BYTES", sum(len(content) for _, content in sent.members) - 1)
    assert "makes it too large" in refused(lambda: archives.read(sent.path))


def test_what_follows_the_end_is_refused(sent: Sent) -> None:
    with gzip.open(sent.path, "ab") as opened:
        opened.write(b"more")
    assert "something follows its end" in refused(lambda: archives.read(sent.path))


# A manifest that lies


def lying(members: Members, **fields: Any) -> Members:
    """The manifest says something else of the first observation."""
    manifest = msgspec.json.decode(members[0][1], type=Manifest)
    first = msgspec.structs.replace(manifest.observations[0], **fields)
    other = msgspec.structs.replace(manifest, observations=[first, *manifest.observations[1:]])
    return [(members[0][0], msgspec.json.encode(other)), *members[1:]]


def holding(members: Members, content: bytes) -> Members:
    """The first observation's file is another, and the manifest has its hash."""
    others = [members[0], (members[1][0], content), *members[2:]]
    return lying(others, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"sha256": "0" * 64}, "its SHA-256 is another"),
        ({"size_bytes": 1}, "its SHA-256 is another"),
        ({"size_bytes": STATE_LIMIT_BYTES + 1}, "a size of"),
        ({"digest": "0" * 64}, "has another digest or time"),
        ({"digest": "short"}, "a hash that is none"),
        ({"measured_at": "2026-11-24T12:00:00+00:00"}, "has another digest or time"),
        ({"measured_at": "yesterday"}, "is no time in UTC"),
        ({"measured_at": "2026-11-23T12:00:00"}, "is no time in UTC"),
        ({"measured_at": (datetime.now(UTC) + timedelta(days=9)).isoformat(timespec="seconds")}, "it is of the future"),
        ({"address": "0" * 64}, "it would stand in another place"),
        ({"lab": "..", "file": "../-/docker-.json"}, "a name that no folder has"),
        ({"lab": "a/../../b"}, "a name that no folder has"),
        ({"engine": ""}, "a name that no folder has"),
        ({"toolchain": "1.27.3\n"}, "a name that no folder has"),
        ({"lab": "x" * 101}, "a name that no folder has"),
        ({"lab": "map-race"}, "it would stand in another place"),
    ],
)
def test_a_manifest_that_lies_is_refused(sent: Sent, fields: dict[str, Any], why: str) -> None:
    members = lying(sent.members, **fields)
    assert why in refused(lambda: sent.with_members(members))


def test_an_observation_of_another_trial_is_refused(sent: Sent) -> None:
    """The names of its file, in the manifest and in the archive, and its hash agree: only the observation tells."""
    file = sent.members[1][0].name
    assert file.startswith("gdb-panic/-/docker-")
    moved = file.replace("gdb-panic", "other-lab")
    members = renamed(moved)(lying(sent.members, lab="other-lab", file=moved))
    members.sort(key=lambda one: (one[0].name != MANIFEST, one[0].name))
    manifest = msgspec.json.decode(members[0][1], type=Manifest)
    in_order = msgspec.structs.replace(manifest, observations=sorted(manifest.observations, key=lambda one: one.file))
    members[0] = (members[0][0], msgspec.json.encode(in_order))
    assert "is of another trial" in refused(lambda: sent.with_members(members))


@pytest.mark.parametrize(
    ("seen", "why"),
    [(b'{"number":43}', "its digest is another"), (b"[" * 200_000 + b"]" * 200_000, "it is no observation")],
    ids=["edited", "nested without end"],
)
def test_what_was_seen_has_to_be_as_it_was_filed(sent: Sent, seen: bytes, why: str) -> None:
    """Though the manifest has the hash of the file."""
    content = msgspec.json.encode(msgspec.structs.replace(observed(WHERES[1]), seen=msgspec.Raw(seen)))
    members = holding(sent.members, content)
    assert why in refused(lambda: sent.with_members(members))


@pytest.mark.parametrize("number", [0, 2])
def test_another_format_is_told(sent: Sent, number: int) -> None:
    members = sent.members
    other = members[0][1].replace(b'"format": 1', b'"format": %d' % number)
    members[0] = (members[0][0], other)
    assert f"its format is {number}, and this claimlab reads 1" in refused(lambda: sent.with_members(members))
