"""An archive comes into a record, and takes nothing away that is newer."""

import resource
from pathlib import Path

import pytest
from tests.records import TOOLS, WHERES, filled, observed, written

from claimlab.benches.recipe import Notes, Tools, tools_recipe
from claimlab.project.errors import EnvironmentMissing, Refused
from claimlab.trials import archive as archives
from claimlab.trials.archive import Archive
from claimlab.trials.bringing import Adopted, Fate, adopt, bring
from claimlab.trials.record import SCHEMA, Breakage, Record, address, observation_of

WHERE = WHERES[0]
ADDRESS = address(observed(WHERE).inputs)
OLDER, NEWER = "2026-11-22T12:00:00+00:00", "2026-11-24T12:00:00+00:00"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archives.read(written(filled(tmp_path / "theirs", *map(observed, WHERES)), tmp_path / "sent.tar.gz"))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "ours")


def contents(record: Record) -> dict[str, bytes]:
    files = [path for path in record.root.rglob("*") if path.is_file()]
    return {path.relative_to(record.root).as_posix(): path.read_bytes() for path in files}


def test_an_empty_record_becomes_the_same_as_theirs(archive: Archive, record: Record, tmp_path: Path) -> None:
    assert {one.fate for one in bring(archive, record)} == {Fate.NEW}
    assert contents(record) == contents(Record(tmp_path / "theirs"))
    assert written(record, tmp_path / "again.tar.gz").read_bytes() == archive.path.read_bytes()
    assert {one.fate for one in bring(archive, record)} == {Fate.SAME}


def test_a_dry_run_changes_nothing(archive: Archive, record: Record) -> None:
    assert {one.fate for one in bring(archive, record, dry_run=True)} == {Fate.NEW}
    assert not record.root.exists()


@pytest.mark.parametrize(
    ("measured_at", "fate", "number"),
    [
        (NEWER, Fate.KEPT, 7),
        (observed(WHERE).provenance.measured_at, Fate.KEPT, 7),
        (OLDER, Fate.REPLACES, 42),
    ],
    ids=["ours is newer", "both at once", "ours is older"],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_newer_one_of_two_stays(
    archive: Archive, record: Record, measured_at: str, fate: Fate, number: int, dry_run: bool
) -> None:
    filled(record.root, observed(WHERE, 7, measured_at))
    before = contents(record)
    found = {one.entry.where: one for one in bring(archive, record, dry_run=dry_run)}
    assert (found[WHERE].fate, found[WHERE].was) == (fate, measured_at)
    now = record.get(*WHERE, ADDRESS)
    assert now is not None
    if dry_run:
        assert contents(record) == before
    else:
        assert now.digest == observed(WHERE, number, now.provenance.measured_at).digest


def test_what_stands_there_damaged_is_replaced_and_set_aside(archive: Archive, record: Record) -> None:
    path = filled(record.root, observed(WHERE, 7, NEWER)).path(*WHERE, ADDRESS)
    path.write_bytes(path.read_bytes().replace(b'"number": 7', b'"number": 8'))
    assert {one.fate for one in bring(archive, record)} == {Fate.NEW}
    assert (found := record.get(*WHERE, ADDRESS)) and found.digest == observed(WHERE).digest
    assert len(record.set_aside(*WHERE, ADDRESS)) == 1


def test_a_folder_that_stands_there_is_set_aside(archive: Archive, record: Record) -> None:
    (record.path(*WHERE, ADDRESS) / "notes").mkdir(parents=True)
    assert {one.fate for one in bring(archive, record)} == {Fate.NEW}
    (aside,) = record.set_aside(*WHERE, ADDRESS)
    assert (aside / "notes").is_dir()


def test_what_was_measured_meanwhile_stays(archive: Archive, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between verifying and writing there is time for another process."""
    check = Record.check

    def measured_meanwhile(self: Record) -> None:
        check(self)
        filled(self.root, observed(WHERE, 7, NEWER))

    monkeypatch.setattr(Record, "check", measured_meanwhile)
    found = {one.entry.where: one.fate for one in bring(archive, record)}
    assert (found[WHERE], {found[where] for where in WHERES[1:]}) == (Fate.KEPT, {Fate.NEW})
    assert (now := record.get(*WHERE, ADDRESS)) and now.digest == observed(WHERE, 7, NEWER).digest


def test_a_trial_that_broke_here_is_broken_no_more_and_it_is_told(archive: Archive, record: Record) -> None:
    record.put_breakage(Breakage(SCHEMA, *WHERE, "it broke"), ADDRESS)
    for dry_run in (True, False):
        assert [one.entry.where for one in bring(archive, record, dry_run=dry_run) if one.broke] == [WHERE]
    assert record.breakage(*WHERE, ADDRESS) is None
    assert not [one for one in bring(archive, record) if one.broke]


def test_nothing_is_written_if_the_last_one_is_damaged(archive: Archive, record: Record, tmp_path: Path) -> None:
    theirs = Record(tmp_path / "theirs")
    last = max(theirs.root.rglob("*.json"))
    entry = archive.manifest.observations[-1]
    assert theirs.path(*entry.where, entry.address) == last
    whole = archive.path.read_bytes()
    archive.path.write_bytes(whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:])  # gzip's own word on the whole
    with pytest.raises(Refused, match="no archive that can be believed"):
        bring(archive, record)
    assert not record.root.exists()


def test_what_a_record_took_before_it_took_no_more_is_whole_and_counted(record: Record, tmp_path: Path) -> None:
    """The system refuses to write more than so much into a file (setrlimit(2)), and one observation is larger."""
    last = max(WHERES)
    giant = observation_of(*last, observed(last).inputs, observed(last).provenance, "x" * 200_000)
    theirs = filled(tmp_path / "theirs", *(giant if one == last else observed(one) for one in WHERES))
    archive = archives.read(written(theirs, tmp_path / "sent.tar.gz"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(EnvironmentMissing, match=r"has 2 of 3 observations, and takes no more: File") as told:
            bring(archive, record)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "import again" in told.value.remedy
    assert len(contents(record)) == 2
    assert {one.fate for one in bring(archive, record)} == {Fate.SAME, Fate.NEW}


# The tools image


@pytest.mark.parametrize(
    ("theirs", "ours", "becomes"),
    [
        (None, None, Adopted.NONE),
        (TOOLS, None, Adopted.OTHER_RECIPE),
        (Tools(tools_recipe(), "2" * 64), None, Adopted.ADOPTED),
        (Tools(tools_recipe(), "2" * 64), Tools("9" * 64, "2" * 64), Adopted.ADOPTED),
        (Tools(tools_recipe(), "2" * 64), Tools(tools_recipe(), "2" * 64), Adopted.SAME),
        (Tools(tools_recipe(), "2" * 64), Tools(tools_recipe(), "3" * 64), Adopted.KEPT),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_their_tools_image_is_taken_only_where_there_is_none(
    tmp_path: Path, theirs: Tools | None, ours: Tools | None, becomes: Adopted, dry_run: bool
) -> None:
    notes = Notes(tmp_path)
    if ours:
        notes.keep_tools(ours)
    before = notes.tools()
    assert adopt(theirs, notes, dry_run=dry_run) is becomes
    assert notes.tools() == (theirs if becomes is Adopted.ADOPTED and not dry_run else before)
