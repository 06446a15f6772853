"""Files are read in bounded time and space, whatever stands in their place."""

import os
from pathlib import Path

import pytest

from claimlab.project.files import read_regular


def test_a_file_is_read_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "file") == read_regular(tmp_path / "link") == b"content"


def test_where_nothing_is_nothing_is_found(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nothing")
    for name in ("nothing", "dangling"):
        with pytest.raises(FileNotFoundError):
            read_regular(tmp_path / name)


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("pipe", "endless", "."):
        with pytest.raises(OSError, match="is no regular file"):
            read_regular(tmp_path / name)
    with pytest.raises(OSError, match="symbolic links"):
        read_regular(tmp_path / "loop")


def test_a_limit_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_regular(path, 5) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read_regular(path, 4)
    with path.open("wb") as opened:
        opened.truncate(8 * 1024**3)
    with pytest.raises(OSError, match="larger than"):
        read_regular(path)
