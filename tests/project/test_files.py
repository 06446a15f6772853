"""Files are read in bounded time and space, whatever stands in their place."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from claimlab.project.files import read_regular, write_whole
from claimlab.project.runs import current_run

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from claimlab.project.files import unfinished, write_whole
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
folder = Path(sys.argv[1])
(folder / (unfinished(folder) + "folder")).mkdir()
write_whole(folder / "file", b"content")
"""


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


def test_what_a_killed_run_was_writing_is_gone_when_the_next_writes_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAIMLAB_RUN", raising=False)
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    (mine := tmp_path / f".claimlab-{current_run()}-mine").write_bytes(b"of one that lives")
    write_whole(tmp_path / "file", b"content")
    assert sorted(tmp_path.iterdir()) == [mine, tmp_path / "file"]
