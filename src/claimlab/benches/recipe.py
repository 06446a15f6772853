"""What goes into an image, and the hash of it that is the image's tag."""

import json
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from claimlab.project.files import digest
from claimlab.toolchains.flags import warm_script
from claimlab.toolchains.toolchain import Release

REPOSITORY: Final = "claimlab"
REGISTRY_BASE: Final = ("debian", "bookworm-slim")
RECIPES: Final = Path(str(files("claimlab"))) / "docker"
"""The Dockerfiles and what they need: a part of claimlab, wherever it is installed."""


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
    names = ("tools.Dockerfile", "packages", "bootstrap")
    return digest("tools", *((folder / name).read_bytes() for name in names), *REGISTRY_BASE)


def release_hash(release: Release, tools: Tools, folder: Path = RECIPES) -> str:
    dockerfile = (folder / "Dockerfile").read_bytes()
    return digest("go", dockerfile, tools.identity, release.version, release.sha256(), warm_script(release))


def release_tag(release: Release, tools: Tools, folder: Path = RECIPES) -> str:
    return f"{REPOSITORY}/go:{release.version}-{release_hash(release, tools, folder)[:16]}"


def layers_identity(layers: Sequence[str]) -> str:
    return digest(*layers)


@dataclass(frozen=True)
class Notes:
    """What is known of the images made here, so that planning needs no daemon. They lie in the project's cache."""

    folder: Path
    recipes: Path = RECIPES

    def tools(self) -> Tools | None:
        """The tools image made last, unless its recipe has changed since."""
        try:
            tools = Tools(**json.loads(self._tools.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return tools if tools.recipe == tools_recipe(self.recipes) else None

    def keep_tools(self, tools: Tools) -> None:
        self._tools.write_text(json.dumps(asdict(tools)), encoding="utf-8")

    def facts(self, tag: str) -> dict[str, Any]:
        """What was found in an image when it was built: its id, gdb's version, every package with its version."""
        path = self._facts(tag)
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def keep_facts(self, tag: str, facts: dict[str, Any]) -> None:
        path = self._facts(tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(facts, indent=1), encoding="utf-8")

    def forget(self) -> None:
        """Nothing is known of any image."""
        self._tools.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "images", ignore_errors=True)

    @property
    def _tools(self) -> Path:
        return self.folder / "tools-image.json"

    def _facts(self, tag: str) -> Path:
        return self.folder / "images" / f"{tag.replace('/', '_').replace(':', '_')}.json"


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
