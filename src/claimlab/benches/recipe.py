"""What goes into an image, and the hash of it that is the image's tag."""

import re
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from filelock import FileLock

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import Mark, digest, mark_of, read_regular, write_whole
from claimlab.toolchains.needs import Needs, in_order, warm_script, wider
from claimlab.toolchains.toolchain import Release, Toolchain

Kept = TypeVar("Kept")
_IDENTITY: Final = re.compile("[0-9a-f]{64}")
_NO_TAG: Final = re.compile(r"[^\w.-]", re.ASCII)
_LABEL: Final = 32
"""Characters of an experiment in a tag, which may have 128 in all."""
REPOSITORY: Final = "claimlab"
GO: Final = f"{REPOSITORY}/go"
REGISTRY_BASE: Final = ("debian", "bookworm-slim")
RECIPES: Final = Path(str(files("claimlab"))) / "docker"
"""The Dockerfiles and what they need: a part of claimlab, wherever it is installed."""
_TOOLS: Final = ("tools.Dockerfile", "packages", "bootstrap")
"""What the tools image is made of."""


@dataclass(frozen=True)
class Tools:
    """The shared image: the hash of its recipe, and the identity of what came out."""

    recipe: str
    identity: str
    """Hash over the digests of its layers: two images with equal files have equal identities."""

    @property
    def tag(self) -> str:
        return f"{REPOSITORY}/tools:{self.identity[:16]}"


def packages(folder: Path = RECIPES) -> list[str]:
    return (folder / "packages").read_text(encoding="utf-8").split()


def tools_recipe(folder: Path = RECIPES) -> str:
    return digest("tools", *_contents(folder, *_TOOLS), *REGISTRY_BASE)


def release_hash(release: Release, tools: Tools, folder: Path = RECIPES) -> str:
    return digest("go", *_contents(folder, "Dockerfile"), tools.identity, release.version, release.sha256())


def _contents(folder: Path, *names: str) -> tuple[bytes, ...]:
    """Of these files. Every trial asks: they are read again when they were written to."""
    paths = _paths(folder, names)
    return _read_at(paths, tuple(map(mark_of, paths)))


@lru_cache
def _paths(folder: Path, names: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(folder / name for name in names)


@lru_cache
def _read_at(paths: tuple[Path, ...], _marks: tuple[Mark | None, ...]) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in paths)


def release_tag(release: Release, tools: Tools, folder: Path = RECIPES) -> str:
    return f"{GO}:{release.version}-{release_hash(release, tools, folder)[:16]}"


def image_tag(toolchain: Toolchain, needs: Needs, tools: Tools, folder: Path = RECIPES) -> str:
    """Of the image that has these compiled on that of the release, such as ``…-noswissmap.plain.race-<hash>``."""
    words = in_order(needs)
    scripts = [warm_script(toolchain.experiment, need) for need in words]
    hashed = digest("warm", (folder / "warm.Dockerfile").read_bytes(), *scripts)
    experiment = _NO_TAG.sub("_", toolchain.experiment)[:_LABEL]
    label = ".".join(filter(None, (experiment, *words)))
    return f"{release_tag(toolchain.release, tools, folder)}-{label}-{hashed[:16]}"


def images_for(toolchain: Toolchain, needs: Needs, tools: Tools) -> list[str]:
    """The tags of all images with at least these compiled, the smallest first: a bench may open on any of them."""
    return [image_tag(toolchain, more, tools) for more in wider(needs)]


def layers_identity(layers: Sequence[str]) -> str:
    return digest(*layers)


@dataclass(frozen=True)
class Notes:
    """What is known of the images made here, so that planning needs no daemon. They lie in the project's cache."""

    folder: Path
    recipes: Path = RECIPES

    def tools(self) -> Tools | None:
        """The tools image made last, unless its recipe has changed since, or the note is damaged."""
        tools = _tools_in(self._tools, mark_of(self._tools))  # every trial asks
        return tools if tools and _IDENTITY.fullmatch(tools.identity) and self._is_current(tools) else None

    def keep_tools(self, tools: Tools) -> None:
        _keep(self._tools, tools)

    def facts(self, tag: str) -> dict[str, Any]:
        """What was found in an image when it was built: its id, gdb's version, every package with its version.

        Empty if that is not known, or the note is damaged.
        """
        return _read(self._facts(tag), dict[str, str | dict[str, str]]) or {}

    def keep_facts(self, tag: str, facts: dict[str, Any]) -> None:
        _keep(self._facts(tag), facts)

    def first(self, tags: Iterable[str]) -> str:
        """The first of these whose image is known; empty if none is."""
        return next((tag for tag in tags if self.facts(tag)), "")

    @contextmanager
    def alone_with(self, tag: str) -> Iterator[None]:
        """Nobody else makes that image meanwhile, or says what is known of it."""
        with ExitStack() as held:
            with _noting(path := self._facts(tag)):
                path.parent.mkdir(parents=True, exist_ok=True)
                held.enter_context(FileLock(path.with_name(f"{path.name}.lock")))
            yield

    def drop(self, tag: str) -> None:
        """Nothing is known of that image, which is not there."""
        _remove(self._facts(tag))

    def tags(self) -> set[str]:
        """Of every image that anything is noted of."""
        tools = _read(self._tools, Tools)
        facts = (self.folder / "images").glob(f"{REPOSITORY}_go_*.json")
        return {path.stem.replace("_", "/", 1).replace("_", ":", 1) for path in facts} | (
            {tools.tag} if tools else set()
        )

    def forget(self) -> None:
        """Nothing is known of any image."""
        _remove(self._tools)
        _remove(self.folder / "images")

    def _is_current(self, tools: Tools) -> bool:
        return tools.recipe == tools_recipe(self.recipes)

    @cached_property
    def _tools(self) -> Path:
        return self.folder / "tools-image.json"

    def _facts(self, tag: str) -> Path:
        return self.folder / "images" / f"{tag.replace('/', '_').replace(':', '_')}.json"


def _read(path: Path, kind: type[Kept]) -> Kept | None:
    """What is noted there; None if nothing is, or nothing that can be read: it is found out again then."""
    try:
        return msgspec.json.decode(read_regular(path), type=kind)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):
        return None


@lru_cache
def _tools_in(path: Path, _mark: Mark | None) -> Tools | None:
    return _read(path, Tools)


def _keep(path: Path, note: object) -> None:
    """It is noted, in the place of whatever was there."""
    with _noting(path):
        if path.is_dir():
            _remove(path)
        write_whole(path, msgspec.json.format(msgspec.json.encode(note), indent=1))


@contextmanager
def _noting(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentMissing(
            f"What is known of an image cannot be kept: {error.strerror or error}: {error.filename or path}.",
            "The folder is the project's cache, and all in it can be made again: see who may write there.",
        ) from None


def _remove(path: Path) -> None:
    """Nothing is there any more; what a link leads to stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def pack_context(target: Path, files: dict[str, bytes], trees: dict[str, Path]) -> None:
    """A build context lies at `target`: owned by root, in a fixed order, so that equal inputs give equal layers."""

    def anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = 0
        return entry

    scratch = target.with_suffix(".part")
    with tarfile.open(target, "w") as archive:
        for name, content in sorted(files.items()):
            scratch.write_bytes(content)
            entry = anonymous(archive.gettarinfo(str(scratch), name))
            entry.mtime, entry.mode = 0, 0o644
            with scratch.open("rb") as opened:
                archive.addfile(entry, opened)
        for name, tree in sorted(trees.items()):
            archive.add(tree, name, filter=anonymous)
    scratch.unlink(missing_ok=True)
