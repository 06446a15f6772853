"""Where an archive can be written, and from where it can be read."""

import os
from pathlib import Path

import pytest
from tests.records import WHERES, filled, observed, written

from claimlab.cli.records import refuse_target
from claimlab.project.errors import Refused
from claimlab.trials import archive as archives


def test_a_name_too_long_for_an_archive_is_a_sentence(tmp_path: Path) -> None:
    where = ("\u9898" * 60, "1.27.3", "local")
    with pytest.raises(Refused, match="or that is too long"):
        written(filled(tmp_path / "record", observed(where)), tmp_path / "sent.tar.gz")


def test_only_a_file_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path, tmp_path / "pipe", tmp_path / "nowhere" / "sent.tar.gz", Path("/dev/null")):
        with pytest.raises(Refused):
            refuse_target(target)
    refuse_target(tmp_path / "sent.tar.gz")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="is no file"):
        archives.read(tmp_path / "pipe")


def test_no_archive_is_written_that_could_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MANIFEST_LIMIT_BYTES", 500)
    with pytest.raises(Refused, match="observations are too many for one archive"):
        written(filled(tmp_path / "record", observed(WHERES[0])), tmp_path / "sent.tar.gz")
    assert not list(tmp_path.glob("*sent*")) and not list(tmp_path.glob(".claimlab-*"))
