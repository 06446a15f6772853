"""Which indirect calls does the compiler make direct, if it has a profile?

The notes of Go 1.22, on the compiler. A program writes a profile of itself; then its own package is compiled with that
profile, and the compiler says what it does.
"""

import re
from typing import Final

import msgspec

from claimlab import FLAG_SETS, Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "有 profile 时，编译器把哪些间接调用变成直接调用？"})

PROFILE: Final = "cpu.pprof"
INTERFACES_ALONE: Final = " -d=pgodevirtualize=1"
_SAID: Final = re.compile(r"main\.go:\d+:\d+: (PGO devirtualizing .+)")


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw: what the compiler says of the calls that it makes direct."""

    with_profile: list[str]
    interfaces_alone: list[str]
    """With a flag that leaves calls of function values as they are."""
    without: list[str]
    """Without a profile."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    processes.once(bench, [f"./{program.name}", PROFILE], gomaxprocs=1).or_broken("the profile was not written")
    given = f" -pgoprofile=../{PROFILE}"
    return Seen(direct(bench, given), direct(bench, given + INTERFACES_ALONE), direct(bench, ""))


def direct(bench: Bench, more: str) -> list[str]:
    """Only the package itself is compiled so, not the standard library."""
    options, env = FLAG_SETS["plain"]
    command = ["go", "build", "-C", f"{bench.name}.src", *options, f"-gcflags=-m{more}", "-o", "/dev/null", "."]
    said = bench.run(command, step="build", env=env, timeout_s=180).or_broken("the program does not compile")
    return _SAID.findall(said.stderr.decode("utf-8", "replace"))
