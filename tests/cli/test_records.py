"""Records between two projects: what one machine measured, another shows."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.bench_fixtures import NEWEST
from tests.tiny_lab import LabsFolder, Started, clean_environment, write_lab

from claimlab.trials.record import Observation, Record, address, digest_of

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
WHERE = ("tiny", NEWEST, "local")
pytestmark = pytest.mark.gdb


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabsFolder]:
    """A project whose lab was measured."""
    root, started = tmp_path_factory.mktemp("theirs"), Started()
    found = LabsFolder(root, started)
    write_lab(found.labs)
    done = found.claimlab("lab.tiny", "--engine", "local", "--go", NEWEST)
    assert done.returncode == 0, done.stdout + done.stderr
    yield found
    started.end()


@pytest.fixture
def archive(theirs: LabsFolder, tmp_path: Path) -> Path:
    """What it exports."""
    path = tmp_path / "sent.tar.gz"
    done = theirs.claimlab("record.export", str(path), "--engine", "local")
    assert done.returncode == 0, done.stdout + done.stderr
    return path


@pytest.fixture
def ours(folder: LabsFolder) -> LabsFolder:
    """A project with the same lab and nothing measured."""
    write_lab(folder.labs)
    return folder


def data(folder: LabsFolder, *arguments: str, code: int = 0, path: str = os.environ["PATH"]) -> Any:
    command = ["-m", "claimlab.cli", "--search-root", str(folder.root), *arguments, "--json"]
    settings = clean_environment(TMPDIR=str(folder.root), PATH=path)
    done = folder.started.finish(folder.started.start([sys.executable, *command], folder.root, settings))
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def row(folder: LabsFolder, path: str = os.environ["PATH"]) -> Any:
    return next(one for one in data(folder, "verdicts", "--engine", "local", path=path) if one["id"] == "9.1-a")


def other_gdb(folder: LabsFolder) -> str:
    """A PATH on which gdb is of another version."""
    (folder.root / "bin").mkdir()
    (folder.root / "bin" / "gdb").write_text("#!/bin/sh\necho GNU gdb 99.1\n")
    (folder.root / "bin" / "gdb").chmod(0o755)
    return f"{folder.root / 'bin'}:{os.environ['PATH']}"


def no_gdb(folder: LabsFolder) -> str:
    """A PATH with nothing on it that labs need."""
    (folder.root / "less").mkdir()
    (folder.root / "less" / "env").symlink_to("/usr/bin/env")
    return str(folder.root / "less")


def only(folder: LabsFolder) -> tuple[Path, Observation]:
    (path,) = folder.record.rglob("*.json")
    return path, msgspec.json.decode(path.read_bytes(), type=Observation)


def altered(folder: LabsFolder, **provenance: Any) -> Observation:
    """The only observation of a record, made at another time or on another host."""
    _, found = only(folder)
    origin = msgspec.structs.replace(found.provenance, **provenance)
    other = msgspec.structs.replace(found, provenance=origin, digest="")
    whole = msgspec.structs.replace(other, digest=digest_of(other))
    Record(folder.record).put(whole, address(whole.inputs))
    return whole


# From one to the other


def test_what_one_machine_measured_another_shows(archive: Path, ours: LabsFolder) -> None:
    assert row(ours)["outcomes"][NEWEST] == "missing"
    said = data(ours, "record.import", str(archive))
    assert said["observations"] == {"new": 1, "same": 0, "replaces": 0, "kept": 0}
    assert (said["answers"], said["unanswering"]) == ({"here": 1, "elsewhere": 0}, [])
    found = row(ours)
    assert (found["outcomes"][NEWEST], "elsewhere" in found) == ("holds", False)


def test_another_gdb_or_none_reads_it_and_measures_its_own(archive: Path, ours: LabsFolder) -> None:
    ours.claimlab("record.import", str(archive))
    another, less, (_, theirs) = other_gdb(ours), no_gdb(ours), only(ours)
    for path in (another, less):
        found = row(ours, path)
        assert found["outcomes"][NEWEST] == "holds"
        assert found["elsewhere"] == {
            NEWEST: {
                "measured_at": theirs.provenance.measured_at,
                "host": theirs.provenance.host,
                "place": theirs.provenance.place,
            }
        }
    lacking = ours.pytest("labs", PATH=less)
    assert lacking.returncode != 0
    assert "The local engine needs gdb" in lacking.stdout + lacking.stderr
    done = ours.pytest("labs", PATH=another)
    assert done.returncode == 0, done.stdout
    assert len(list(ours.record.rglob("*.json"))) == 2, "the gap was filled"
    assert "elsewhere" not in row(ours, another)


def test_the_host_that_decided_is_told(archive: Path, ours: LabsFolder) -> None:
    ours.claimlab("record.import", str(archive))
    host = {"kernel": "6.1.0", "machine": "x86_64", "cpu": "Some CPU", "cores": "96"}
    altered(ours, host=host)
    assert row(ours)["elsewhere"][NEWEST]["host"] == host
    told = ours.claimlab("verdicts", "--engine", "local").stdout
    assert "measured on Some CPU, 96 cores, kernel 6.1.0, x86_64" in told


def test_it_is_said_why_something_answers_nothing(archive: Path, ours: LabsFolder) -> None:
    lab = ours.labs / "ch9_things" / "tiny" / "lab.py"
    lab.write_text(lab.read_text().replace("echo 42", "echo 44"))
    said = data(ours, "record.import", str(archive), "--dry-run")
    assert said["answers"] == {"here": 0, "elsewhere": 0}
    (one,) = said["unanswering"]
    assert (one["lab"], one["toolchain"], one["kind"], one["because"]) == ("tiny", NEWEST, "stale", ["the lab's files"])
    assert not ours.record.exists()
    told = ours.claimlab("record.import", str(archive)).stdout
    assert "0 answer what this project asks" in told
    assert f"tiny on {NEWEST}: stale: the lab's files" in told


def test_the_same_record_exports_the_same_bytes(archive: Path, theirs: LabsFolder, ours: LabsFolder) -> None:
    again = archive.with_name("again.tar.gz")
    ours.claimlab("record.import", str(archive))
    said = data(ours, "record.export", str(again), "--engine", "local", "--lab", "tiny", "--go", NEWEST)
    assert again.read_bytes() == archive.read_bytes()
    assert [one["lab"] for one in said["manifest"]["observations"]] == ["tiny"]


@pytest.mark.parametrize(
    ("measured_at", "fate"), [("2000-01-01T00:00:00+00:00", "replaces"), ("2100-01-01T00:00:00+00:00", "kept")]
)
def test_a_conflict_is_told(archive: Path, ours: LabsFolder, measured_at: str, fate: str) -> None:
    ours.claimlab("record.import", str(archive))
    was = altered(ours, measured_at=measured_at)
    told = ours.claimlab("record.import", str(archive), "--dry-run").stdout
    assert f"tiny[{NEWEST}], engine local: the record's of the same inputs is of {measured_at}" in told
    said = data(ours, "record.import", str(archive))
    (conflict,) = said["conflicts"]
    assert (conflict["fate"], conflict["ours"]) == (fate, measured_at)
    assert (only(ours)[1].digest == was.digest) is (fate == "kept")


# What cannot be


def test_a_damaged_archive_writes_nothing(archive: Path, ours: LabsFolder) -> None:
    archive.write_bytes(archive.read_bytes()[:-20])
    done = ours.claimlab("record.import", str(archive))
    assert done.returncode == 2
    assert f"{archive} is no archive that can be believed" in done.stderr
    assert not ours.record.exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["record.import", "nowhere.tar.gz"], "No such file or directory"),
        (["record.export", "x.tar.gz"], "Nothing is recorded of these trials as things are now, with the engine "),
        (["record.export", "nowhere/x.tar.gz"], "There is no folder nowhere. Make it first."),
        (["record.export", "labs"], "labs is no file that an archive could replace."),
        (["record.import", "labs"], "labs is no file."),
        (["record.export", "x.tar.gz", "--lab", "nosuch"], "There is no lab nosuch."),
        (["record.export", "x.tar.gz", "--article", "nosuch"], "There is no article 'nosuch'. Articles: labs."),
        (["record.export", "x.tar.gz", "--engine", "nosuch"], "There is no engine 'nosuch'."),
    ],
)
def test_what_cannot_be_is_a_sentence(ours: LabsFolder, arguments: list[str], why: str) -> None:
    done = ours.claimlab(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert not (ours.root / "x.tar.gz").exists()


# Looking after it


def test_verify_says_what_is_damaged(archive: Path, ours: LabsFolder) -> None:
    ours.claimlab("record.import", str(archive))
    whole = ours.claimlab("record.verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.startswith("1 observation, 0 breakages, 0 damaged")
    path, _ = only(ours)
    path.write_text(path.read_text().replace('"number": 42', '"number": 44'))
    said = data(ours, "record.verify", code=1)
    (one,) = said["damaged"]
    assert (one["file"], said["counts"]["observation"]) == (str(path), 0)
    assert "its digest is another" in one["because"]
    assert row(ours)["outcomes"][NEWEST] == "missing"
    aside = ours.claimlab("record.verify")
    assert (aside.returncode, "set aside: " in aside.stdout) == (1, True)


def test_a_record_that_others_may_have_too_is_pruned_only_if_they_do_not(archive: Path, ours: LabsFolder) -> None:
    ours.claimlab("record.import", str(archive))
    other = ours.root / "other"
    (other / "articles").mkdir(parents=True)
    (other / "claimlab.toml").write_text(f'title = "Other"\narticles = []\nrecord = "{ours.record}"\n')
    command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(other), "record.prune"]
    for further, code in (("--dry-run", 0), ("", 2), ("--alone", 0)):
        done = ours.started.finish(ours.started.start([*command, *further.split()], other, clean_environment()))
        assert done.returncode == code, done.stdout + done.stderr
        assert ("--alone says that no other project uses it" in done.stderr) is (code == 2)
        assert bool(list(ours.record.rglob("*.json"))) is (further != "--alone")


def test_prune_says_what_goes(archive: Path, ours: LabsFolder) -> None:
    ours.claimlab("record.import", str(archive))
    assert ours.claimlab("record.prune").stdout == "0 files removed, 0 bytes\n"
    lab = ours.labs / "ch9_things" / "tiny" / "lab.py"
    lab.write_text(lab.read_text().replace("echo 42", "echo 44"))
    path, _ = only(ours)
    shown, size_bytes = path.relative_to(ours.root), path.stat().st_size
    told = ours.claimlab("record.prune", "--dry-run").stdout
    assert told.startswith(f"would go: {shown} (")
    assert told.splitlines()[0].endswith("): the lab's files")
    assert path.is_file()
    said = data(ours, "record.prune")
    assert (said["dry_run"], said["size_bytes"], said["unknown"]) == (False, size_bytes, [])
    assert [one["file"] for one in said["removed"]] == [str(path)]
    assert list(ours.record.rglob("*")) == []
