"""What a module requires, from the user's module cache, as the ``vendor`` that ``go mod vendor`` would make of it.

Nothing is fetched, and no go command is run: the cache is read where it lies. Only the packages that the module's own
sources import, and those that these import, are taken; a test compares them with what ``go mod vendor`` takes.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from claimlab.project.errors import Refused
from claimlab.questions.constraints import may_be_built

VENDOR: Final = "vendor"
LISTED: Final = f"{VENDOR}/modules.txt"
_OF_MODULES: Final = ("go.mod", "go.sum", "go.work")
"""What ``vendor`` has none of."""
_IMPORTS: Final = re.compile(r"^import[ \t]*(?:\(([^)]*)\)|(.*))$", re.MULTILINE)
_PATH: Final = re.compile(r"(?:^|;)[ \t]*(?:[\w.]+[ \t]+)?(?:\"([^\"\n]+)\"|`([^`\n]+)`)", re.MULTILINE)
_COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_UPPER: Final = re.compile(r"[A-Z]")
Take = Callable[[Path, str], bytes]
"""Reads a file, which is from then on one of the sources under that name."""


@dataclass(frozen=True)
class Module:
    """One that is required, and where it comes from."""

    path: str
    version: str
    folder: Path
    """Where it lies, if it does."""
    line: str
    """How ``vendor/modules.txt`` names it."""

    @cached_property
    def language(self) -> str:
        """The version that its go.mod declares; empty if it declares none."""
        file = self.folder / "go.mod"
        words = directives(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else ()
        return next((one[1] for one in words if one[0] == "go" and len(one) > 1), "")

    def package(self, path: str) -> Path | None:
        """The folder of the package of that import path; None if the module has no Go files there."""
        below = self.folder / path.removeprefix(self.path).lstrip("/")
        return below if any(one.suffix == ".go" for one in _files_in(below)) else None


@dataclass(frozen=True)
class Vendored:
    """The packages of other modules that a module needs."""

    modules: Mapping[str, Module]
    """By path, those that go.mod requires."""
    replaced: list[str]
    """A line for each replacement that go.mod has."""
    taken: dict[str, set[str]] = field(default_factory=dict)
    """By module, the import paths of its packages that are needed."""

    def add_all(self, wanted: Iterable[str], take: Take, is_source: Callable[[str], bool]) -> None:
        """These packages are taken, and what they import in turn; :class:`Refused` if one is in no cache."""
        waiting = sorted(wanted)
        known: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in known or (found := self._provider(path)) is None:
                continue
            known.add(path)
            module, folder = found
            self.taken.setdefault(module.path, set()).add(path)
            for file in _files_in(folder):
                if is_source(file.name) and _takes_part(file):
                    text = take(file, f"{VENDOR}/{path}/{file.name}").decode("utf-8", "replace")
                    waiting += imports(file.name, text)

    def _provider(self, path: str) -> tuple[Module, Path] | None:
        """The module that has a package, and where; None for the standard library, and for what no module has: that
        the go command will say."""
        parts = PurePosixPath(path).parts
        prefixes = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
        candidates = [self.modules[one] for one in prefixes if one in self.modules]
        for module in candidates:
            if folder := module.package(path):
                return module, folder
        missing = [one for one in candidates if not one.folder.is_dir()]
        if missing:
            first = missing[0]
            raise Refused(
                f"The module needs {' '.join((first.path, first.version)).strip()}: it is not in vendor/, and not in "
                f"{first.folder}.",
                "Run go mod download, or go mod vendor.",
            )
        return None

    def listed(self) -> str:
        """``vendor/modules.txt``: every module that go.mod requires has to stand there (cmd/go/internal/modload,
        checkVendorConsistency)."""
        lines = []
        for path, module in sorted(self.modules.items()):
            packages = sorted(self.taken.get(path, ()))
            language = f"; go {module.language}" if packages and module.language else ""
            lines += [f"# {module.line}", f"## explicit{language}", *packages]
        return "\n".join([*lines, *self.replaced]) + "\n"


def vendored(go_mod: str, root: Path) -> Vendored:
    """What a go.mod requires, of which nothing has been taken yet."""
    required: dict[str, str] = {}
    replaced: dict[tuple[str, str], tuple[str, str]] = {}
    for verb, *words in directives(go_mod):
        if verb == "require" and len(words) > 1:
            required[words[0]] = words[1]
        elif verb == "replace" and "=>" in words[1:-1]:
            arrow = words.index("=>")
            old, new = words[:arrow], words[arrow + 1 :]
            replaced[old[0], "".join(old[1:])] = (new[0], "".join(new[1:]))
    modules = {}
    for path, version in required.items():
        instead = replaced.get((path, version)) or replaced.get((path, ""))
        line = f"{path} {version}" + (f" => {' '.join(instead).strip()}" if instead else "")
        modules[path] = Module(path, version, _folder(instead or (path, version), root), line)
    shown = {module.line for module in modules.values()}
    every = [" ".join(filter(None, (*old, "=>", *new))) for old, new in replaced.items()]
    return Vendored(modules, [f"# {line}" for line in every if line not in shown])


def directives(go_mod: str) -> Iterator[list[str]]:
    """The lines of a go.mod as words, those of a block with its verb before them."""
    block = ""
    for line in go_mod.splitlines():
        words = line.partition("//")[0].replace("(", " ( ").replace(")", " ) ").replace('"', "").split()
        if words == [")"]:
            block = ""
        elif words[1:] == ["("]:
            block = words[0]
        elif words:
            yield [block, *words] if block else words


def imports(name: str, text: str) -> list[str]:
    """The import paths of a Go file that takes part in a build on some bench; none of any other file."""
    if not name.endswith(".go") or not may_be_built(name, text):
        return []
    plain = _COMMENT.sub(" ", text)
    return [
        quoted or raw for block, single in _IMPORTS.findall(plain) for quoted, raw in _PATH.findall(block or single)
    ]


def cache_folder() -> Path:
    """The user's module cache, as ``go env GOMODCACHE`` has it."""
    if given := _setting("GOMODCACHE"):
        return Path(given)
    paths = [one for one in _setting("GOPATH").split(os.pathsep) if one]
    return (Path(paths[0]) if paths else Path.home() / "go") / "pkg" / "mod"


def _setting(name: str) -> str:
    """From the environment, or as ``go env -w`` has written it."""
    if given := os.environ.get(name):
        return given
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    file = Path(os.environ.get("GOENV") or config / "go" / "env")
    if not file.is_file():
        return ""
    lines = (line.partition("=") for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")


def _folder(module: tuple[str, str], root: Path) -> Path:
    """Of a version in the cache; a module without one is a folder that stands in the place of another."""
    path, version = module
    if not version:
        return root / path
    return cache_folder() / f"{_escaped(path)}@{_escaped(version)}"


def _escaped(name: str) -> str:
    """As the cache spells it, for file systems that do not tell cases apart (golang.org/x/mod/module: EscapePath)."""
    return _UPPER.sub(lambda letter: f"!{letter[0].lower()}", name)


def _takes_part(file: Path) -> bool:
    """It would lie in ``vendor``, and a bench may build it."""
    if file.name in _OF_MODULES:
        return False
    return file.suffix != ".go" or may_be_built(file.name, file.read_text(encoding="utf-8", errors="replace"))


def _files_in(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []
