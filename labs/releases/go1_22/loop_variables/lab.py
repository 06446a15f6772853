"""Is a loop's variable a new one in every round?

The notes of Go 1.22, on the language. The same program is built twice: in the toolchain's own language, and as a module
that declares Go 1.21.
"""

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "循环变量在每一轮都是新的吗？"})

OLD = "1.21"


class Loop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was kept from the rounds of a loop."""

    Kind: str
    Rounds: int
    Variables: int
    """Distinct addresses."""
    Values: list[int]
    """By the closures, after the loop."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw: loops by their kind."""

    own: dict[str, Loop]
    """In the toolchain's language."""
    old: dict[str, Loop]
    """In that of Go 1.21."""


@lab.observe
def observe(bench: Bench) -> Seen:
    return Seen(loops(bench, ""), loops(bench, OLD))


def loops(bench: Bench, language: str) -> dict[str, Loop]:
    program = gobuild.build(bench, name=f"loops{language}", language=language)
    found = processes.answer(bench, [f"./{program.name}"], list[Loop], gomaxprocs=1)
    return {one.Kind: one for one in sorted(found, key=lambda one: one.Kind)}
