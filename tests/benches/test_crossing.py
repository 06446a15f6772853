"""What is read from a folder that a program may do anything to: real folders, links, pipes, and one that changes."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from claimlab.benches.crossing import NoFile, read


def test_a_file_is_read_whole_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(bytes(range(256)))
    assert read(str(tmp_path), "a/b", 256) == bytes(range(256))
    with pytest.raises(NoFile, match="it is 256 bytes long, and 255 may leave a bench"):
        read(str(tmp_path), "a/b", 255)


@pytest.mark.parametrize("name", ["", "/", "/etc/passwd", "..", "../x", "a/../x", "./x", "a//x", "a/"])
def test_a_name_leads_nowhere_but_down(tmp_path: Path, name: str) -> None:
    (tmp_path / "x").write_bytes(b"x")
    (tmp_path / "a").mkdir()
    with pytest.raises(NoFile, match="outside of the bench"):
        read(str(tmp_path), name, 100)


def test_what_is_there_instead_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "link").symlink_to("secret")
    (tmp_path / "away").symlink_to("/etc")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    said = {}
    for name in ("link", "away/passwd", "folder", "pipe", "nosuch", "secret/below"):
        with pytest.raises(NoFile) as refused:
            read(str(tmp_path), name, 100)
        said[name] = str(refused.value)
    assert said == {
        "link": "it is a symbolic link",
        "away/passwd": "away, on the way to it, is a symbolic link",
        "folder": "it is a folder",
        "pipe": "it is a pipe",
        "nosuch": "No such file or directory",
        "secret/below": "secret, on the way to it, is no folder",
    }


def test_a_device_is_never_read(tmp_path: Path) -> None:
    with pytest.raises(NoFile, match="it is a device"):
        read("/dev", "zero", 100)


@contextmanager
def meanwhile(*steps: Path) -> Iterator[None]:
    """Each of these stands in turn, again and again, in the place of the file ``answer`` beside it."""
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            for step in steps:
                spare = step.with_name("spare")
                if step.is_symlink():
                    spare.symlink_to(step.readlink())
                else:
                    os.link(step, spare)
                spare.replace(step.with_name("answer"))

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_program_that_changes_the_file_meanwhile_gets_nothing_across(tmp_path: Path) -> None:
    """Either the file is read or the link is refused; what the link leads to is never read."""
    (tmp_path / "outside").write_bytes(b"secret")
    inside = tmp_path / "bench"
    inside.mkdir()
    (inside / "good").write_bytes(b"good")
    (inside / "bad").symlink_to("../outside")
    (inside / "answer").write_bytes(b"good")
    seen = set()
    with meanwhile(inside / "good", inside / "bad"):
        for _ in range(3000):
            try:
                seen.add(read(str(inside), "answer", 100))
            except NoFile as refused:
                seen.add(str(refused).encode())
    assert b"good" in seen
    assert b"it is a symbolic link" in seen
    assert b"secret" not in seen


def test_a_file_that_grows_while_it_is_read_is_no_answer(tmp_path: Path) -> None:
    """/proc has files whose size is said to be 0."""
    with pytest.raises(NoFile, match="it grows while it is read, over the 10 bytes"):
        read("/proc/self", "status", 10)
