"""Programs that have a type, or a function, in them: a linker keeps only what is used."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Final

from claimlab.benches.bench import Bench
from claimlab.instruments import packages
from claimlab.questions.question import Question

SOURCES: Final = "src/"
"""What the names of a question's own files begin with on its bench."""
_EMPTY: Final = b"package main\n\nfunc main() {}\n"
_KEEP: Final = """\
//go:noinline
func claimlabKeep(kept {type}) {type} {{ return kept }}

func {function}() {{ claimlabKeep({value}) }}
"""
"""The linker describes the types of functions' parameters. That of a value that becomes an interface is in no DWARF of
Go 1.21."""
_ALL: Final = """\
package main

import (
	"os"
	"reflect"
	subject "{path}"
)

func main() {{
	for _, one := range []any{{
{kept}	}} {{
		value := reflect.ValueOf(one)
		value.MethodByName(os.Args[0])
	}}
}}
"""
"""A method that is called by a name from outside keeps those of all types (cmd/link/internal/ld/deadcode.go)."""
_EXPORTED: Final = re.compile(r"^(func|type) ([A-Z]\w*)(?!\w*\[)", re.MULTILINE)
_PACKAGE: Final = re.compile(r"^package\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """A parameter's type and a value of it, which keep something in a program."""

    type: str
    value: str


@dataclass(frozen=True)
class Program:
    """A package to build."""

    files: Mapping[str, bytes]
    package: str = "."
    tests: bool = False
    """It is no main package, so its test program is built."""
    is_own: bool = False
    """It is of the sources that the question is about."""

    def build(self, bench: Bench, name: str, arch: str) -> packages.Built:
        """It was built for that GOARCH, or does not build."""
        return packages.build(bench, self.files, self.package, name, arch=arch, tests=self.tests)


def own_files(bench: Bench) -> dict[str, bytes]:
    """The sources that the question is about."""
    return {name.removeprefix(SOURCES): text for name, text in bench.files.items() if name.startswith(SOURCES)}


def programs_with(question: Question, bench: Bench, name: str, kept: Callable[[str], Kept]) -> Iterator[Program]:
    """Programs in which something of that name may be, the likeliest first; `kept` says how it is kept."""
    package, named = split(name)
    if files := own_files(bench):
        is_own = package == import_path(files, question.package)
        yield _with_kept(files, question.package, kept(named) if is_own else None)
        return
    yield Program({"main.go": _EMPTY})
    if package and re.match(r"(\(?\*?)?[A-Z]", named):
        yield Program({"main.go": _importing(package, kept(subject(named)))})
    if package and (exported := _exported(bench, package)):
        yield Program({"main.go": _ALL.format(path=package, kept=exported).encode()})


def split(name: str) -> tuple[str, str]:
    """The import path, and the name in that package: of ``net/http.(*Server).Serve`` and ``net/http.Server.mu``."""
    plain, bracket, arguments = name.partition("[")
    path, slash, last = plain.rpartition("/")
    package, dot, named = last.partition(".")
    return (f"{path}{slash}{package}", named + bracket + arguments) if dot else ("", name)


def import_path(files: Mapping[str, bytes], folder: str) -> str:
    """What the linker calls the package in that folder: ``main``, or its import path."""
    return "main" if package_name(files, folder) == "main" else module_path(files, folder)


def module_path(files: Mapping[str, bytes], folder: str) -> str:
    """The import path of that folder."""
    module = re.search(r"^module[ \t]+(\S+)", files.get("go.mod", b"").decode("utf-8", "replace"), re.MULTILINE)
    where = "" if folder in ("", ".") else f"/{PurePosixPath(folder)}"
    return f"{module[1] if module else packages.MODULE}{where}"


def package_name(files: Mapping[str, bytes], folder: str) -> str:
    """What the Go files of that folder declare; empty without any."""
    for name, text in sorted(files.items()):
        path = PurePosixPath(name)
        if path.parent == PurePosixPath(folder or ".") and path.suffix == ".go" and not name.endswith("_test.go"):
            found = _PACKAGE.search(text.decode("utf-8", "replace"))
            return found[1] if found else ""
    return ""


def in_full(given: str, files: Mapping[str, bytes], folder: str) -> str:
    """What somebody calls ``T``, ``f`` or ``package.T`` of their own package, with its import path; anything else as it
    is."""
    if not files:
        return given
    head, _, rest = given.partition(".")
    if rest and head == package_name(files, folder):
        return f"{import_path(files, folder)}.{rest}"
    is_own = "/" not in given and (given.startswith("(") or declares(files, folder, head))
    return f"{import_path(files, folder)}.{given}" if is_own else given


def declares(files: Mapping[str, bytes], folder: str, named: str) -> bool:
    """The package in that folder declares a type or a function of that name."""
    name = re.escape(named.partition("[")[0])
    pattern = re.compile(rf"^(?:(?:type|func)[ \t]+{name}\b|\t{name}\b[^:=(\n]*\S)", re.MULTILINE)
    texts = [text for name, text in files.items() if PurePosixPath(name).parent == PurePosixPath(folder or ".")]
    return any(pattern.search(text.decode("utf-8", "replace")) for text in texts)


def _with_kept(files: Mapping[str, bytes], folder: str, kept: Kept | None) -> Program:
    """The package with a file more that keeps something of it."""
    package = package_name(files, folder)
    is_main = package == "main"
    added = {}
    if kept or not is_main:
        where = "" if folder in ("", ".") else f"{PurePosixPath(folder)}/"
        keeps = _KEEP.format(function="init", **asdict(kept)) if kept else ""
        added[f"{where}claimlab_look{'' if is_main else '_test'}.go"] = f"package {package}\n\n{keeps}".encode()
    return Program({**files, **added}, folder or ".", tests=not is_main, is_own=True)


def subject(named: str) -> str:
    """The name, of a package that is imported as `subject`: ``(*subject.Map).Load``."""
    return re.sub(r"^(\(?\*?)", r"\1subject.", named)


def _importing(path: str, kept: Kept) -> bytes:
    head = f'package main\n\nimport subject "{path}"\n\n'
    return (head + _KEEP.format(function="main", **asdict(kept))).encode()


def _exported(bench: Bench, path: str) -> str:
    """The package's exported types and functions as elements of a list; empty if there is no such package."""
    said = bench.run(["go", "doc", "-short", path], step="housekeeping")
    found = _EXPORTED.findall(said.text().replace("    ", "")) if said.exit_code == 0 else []
    elements = [f"(*subject.{name})(nil)" if kind == "type" else f"subject.{name}" for kind, name in found]
    return "".join(f"\t\t{element},\n" for element in elements)
