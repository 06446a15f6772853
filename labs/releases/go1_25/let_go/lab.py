"""How soon does the memory of unique's values come back, and do cleanups work side by side?

A program drops chains of Handles and collects until their text is freed; and it drops objects whose cleanups, or
finalizers, wait a little, and counts how many wait together.
"""

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "unique 的值多久归还内存？cleanup 会同时运行吗？"})


class Chains(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chains of values that refer to one another by Handles."""

    deep: int
    """Values in each."""
    bytes: int
    """What all take while they are held."""
    left: list[int]
    """Bytes after each collection once they are dropped."""


class AtWork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many functions were at work together at most."""

    procs: int
    cleanups: int
    """0 where there is no runtime.AddCleanup."""
    finalizers: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    at_work: list[AtWork]
    chains: list[Chains]
    """Empty where there is no package unique."""
    held: Chains
    """Plain text that is not dropped."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    return processes.answer(bench, [f"./{program.name}"], Seen, gomaxprocs=2)
