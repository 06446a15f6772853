"""The instrument every other one needs: a Go binary, built on the bench, known by its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from claimlab.bench import Bench
from claimlab.toolchain import Release

Flags = Literal["plain", "race"]

FLAG_SETS: Final[dict[Flags, tuple[tuple[str, ...], dict[str, str]]]] = {
    "plain": (("-trimpath", "-buildvcs=false"), {"CGO_ENABLED": "0"}),
    "race": (("-trimpath", "-buildvcs=false", "-race"), {"CGO_ENABLED": "1"}),
}
"""-trimpath makes a binary the same in every folder. The race detector's run-time library is C, hence cgo."""

WARM_PACKAGES: Final = ("fmt", "os", "runtime/debug", "strconv", "sync", "sync/atomic", "time", "unsafe")
"""The part of the standard library that images hold compiled."""

LINKED_IN: Final[dict[Flags, tuple[str, ...]]] = {"plain": (), "race": ("runtime/cgo", "runtime/race")}
"""What the linker adds to a program by itself: no package imports it, so it is compiled only where it is named."""


@dataclass(frozen=True, slots=True)
class Binary:
    """A built program: its name on the bench, and the SHA-256 of its bytes."""

    name: str
    sha256: str


def build(bench: Bench, sources: Mapping[str, bytes], name: str = "program", flags: Flags = "plain") -> Binary:
    """The sources are one compiled package main.

    They are a module that declares the toolchain's own language version, because go.mod's version decides semantics
    (loop variables from 1.22) and GODEBUG defaults (https://go.dev/doc/godebug).
    """
    module = f"module claimlab/{name}\n\ngo {bench.toolchain.language}\n".encode()
    bench.put({f"{name}.src/{file}": text for file, text in sources.items()} | {f"{name}.src/go.mod": module})
    options, env = FLAG_SETS[flags]
    command = ["go", "build", "-C", f"{name}.src", *options, "-o", f"../{name}", "."]
    if bench.toolchain.experiment:
        env = env | {"GOEXPERIMENT": bench.toolchain.experiment}
    bench.run(command, step="build", env=env, timeout_s=180).or_broken("the lab's Go source does not build")
    hashed = bench.run(["sha256sum", name], step="housekeeping").or_broken("the binary cannot be read")
    binary = Binary(name, hashed.text().split()[0])
    bench.journal.binaries[name] = binary.sha256
    return binary


def warm_script(release: Release) -> str:
    """A shell script that compiles the standard library into GOCACHE with every flag set and experiment."""
    lines = [
        "set -eu",
        "export GOTOOLCHAIN=local GOPROXY=off GOFLAGS= GOENV=off GOTELEMETRY=off GOPATH=/tmp/gopath",
    ]
    for experiment in ("", *release.experiments):
        lines += [_warm(experiment, flags) for flags in FLAG_SETS]
    return "\n".join(lines) + "\n"


def _warm(experiment: str, flags: Flags) -> str:
    options, env = FLAG_SETS[flags]
    settings = [f"{name}={value}" for name, value in env.items()]
    settings += [f"GOEXPERIMENT={experiment}"] if experiment else []
    return " ".join([*settings, '"$GOROOT/bin/go"', "build", *options, *WARM_PACKAGES, *LINKED_IN[flags]])
