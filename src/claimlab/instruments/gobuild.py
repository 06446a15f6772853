"""The instrument every other one needs: a Go binary, built on the bench, known by its hash."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from claimlab.benches.bench import Bench
from claimlab.project.errors import LabBroken
from claimlab.toolchains.flags import FLAG_SETS, Flags
from claimlab.toolchains.toolchain import Toolchain

_SOURCES: Final = (".go", ".s", ".h")
_KNOWN_BY: Final = 'sha256sum "$1" && go version "$1"'
"""A binary's hash, and a line with the release and the experiments that its build information names."""
_LANGUAGE: Final = re.compile(r"1\.([1-9]\d?)")


@dataclass(frozen=True, slots=True)
class Binary:
    """A built program: its name on the bench, and the SHA-256 of its bytes."""

    name: str
    sha256: str


def build(
    bench: Bench,
    sources: Mapping[str, bytes] | None = None,
    name: str = "",
    flags: Flags = "plain",
    *,
    folder: str = "",
    gcflags: str = "",
    benchmarks: bool = False,
    language: str = "",
) -> Binary:
    """The sources are one compiled package main; with `benchmarks` its tests are (``go test -c``).

    Without sources they are the lab's own, at the top of its folder or in `folder` below it; without a name the binary
    is called as the lab or that folder, and as the flags, if it has other ones: ``map-race``, ``map-race-arm64``.
    `gcflags` go to the compiler of this package alone, not of the standard library.

    They are a module that declares the language version `language`, such as ``1.21``, or the toolchain's own, if it is
    empty: go.mod's version decides semantics (loop variables from 1.22) and GODEBUG defaults
    (https://go.dev/doc/godebug). :class:`LabBroken` for one that the toolchain cannot know.
    """
    suffix = "" if flags == "plain" else f"-{flags}"
    name = name or (folder.replace("/", "-") or bench.name) + suffix
    put_module(bench, lab_sources(bench, folder) if sources is None else sources, name, language)
    options, env = flag_set(bench.toolchain, flags, gcflags)
    verb = ("test", "-C", f"{name}.src", "-c") if benchmarks else ("build", "-C", f"{name}.src")
    command = ["go", *verb, *options, "-o", f"../{name}", "."]
    bench.run(command, step="build", env=env, timeout_s=180).or_broken("the lab's Go source does not build")
    return built(bench, name)


def brought(bench: Bench, other: Bench, binary: Binary, name: str) -> Binary:
    """A binary of another bench is on this one, under that name. Go links statically where it links no C."""
    content = other.get(binary.name)
    if hashlib.sha256(content).hexdigest() != binary.sha256:
        raise LabBroken(f"the binary {binary.name} of Go {other.toolchain} is not as it was built")
    bench.put({name: content})
    bench.run(["chmod", "+x", name], step="housekeeping").or_broken("the binary cannot be made executable")
    bench.journal.binaries[name] = binary.sha256
    return Binary(name, binary.sha256)


def built(bench: Bench, name: str) -> Binary:
    """The binary of that name on the bench, which is noted in the journal with what it says of its Go."""
    known = bench.run(["sh", "-c", _KNOWN_BY, "sh", name], step="housekeeping").or_broken("the binary cannot be read")
    hashed, _, says = known.text().partition("\n")
    binary = Binary(name, hashed.split()[0])
    bench.journal.binaries[name] = binary.sha256
    bench.journal.heard(name, says.strip().removeprefix(f"{name}: "), bench.toolchain)
    return binary


def experiments(bench: Bench, *names: str) -> dict[str, str]:
    """The environment of a build with the toolchain's own experiment and these: ``greenteagc``, or ``nogreenteagc`` for
    one that is to be off (https://pkg.go.dev/internal/goexperiment)."""
    every = ",".join(filter(None, (bench.toolchain.experiment, *names)))
    return {"GOEXPERIMENT": every} if every else {}


def knows(bench: Bench, *names: str) -> bool:
    """The go command knows all of these names of experiments."""
    return bench.run(["go", "env", "GOEXPERIMENT"], step="build", env=experiments(bench, *names)).exit_code == 0


def with_experiments(bench: Bench, name: str, *names: str, options: Sequence[str] = (), as_name: str = "") -> Binary:
    """The module in ``<name>.src`` (:func:`put_module`), built with these experiments beside the toolchain's own and
    with further options of ``go build``.

    The binary is called `as_name`, or as the module. What an experiment changes of the standard library is compiled for
    it first.
    """
    binary = as_name or name
    command = ["go", "build", "-C", f"{name}.src", "-trimpath", "-buildvcs=false", *options, "-o", f"../{binary}", "."]
    env = {"CGO_ENABLED": "0"} | experiments(bench, *names)
    bench.run(command, step="build", env=env, timeout_s=300).or_broken("the program does not build")
    hashed = bench.run(["sha256sum", binary], step="housekeeping").or_broken("the binary cannot be read")
    bench.journal.binaries[binary] = hashed.text().split()[0]
    return Binary(binary, bench.journal.binaries[binary])


def lab_sources(bench: Bench, folder: str = "") -> dict[str, bytes]:
    """The lab's own Go sources, with assembly and its headers: those at the top of its folder, or of one below it."""
    paths = {PurePosixPath(name): text for name, text in bench.files.items()}
    found = {
        path.name: text
        for path, text in paths.items()
        if path.parent == PurePosixPath(folder) and path.suffix in _SOURCES
    }
    if not found:
        raise LabBroken(
            f"there are no Go sources in the lab's folder{f' {folder}' if folder else ''}: put a *.go there"
        )
    return found


def put_module(bench: Bench, sources: Mapping[str, bytes], name: str, language: str = "") -> None:
    """The sources lie in ``<name>.src`` with a go.mod that declares this language version."""
    declared = language_of(bench.toolchain, language)
    module = f"module claimlab/{name}\n\ngo {declared}\n".encode()
    bench.put({f"{name}.src/{file}": text for file, text in sources.items()} | {f"{name}.src/go.mod": module})


def flag_set(toolchain: Toolchain, flags: Flags, gcflags: str = "") -> tuple[tuple[str, ...], dict[str, str]]:
    """The options of ``go build`` and its environment."""
    options, env = FLAG_SETS[flags]
    options += (f"-gcflags={gcflags}",) if gcflags else ()
    return options, env | ({"GOEXPERIMENT": toolchain.experiment} if toolchain.experiment else {})


def language_of(toolchain: Toolchain, language: str) -> str:
    """The language version that go.mod declares; the toolchain's own for an empty one."""
    if not language:
        return toolchain.language
    match = _LANGUAGE.fullmatch(language)
    if match is None:
        raise LabBroken(f"{language!r} is no version of the Go language: one looks like 1.21")
    if int(match[1]) > toolchain.go.minor:
        raise LabBroken(f"Go {toolchain.name} knows the language up to {toolchain.language}, not {language}")
    return language
