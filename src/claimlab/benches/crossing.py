"""Reads a file of a bench for who stands outside: a regular file, reached over no link, and not longer than it may be.

A program on the bench may have put anything in a file's place. The standard library is all this needs: in a container
it is a script for ``python3 -I -S -c``, and where the bench is a folder of this machine it is called.
"""

import os
import stat
import sys

_KINDS = {
    stat.S_IFDIR: "it is a folder",
    stat.S_IFIFO: "it is a pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
    stat.S_IFLNK: "it is a symbolic link",
}


class NoFile(Exception):
    """What lies there is no file that may cross; the words say what it is instead."""


def read(root: str, name: str, most_bytes: int) -> bytes:
    """The content of a regular file of at most so many bytes below `root`; :class:`NoFile` for whatever else is there.

    What is looked at is what is read: every folder on the way is opened from the one before it, and the file is asked
    what it is when it is open, so that a program that changes names meanwhile changes nothing.
    """
    parts = name.split("/")
    if not all(parts) or {".", ".."} & set(parts):
        raise NoFile("it would lie outside of the bench")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for number, part in enumerate(parts):
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
            try:
                opened = os.open(part, flags | (os.O_DIRECTORY if number < len(parts) - 1 else 0), dir_fd=at)
            except OSError as error:
                raise NoFile(_reason(at, part, error, last=number == len(parts) - 1)) from None
            os.close(at)
            at = opened
        return _content(at, most_bytes)
    finally:
        os.close(at)


def _content(file: int, most_bytes: int) -> bytes:
    seen = os.fstat(file)
    if not stat.S_ISREG(seen.st_mode):
        raise NoFile(_KINDS.get(stat.S_IFMT(seen.st_mode), "it is no regular file"))
    if seen.st_size > most_bytes:
        raise NoFile(f"it is {seen.st_size} bytes long, and {most_bytes} may leave a bench")
    found = bytearray()
    while chunk := os.read(file, min(1 << 20, most_bytes + 1 - len(found))):
        found += chunk
        if len(found) > most_bytes:
            raise NoFile(f"it grows while it is read, over the {most_bytes} bytes that may leave a bench")
    return bytes(found)


def _reason(folder: int, part: str, error: OSError, *, last: bool) -> str:
    try:
        kind = stat.S_IFMT(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return error.strerror or str(error)
    if not last and kind != stat.S_IFDIR:
        return f"{part}, on the way to it, is {'a symbolic link' if kind == stat.S_IFLNK else 'no folder'}"
    return _KINDS.get(kind) or error.strerror or str(error)


def main() -> None:
    """The file ``argv[2]`` below ``argv[1]`` stands on standard output, if it has at most ``argv[3]`` bytes; otherwise
    the reason stands on standard error, and the exit code is 1."""
    root, name, most_bytes = sys.argv[1:]
    try:
        content = memoryview(read(root, name, int(most_bytes)))
    except (NoFile, OSError) as error:
        sys.exit(str(error))
    while content:
        content = content[os.write(1, content) :]


if __name__ == "__main__":
    main()
