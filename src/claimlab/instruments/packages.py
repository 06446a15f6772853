"""A package of somebody's module, as it lies on their disk, built on the bench.

Its go.mod decides what language it is in, unless that is newer than the toolchain. What it imports comes from its own
module or from ``vendor``: nothing is fetched. That it does not build is an answer.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

import msgspec
from packaging.version import Version

from claimlab.benches.bench import Bench
from claimlab.instruments.builds import refusal
from claimlab.instruments.gobuild import Binary, built, flag_set
from claimlab.toolchains.flags import Flags
from claimlab.toolchains.toolchain import Toolchain

MODULE: Final = "claimlab/program"
"""The module of sources that have no go.mod."""
_GO: Final = re.compile(r"^go[ \t]+(?P<version>[0-9][^\s/]*)[^\n]*\n?", re.MULTILINE)
_TOOLCHAIN: Final = re.compile(r"^toolchain[ \t][^\n]*\n?", re.MULTILINE)
"""The two lines of go.mod that a toolchain may refuse (https://go.dev/ref/mod#go-mod-file-go)."""
PROGRAM: Final = "program"
"""What is built is called so, if nobody says otherwise."""
_IN_FOLDER: Final = 'cd "$1" && shift && exec "$@"'
_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)*")


class Built(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What became of a package."""

    binary: str = ""
    """Its name on the bench; empty if it does not build."""
    refused: str = ""
    """What the go command or the compiler had to say then."""
    notes: tuple[str, ...] = ()
    """What had to be done to build it, for who reads the answer."""


def put(bench: Bench, files: Mapping[str, bytes], name: str) -> tuple[str, ...]:
    """The module lies in ``<name>.src``; what had to be changed for this toolchain.

    Files without a go.mod become a module that declares the toolchain's own language version.
    """
    declared = files.get("go.mod", f"module {MODULE}\n\ngo {bench.toolchain.language}\n".encode())
    text, notes = understood(declared.decode("utf-8", "replace"), bench.toolchain)
    bench.put({f"{name}.src/{file}": content for file, content in {**files, "go.mod": text.encode()}.items()})
    return notes


def understood(go_mod: str, toolchain: Toolchain) -> tuple[str, tuple[str, ...]]:
    """The go.mod with a language version that the toolchain knows, and what was changed."""
    found = _GO.search(go_mod)
    numbers = _NUMBERS.match(found["version"]) if found else None
    if found is None or numbers is None or Version(numbers[0]) <= toolchain.go:
        return _TOOLCHAIN.sub("", go_mod), ()
    lowered = go_mod[: found.start()] + f"go {toolchain.language}\n" + go_mod[found.end() :]
    return _TOOLCHAIN.sub("", lowered), (f"go.mod says go {found['version']}; built as go {toolchain.language}",)


def build(
    bench: Bench,
    files: Mapping[str, bytes],
    package: str = ".",
    name: str = PROGRAM,
    *,
    flags: Flags = "plain",
    arch: str = "",
    gcflags: str = "",
    tests: bool = False,
    timeout_s: float = 300.0,
) -> Built:
    """The package in that folder of the module is a program, or with `tests` its tests and benchmarks are.

    `arch` is a GOARCH, the machine's own if it is empty. `gcflags` are for this package alone.
    """
    notes = put(bench, files, name)
    options, env = flag_set(bench.toolchain, flags, gcflags)
    env = env | ({"GOARCH": arch} if arch else {})
    verb = ("test", "-C", f"{name}.src", "-c") if tests else ("build", "-C", f"{name}.src")
    where = f"./{PurePosixPath(package)}"
    output = "/".join([*(".." for _ in PurePosixPath(name).parts), name])
    command = ["go", *verb, *options, "-o", output, where]
    done = bench.run(command, step="build", env=env, timeout_s=timeout_s)
    refused = refusal(done, "the build came to no answer")
    return Built(refused=refused, notes=notes) if refused else Built(built(bench, name).name, notes=notes)


def in_folder(package: str, binary: str, *args: str, name: str = PROGRAM) -> list[str]:
    """The command that runs a binary of the bench in the folder of the package, where `go test` runs tests and
    benchmarks (go help test). The sources lie in ``<name>.src``."""
    folder = PurePosixPath(f"{name}.src", package)
    return ["sh", "-c", _IN_FOLDER, "sh", str(folder), "/".join([".."] * len(folder.parts)) + f"/{binary}", *args]


def binary_of(bench: Bench, found: Built) -> Binary:
    """The binary of a package that was built."""
    return Binary(found.binary, bench.journal.binaries[found.binary])
