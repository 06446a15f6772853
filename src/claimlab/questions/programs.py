"""Programs that have a type, or a function, in them: a linker keeps only what is used."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher, get_close_matches
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
_NEAR: Final = 3
_DECLARATION: Final = re.compile(
    r"^(?:type|func)[ \t]+(?:\([ \t]*(?:\w+[ \t]+)?(?P<star>\*?)(?P<of>\w+)[^)\n]*\)[ \t]*)?(?P<name>\w+)", re.MULTILINE
)
_EXPORTED: Final = re.compile(r"^(func|type) ([A-Z]\w*)(?!\w*\[)", re.MULTILINE)
_MADE_FOR: Final = re.compile(r"\[.*\]")
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
    """It is the sources that the question is about, and nothing else."""


def own_files(bench: Bench) -> dict[str, bytes]:
    """The sources that the question is about."""
    return {name.removeprefix(SOURCES): text for name, text in bench.files.items() if name.startswith(SOURCES)}


def programs_with(question: Question, bench: Bench, name: str, kept: Callable[[str], Kept]) -> Iterator[Program]:
    """Programs in which something of that name may be, the likeliest first; `kept` says how it is kept."""
    files = own_files(bench)
    package, named = split(name, files)
    if files:
        if package == import_path(files, question.package):
            yield _with_kept(files, question.package, kept(named.replace(f"{package}.", "")))
        elif _is_exported(named):
            yield _with_kept(files, question.package, kept(subject(named)), package)
        yield replace(_with_kept(files, question.package, None), is_own=True)
        return
    yield Program({"main.go": _EMPTY})
    if package and _is_exported(named):
        yield Program({"main.go": _importing(package, kept(subject(named)))})
    if package and (exported := _exported(bench, package)):
        yield Program({"main.go": _ALL.format(path=package, kept=exported).encode()})


def binaries_with(question: Question, bench: Bench, name: str, kept: Callable[[str], Kept]) -> Iterator[packages.Built]:
    """Of the programs of :func:`programs_with` those that build, each built when it is asked for; and the question's
    own sources if they do not. Whatever else does not build imports what is not there on this release, or is nobody's
    to import."""
    for number, program in enumerate(programs_with(question, bench, name, kept)):
        found = packages.build(
            bench, program.files, program.package, f"program{number}", arch=question.arch, tests=program.tests
        )
        if program.is_own or not found.refused:
            yield found


def split(name: str, files: Mapping[str, bytes]) -> tuple[str, str]:
    """The import path, and the name in that package: of ``net/http.(*Server).Serve`` and ``net/http.Server.mu``; a dot
    in the path's last part is known from the sources' own packages."""
    plain, bracket, arguments = name.partition("[")
    for own in sorted(_packages(files), key=len, reverse=True):
        if plain.startswith(f"{own}."):
            return own, name.removeprefix(f"{own}.")
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


def _packages(files: Mapping[str, bytes]) -> set[str]:
    """The import paths of all folders of a module that have Go files, those in ``vendor`` too."""
    folders = {PurePosixPath(name).parent.as_posix() for name in files if name.endswith(".go")}
    return {
        folder.removeprefix("vendor/") if folder.startswith("vendor/") else module_path(files, folder)
        for folder in folders
    }


def spelled(name: str, files: Mapping[str, bytes]) -> list[str]:
    """As the linker may spell it: a dot in an import path's last part is %2e (cmd/internal/objabi: PathToPrefix)."""
    package, named = split(name, files)
    path, slash, last = package.rpartition("/")
    return list(dict.fromkeys([name, f"{path}{slash}{last.replace('.', '%2e')}.{named}"])) if package else [name]


def package_name(files: Mapping[str, bytes], folder: str) -> str:
    """What the Go files of that folder declare; empty without any."""
    for name, text in sorted(files.items()):
        path = PurePosixPath(name)
        if path.parent == PurePosixPath(folder or ".") and path.suffix == ".go" and not name.endswith("_test.go"):
            return package_clause(text.decode("utf-8", "replace"))
    return ""


def has_tests(files: Mapping[str, bytes], folder: str) -> bool:
    """There are tests, or benchmarks, of the package in that folder."""
    return any(
        PurePosixPath(name).parent == PurePosixPath(folder or ".") and name.endswith("_test.go") for name in files
    )


def can_run(files: Mapping[str, bytes], folder: str) -> bool:
    """The package in that folder is a program, or has tests."""
    return package_name(files, folder) == "main" or has_tests(files, folder)


def package_clause(text: str) -> str:
    """The package that a Go file says it is of; empty if it does not."""
    found = _PACKAGE.search(text)
    return found[1] if found else ""


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


def _is_exported(named: str) -> bool:
    return re.match(r"(\(?\*?)?[A-Z]", named) is not None


def _with_kept(files: Mapping[str, bytes], folder: str, kept: Kept | None, imported: str = "") -> Program:
    """The package with a file more that keeps something of it, or of a package that it imports as `subject`."""
    package = package_name(files, folder)
    is_main = package == "main"
    added = {}
    if kept or not is_main:
        where = "" if folder in ("", ".") else f"{PurePosixPath(folder)}/"
        keeps = _KEEP.format(function="init", **asdict(kept)) if kept else ""
        head = f"package {package}\n\n" + (f'import subject "{imported}"\n\n' if imported else "")
        added[f"{where}claimlab_look{'' if is_main else '_test'}.go"] = (head + keeps).encode()
    return Program({**files, **added}, folder or ".", tests=not is_main)


def nearest(name: str, bench: Bench, folder: str, found: Iterable[str]) -> tuple[str, ...]:
    """Those of the names found, and of those that the module declares, first in that folder, whose own part, without
    the package's, is almost that of `name`; first those most like the whole name."""
    own: dict[str, list[str]] = {}
    files = own_files(bench)
    folders = [folder, *sorted({str(PurePosixPath(one).parent) for one in files if not one.startswith("vendor/")})]
    for one in dict.fromkeys([*(name for place in folders for name in _declared(files, place)), *found]):
        own.setdefault(_last(one), []).append(one)
    close = get_close_matches(_last(name), own, n=_NEAR, cutoff=0.7)
    full = [one for near in close for one in own[near] if one != name]
    return tuple(sorted(full, key=lambda one: -SequenceMatcher(None, name, one).ratio())[:_NEAR])


def _last(name: str) -> str:
    """The part of the name that is its own, without the types that it is made for."""
    return _MADE_FOR.sub("", name).rpartition(".")[2].lower()


def _declared(files: Mapping[str, bytes], folder: str) -> list[str]:
    """The types, functions and methods of that package, as the linker calls them."""
    texts = [text for name, text in files.items() if PurePosixPath(name).parent == PurePosixPath(folder or ".")]
    found = [match for text in texts for match in _DECLARATION.finditer(text.decode("utf-8", "replace"))]
    heads = [(match["of"] if not match["star"] else f"(*{match['of']})") if match["of"] else "" for match in found]
    names = [f"{head}.{match['name']}".lstrip(".") for head, match in zip(heads, found, strict=True)]
    return [f"{import_path(files, folder)}.{name}" for name in names]


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
