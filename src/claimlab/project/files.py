"""Files that appear whole, and the hash that names what they hold."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Kept = TypeVar("Kept")


def digest(*parts: str | bytes) -> str:
    """SHA-256 of the parts; each is framed by its length, so that no two lists of parts are confused."""
    hashed = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        hashed.update(b"%d:" % len(raw) + raw)
    return hashed.hexdigest()


def write_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """The file has this content, and nobody has seen a part of it; a `durable` one survives a crash of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
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
        page = msgspec.json.decode(path.read_bytes(), type=_Page)
        if (page.follows_from, page.checksum) != (follows_from, digest(follows_from, bytes(page.holds))):
            return None
        return msgspec.json.decode(page.holds, type=kind)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):
        return None
