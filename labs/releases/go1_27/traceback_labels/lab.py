"""Does the traceback of a goroutine show its labels?

A program with labels writes its stack and panics: with the module's language version, an older one, and with each value
of the setting that has a say in it.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "goroutine 的回溯会显示它的标签吗？"})

BEFORE: Final = "1.21"
HEADER: Final = "goroutine "


class Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lines that begin the goroutine's stack."""

    setting: str
    """Of GODEBUG; empty for none."""
    stack: str
    """As runtime.Stack writes it."""
    panic: str
    """As the panic does."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    own: Headers
    """In a module of the toolchain's own language version."""
    before: Headers
    """In one of BEFORE."""
    off: Headers
    on: Headers
    """The first one with the setting."""
    do: Headers
    """The first one with a panic in a function that pprof.Do calls."""


@lab.observe
def observe(bench: Bench) -> Seen:
    own, before = gobuild.build(bench).name, gobuild.build(bench, name="before", language=BEFORE).name
    return Seen(
        headers(bench, own),
        headers(bench, before),
        headers(bench, own, "tracebacklabels=0"),
        headers(bench, own, "tracebacklabels=1"),
        headers(bench, own, "", "do"),
    )


def headers(bench: Bench, program: str, setting: str = "", *args: str) -> Headers:
    ran = processes.once(bench, [f"./{program}", *args], gomaxprocs=1, env={"GODEBUG": setting} if setting else {})
    stack, panic = (
        next((line for line in text.splitlines() if line.startswith(HEADER)), "") for text in (ran.stdout, ran.stderr)
    )
    return Headers(setting, stack, panic)
