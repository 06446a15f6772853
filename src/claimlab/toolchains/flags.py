"""The flags that Go programs are built with, and the standard library compiled with them beforehand."""

from collections.abc import Mapping
from typing import Final, Literal

from claimlab.toolchains.toolchain import Release

Flags = Literal["plain", "race", "arm64"]

FLAG_SETS: Final[dict[Flags, tuple[tuple[str, ...], dict[str, str]]]] = {
    "plain": (("-trimpath", "-buildvcs=false"), {"CGO_ENABLED": "0"}),
    "race": (("-trimpath", "-buildvcs=false", "-race"), {"CGO_ENABLED": "1"}),
    "arm64": (("-trimpath", "-buildvcs=false"), {"CGO_ENABLED": "0", "GOARCH": "arm64"}),
}
"""-trimpath makes a binary the same in every folder. The race detector's run-time library is C, hence cgo.
A binary for arm64 is there to be read; on amd64 it cannot run."""

WARM_PACKAGES: Final = (
    "fmt",
    "os",
    "reflect",
    "runtime/debug",
    "runtime/metrics",
    "strconv",
    "sync",
    "sync/atomic",
    "testing",
    "time",
    "unsafe",
)
"""The part of the standard library that images hold compiled."""

LINKED_IN: Final[dict[Flags, tuple[str, ...]]] = {
    "plain": ("testing/internal/testdeps",),
    "race": ("runtime/cgo", "runtime/race"),
    "arm64": (),
}
"""What go adds to a program or a test by itself: no source imports it, so it is compiled only where it is named."""


def warm_script(release: Release) -> str:
    """A shell script that compiles the standard library into GOCACHE with every flag set and experiment.

    And the disassembler: from 1.25 on `go tool objdump` is built where it is first used.
    """
    lines = [
        "set -eu",
        "export GOTOOLCHAIN=local GOPROXY=off GOFLAGS= GOENV=off GOTELEMETRY=off GOPATH=/tmp/gopath",
    ]
    for experiment in ("", *release.experiments):
        lines += [_warm(experiment, flags) for flags in FLAG_SETS]
        lines.append(_go({}, experiment, "tool", "-n", "objdump") + " > /dev/null")
    return "\n".join(lines) + "\n"


def _warm(experiment: str, flags: Flags) -> str:
    options, env = FLAG_SETS[flags]
    return _go(env, experiment, "build", *options, *WARM_PACKAGES, *LINKED_IN[flags])


def _go(env: Mapping[str, str], experiment: str, *words: str) -> str:
    settings = [f"{name}={value}" for name, value in env.items()]
    settings += [f"GOEXPERIMENT={experiment}"] if experiment else []
    return " ".join([*settings, '"$GOROOT/bin/go"', *words])
