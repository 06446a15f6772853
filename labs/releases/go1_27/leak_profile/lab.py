"""Is there a profile of leaked goroutines without an experiment?

A program that has leaked some asks for it; and the go command says whether it knows the experiment.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "不用实验开关就有泄漏 goroutine 的 profile 吗？"})

PROFILES: Final = ("goroutineleak", "goroutine", "nosuchprofile")
EXPERIMENTS: Final = ("goroutineleakprofile", "fieldtrack", "nosuchexperiment")
"""All releases know the second one, and none the last."""
UNKNOWN: Final = "unknown GOEXPERIMENT"


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A profile."""

    Name: str
    Exists: bool
    Total: str
    """The first line of its text."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    profiles: list[Profile]
    """In the order of PROFILES."""
    known: dict[str, bool]
    """Whether the go command knows these names for GOEXPERIMENT."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    profiles = processes.answer(bench, [f"./{program.name}", *PROFILES], list[Profile], gomaxprocs=2)
    return Seen(profiles, {name: knows(bench, name) for name in EXPERIMENTS})


def knows(bench: Bench, experiment: str) -> bool:
    """The go command comes as far as the compiler, which tells its version."""
    experiments = ",".join(filter(None, (bench.toolchain.experiment, experiment)))
    done = bench.run(["go", "tool", "compile", "-V"], step="build", env={"GOEXPERIMENT": experiments})
    return UNKNOWN not in done.stderr.decode("utf-8", "replace")
