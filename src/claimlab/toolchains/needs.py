"""What benches have compiled beforehand: the standard library with the flags that a lab builds with, and a tool.

Each is a *need*. Every bench has the plain library; the rest is for those whose lab needs it. What a need is compiled
to is a cache, keyed by all that it is made of: it saves time, and changes nothing that is seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal, get_args

from claimlab.toolchains.flags import FLAG_SETS, Flags
from claimlab.toolchains.toolchain import Toolchain

Need = Literal["plain", "testing", "race", "arm64", "objdump"]
"""A set of flags, what tests stand on, or the tool that ``go`` builds where it is first used (from Go 1.25 on)."""
Needs = frozenset[Need]
IN_ORDER: Final[tuple[Need, ...]] = get_args(Need)
"""Images have them as layers in this order."""
PLAIN: Final[Needs] = frozenset({"plain"})

WARM_PACKAGES: Final = (
    "fmt",
    "os",
    "reflect",
    "runtime/debug",
    "runtime/metrics",
    "strconv",
    "sync",
    "sync/atomic",
    "time",
    "unsafe",
)
"""The part of the standard library that is compiled."""

TESTING: Final = ("testing", "testing/internal/testdeps")
"""A third of all that a program with tests stands on; go adds the second by itself."""

LINKED_IN: Final[dict[Flags, tuple[str, ...]]] = {
    "plain": (),
    "race": ("runtime/cgo", "runtime/race"),
    "arm64": (),
}
"""What go adds to a program by itself: no source imports it, so it is compiled only where it is named."""
_SAID: Final[dict[Need, str]] = {
    "plain": "the standard library",
    "testing": "what tests stand on",
    "race": "the standard library with the race detector",
    "arm64": "the standard library for arm64",
    "objdump": "go tool objdump",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A toolchain, and what its benches are to have."""

    toolchain: Toolchain
    needs: Needs = PLAIN

    def told(self, need: Need) -> str:
        """What is compiled for one of the needs, for people."""
        return f"{_SAID[need]} of Go {self.toolchain.release.name}" + (
            f", built with {self.toolchain.experiment}" if self.toolchain.experiment else ""
        )


def in_order(needs: Needs) -> list[Need]:
    return [need for need in IN_ORDER if need in needs]


def wider(needs: Needs) -> list[Needs]:
    """Every set that has at least these, the smallest first."""
    others = [need for need in IN_ORDER if need not in needs]
    return [needs.union(more) for count in range(len(others) + 1) for more in combinations(others, count)]


def warm_script(experiment: str, need: Need) -> str:
    """A shell script that compiles what is needed into GOCACHE, as a build with the experiment has it."""
    lines = [
        "set -eu",
        "export GOTOOLCHAIN=local GOPROXY=off GOFLAGS= GOENV=off GOTELEMETRY=off GOPATH=/tmp/gopath",
        _compiled(experiment, need),
    ]
    return "\n".join(lines) + "\n"


def _compiled(experiment: str, need: Need) -> str:
    if need == "objdump":
        return _go({}, experiment, "tool", "-n", "objdump") + " > /dev/null"
    if need == "testing":
        return _build(experiment, "plain", TESTING)
    return _build(experiment, need, (*WARM_PACKAGES, *LINKED_IN[need]))


def _build(experiment: str, flags: Flags, packages: Iterable[str]) -> str:
    options, env = FLAG_SETS[flags]
    return _go(env, experiment, "build", *options, *packages)


def _go(env: Mapping[str, str], experiment: str, *words: str) -> str:
    settings = [f"{name}={value}" for name, value in env.items()]
    settings += [f"GOEXPERIMENT={experiment}"] if experiment else []
    return " ".join([*settings, '"$GOROOT/bin/go"', *words])
