"""Files that appear whole, and the hash that names what they hold."""

import hashlib
import os
import tempfile
from pathlib import Path


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
