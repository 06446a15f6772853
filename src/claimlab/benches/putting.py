"""Puts a file below a folder that a program may have filled with anything: through no link, and in nothing's place."""

import contextlib
import os
from pathlib import PurePosixPath

from claimlab.project.errors import LabBroken


def write(root: str, name: str, content: bytes, owner: int) -> None:
    """The file lies below `root`, anew, and is the owner's, like every folder that had to be made for it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise LabBroken(f"files could not be put on the bench: {name} lies outside it")
    *folders, last = path.parts
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o755, dir_fd=at)
                os.chown(folder, owner, -1, dir_fd=at, follow_symlinks=False)
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        with contextlib.suppress(FileNotFoundError):
            os.unlink(last, dir_fd=at)
        file = os.open(last, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o755, dir_fd=at)
        with os.fdopen(file, "wb") as opened:
            os.fchmod(file, 0o755)
            os.fchown(file, owner, -1)
            opened.write(content)
    except OSError as error:
        raise LabBroken(f"files could not be put on the bench: {name} ({error.strerror})") from None
    finally:
        os.close(at)
