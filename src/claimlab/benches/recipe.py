"""What goes into an image, and the hash of it that is the image's tag."""

import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from claimlab.project.files import digest
from claimlab.project.places import DOCKER, STATE
from claimlab.toolchains.flags import warm_script
from claimlab.toolchains.toolchain import Release

REPOSITORY: Final = "claimlab"
REGISTRY_BASE: Final = ("debian", "bookworm-slim")
TOOLS_STATE: Final = STATE / "tools-image.json"
"""Which tools image the Go images stand on: written when it is made, so that planning needs no daemon."""
FACTS: Final = STATE / "images"


@dataclass(frozen=True)
class Tools:
    """The shared image: the hash of its recipe, and the identity of what came out."""

    recipe: str
    identity: str
    """Hash over the digests of its layers: two images with equal files have equal identities."""

    @property
    def tag(self) -> str:
        return f"{REPOSITORY}/tools:{self.identity[:16]}"


def packages(folder: Path = DOCKER) -> list[str]:
    return (folder / "packages").read_text().split()


def tools_recipe(folder: Path = DOCKER) -> str:
    names = ("tools.Dockerfile", "packages", "bootstrap")
    return digest("tools", *((folder / name).read_bytes() for name in names), *REGISTRY_BASE)


def known_tools(state: Path = TOOLS_STATE, folder: Path = DOCKER) -> Tools | None:
    """The tools image made here last, unless its recipe has changed since."""
    if not state.is_file():
        return None
    try:
        tools = Tools(**json.loads(state.read_text()))
    except (ValueError, TypeError):
        return None
    return tools if tools.recipe == tools_recipe(folder) else None


def release_hash(release: Release, tools: Tools, folder: Path = DOCKER) -> str:
    dockerfile = (folder / "Dockerfile").read_bytes()
    return digest("go", dockerfile, tools.identity, release.version, release.sha256(), warm_script(release))


def release_tag(release: Release, tools: Tools, folder: Path = DOCKER) -> str:
    return f"{REPOSITORY}/go:{release.version}-{release_hash(release, tools, folder)[:16]}"


def layers_identity(layers: Sequence[str]) -> str:
    return digest(*layers)


def known_facts(tag: str, folder: Path = FACTS) -> dict[str, Any]:
    """What was found in an image when it was built: its id, gdb's version, every package with its version."""
    path = facts_path(tag, folder)
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def facts_path(tag: str, folder: Path = FACTS) -> Path:
    return folder / f"{tag.replace('/', '_').replace(':', '_')}.json"


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
