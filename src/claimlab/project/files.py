"""Files that appear whole, and the hash that names what they hold."""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from claimlab.project.runs import current_run, is_over, run_in

Kept = TypeVar("Kept")
STATE_LIMIT_BYTES: Final = 64 * 1024**2
"""Of a file of claimlab's own; whatever is larger is none."""


Mark = tuple[int, int, int, int]
"""Of a file: see :func:`mark_of`."""


def mark_of(path: Path) -> Mark | None:
    """What no writing leaves alone: the time of the last change of the inode is the kernel's own, no program sets it
    (inode(7), ``st_ctime``). None if there is no file."""
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_dev, known.st_ino, known.st_size, known.st_ctime_ns


def users_cache() -> Path:
    """The user's folder for what can be made again (the XDG base directories); RuntimeError for who has no home."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "claimlab"


def digest(*parts: str | bytes) -> str:
    """SHA-256 of the parts; each is framed by its length, so that no two lists of parts are confused."""
    hashed = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        hashed.update(b"%d:" % len(raw) + raw)
    return hashed.hexdigest()


def unfinished(folder: Path) -> str:
    """What the name of something begins with that is being made in a folder of the user's or of the record; what killed
    runs left there of such things is removed."""
    _tidy(folder)
    return f".claimlab-{current_run()}-"


@cache
def _tidy(folder: Path) -> None:
    for left in folder.glob(".claimlab-*"):
        if is_over(run_in(left.name)):
            with contextlib.suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def write_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """The file has this content, and nobody has seen a part of it; a `durable` one survives a crash of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=unfinished(path.parent), delete=False) as scratch:
        try:
            scratch.write(content)
            scratch.flush()
            if durable:
                os.fsync(scratch.fileno())
            Path(scratch.name).chmod(0o644)
            Path(scratch.name).replace(path)
        except BaseException:
            Path(scratch.name).unlink()
            raise


class _Page(msgspec.Struct):
    """A kept file: what it holds, what that follows from, and a hash over both."""

    follows_from: str
    checksum: str
    holds: msgspec.Raw


def write_kept(path: Path, follows_from: str, holds: Any) -> None:
    """The file holds this, and by what it follows from it is found again."""
    raw = msgspec.json.encode(holds)
    write_whole(path, msgspec.json.encode(_Page(follows_from, digest(follows_from, raw), msgspec.Raw(raw))))


def read_kept(path: Path, follows_from: str, kind: type[Kept]) -> Kept | None:
    """What the file holds; None if it follows from something else, or is not as it was written: then it is to be made
    anew."""
    try:
        page = msgspec.json.decode(read_regular(path), type=_Page)
        if (page.follows_from, page.checksum) != (follows_from, digest(follows_from, bytes(page.holds))):
            return None
        return msgspec.json.decode(page.holds, type=kind)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):
        return None


def read_regular(path: Path, limit_bytes: int = STATE_LIMIT_BYTES) -> bytes:
    """The content of a file, in bounded time and space, whatever stands in its place.

    FileNotFoundError if there is none, or a link to nothing; another OSError, which says why, if it cannot be read, is
    larger, or is something else: a folder, a pipe that nobody writes to, a device without end.
    """
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # to open a pipe waits for who writes to it
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "is no regular file", str(path))
        with os.fdopen(opened, "rb", closefd=False) as file:
            content = file.read(limit_bytes + 1)
    finally:
        os.close(opened)
    if len(content) > limit_bytes:
        raise OSError(errno.EFBIG, f"is larger than {limit_bytes} bytes", str(path))
    return content
