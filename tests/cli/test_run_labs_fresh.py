"""A trial that was to be measured and was not counts as broken, whatever the record holds of it from before."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from tests.bench_fixtures import NEWEST, eventually
from tests.tiny_lab import Checkout, LabsFolder, write_lab

from claimlab.trials.record import Observation, digest_of

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine", "trials_in_the_open")]
ON_LOCAL = ("--engine", "local")
WAITS = "touch {root}/begun; until test -f {root}/gate; do sleep 0.05; done; echo 42"


def measured_before(checkout: Checkout, script: str = "test ! -f {root}/breaks || exit 7; echo 42") -> Path:
    """The lab has an observation that is as expected; the next time it breaks if the file `breaks` is there."""
    lab = write_lab(checkout.labs, script=script.format(root=checkout.root))
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    assert len(list(checkout.record.rglob("*.json"))) == 1
    return lab


def test_what_breaks_with_fresh_is_broken_though_it_was_measured_before(checkout: Checkout) -> None:
    measured_before(checkout)
    (checkout.root / "breaks").touch()
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert done.returncode == 1, done.stdout
    assert re.search(r"^9\.1-a +inconclusive +! ", done.stdout, re.MULTILINE)
    assert f"tiny[{NEWEST}] is broken: the lab failed\n  | the number could not be printed\n" in done.stdout
    assert "as expected" in done.stdout
    assert "all as expected" not in done.stdout
    # What was seen before stays true of these inputs, for whoever does not ask for another measurement.
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0


def test_a_build_that_fails_with_fresh_is_broken_too(checkout: Checkout) -> None:
    measured_before(checkout, "test ! -f {root}/breaks || go build -o x nowhere.go || exit; echo 42")
    (checkout.root / "breaks").touch()
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert done.returncode == 1
    assert f"tiny[{NEWEST}] is broken: the lab failed" in done.stdout
    assert "nowhere.go" in done.stdout


def test_a_worker_that_dies_leaves_a_broken_trial(checkout: Checkout) -> None:
    lab = write_lab(checkout.labs)
    source = (lab / "lab.py").read_text()
    dies = (
        f"    import os\n    if os.path.exists({str(checkout.root / 'breaks')!r}):\n        os.kill(os.getpid(), 9)\n"
    )
    (lab / "lab.py").write_text(source.replace("    done = bench.run", dies + "    done = bench.run"))
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    (checkout.root / "breaks").touch()
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"tiny[{NEWEST}] is broken: the lab failed" in done.stdout
    assert "the process that measured it was killed or crashed" in done.stdout


def test_pytest_alone_says_so_too(folder: LabsFolder) -> None:
    write_lab(folder.labs, script=f"test ! -f {folder.root}/breaks || exit 7; echo 42")
    assert folder.properties() == {"source": "measured", "9.1-a": "holds"}
    (folder.root / "breaks").touch()
    done = folder.pytest("labs", "--fresh")
    assert done.returncode == 1
    assert f"the lab is broken: tiny[{NEWEST}]" in done.stdout
    assert folder.properties() == {"source": "record", "9.1-a": "holds"}


# Sources that are edited while a trial runs


@pytest.mark.parametrize("name", ["main.go", "lab.py"])
def test_a_source_edited_during_fresh_files_nothing(checkout: Checkout, name: str) -> None:
    lab = write_lab(checkout.labs, script=WAITS.format(root=checkout.root))
    (lab / "main.go").write_text("package main // old\n")
    (checkout.root / "gate").touch()
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    before = {path: path.read_bytes() for path in checkout.record.rglob("*.json")}
    for file in ("gate", "begun"):
        (checkout.root / file).unlink()
    process = checkout.start_inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert eventually((checkout.root / "begun").exists)
    text = (lab / name).read_text()
    (lab / name).write_text(text.replace("old", "new") if name == "main.go" else text + "\n# edited\n")
    (checkout.root / "gate").touch()
    done = checkout.started.finish(process)
    assert done.returncode == 1, done.stdout + done.stderr
    shown = lab.relative_to(checkout.root) / name
    assert f"{shown} changed after it was read for this trial, so nobody knows what was measured" in done.stdout
    assert {path: path.read_bytes() for path in checkout.record.rglob("*.json")} == before
    again = checkout.inv("lab.tiny", *ON_LOCAL)
    assert again.returncode == 0
    assert f"✔ tiny[{NEWEST}]" in again.stderr, "the edited one was not measured"


# A record that takes nothing


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k,nr_inodes=1k,mode=0755", "claimlab-test", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system needs root, and mount(8)")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def with_record(checkout: Checkout, place: Path) -> None:
    settings = checkout.root / "claimlab.toml"
    text = settings.read_text()
    assert f'"{checkout.record}"' in text
    settings.write_text(text.replace(f'"{checkout.record}"', f'"{place}/record"'))


def test_a_record_that_cannot_be_written_stops_before_the_first_trial(checkout: Checkout, disk: Path) -> None:
    with_record(checkout, disk)
    write_lab(checkout.labs, script=f"touch {checkout.root}/ran; echo 42")
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    (checkout.root / "ran").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"The record {disk}/record cannot be written to: Read-only file system." in done.stderr
    assert "as expected" not in done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert not (checkout.root / "ran").exists()
    # Reading needs no more than that it can be read.
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0


def test_a_full_disk_stops_before_the_first_trial(checkout: Checkout, disk: Path) -> None:
    with_record(checkout, disk)
    write_lab(checkout.labs)
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    fill(disk / "full")
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"The record {disk}/record cannot be written to: No space left on device." in done.stderr
    assert "as expected" not in done.stdout


def test_a_disk_that_fills_during_a_trial_breaks_it(checkout: Checkout, disk: Path) -> None:
    with_record(checkout, disk)
    write_lab(checkout.labs, script=WAITS.format(root=checkout.root))
    (checkout.root / "gate").touch()
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    for file in ("gate", "begun"):
        (checkout.root / file).unlink()
    process = checkout.start_inv("lab.tiny", *ON_LOCAL, "--fresh")
    assert eventually((checkout.root / "begun").exists)
    fill(disk / "full")
    (checkout.root / "gate").touch()
    done = checkout.started.finish(process)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"tiny[{NEWEST}] is broken: the lab failed" in done.stdout
    assert f"could not be written to the record {disk}/record: No space left on device" in done.stdout
    assert "all as expected" not in done.stdout
    (disk / "full").unlink()
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as opened:
        try:
            while True:
                opened.write(b"\0" * 4096)
        except OSError:
            pass


# What lies in the record under another trial's name


def test_an_observation_of_another_release_is_not_believed(checkout: Checkout) -> None:
    """Before, it was, and turned the verdict; now it is set aside, which is said, and the trial is measured again."""
    write_lab(checkout.labs, script="echo 41", expected="fails")
    assert checkout.inv("lab.tiny", *ON_LOCAL).returncode == 0
    (path,) = checkout.record.rglob("*.json")
    ours = msgspec.json.decode(path.read_bytes(), type=Observation)
    others = replace(ours, toolchain="1.26.6", seen=msgspec.Raw(b'{"number":42}'), digest="")
    path.write_bytes(msgspec.json.encode(replace(others, digest=digest_of(others))))
    shown = checkout.inv("verdicts", *ON_LOCAL)
    assert re.search(r"^9\.1-a +(pending|inconclusive) ", shown.stdout, re.MULTILINE), shown.stdout
    done = checkout.inv("lab.tiny", *ON_LOCAL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"tiny[{NEWEST}]: what was recorded is damaged, or of another trial; it was set aside as" in done.stderr
    assert f"✔ tiny[{NEWEST}]" in done.stderr
