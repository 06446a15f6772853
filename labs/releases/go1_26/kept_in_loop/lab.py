"""What is left in the loop of a benchmark: the work, and the calls of small functions?

The machine code of benchmarks that multiply is read. A loop is what lies between a jump and an earlier instruction that
it leads back to; the beginning of the function, to which it goes back after its stack has grown, is none.
"""

from typing import Final

import msgspec

from claimlab import Bench, Function, Lab, disassembly, gobuild, loop_ranges

lab = Lab(asks={"zh": "基准测试的循环里还剩下什么：被测的工作，对小函数的调用？"})

CHANGING: Final = ("changing", "changingInside")
THE_SAME: Final = ("assigned", "added", "blank", "inside")
"""Their product is the same in each round."""
COUNTED: Final = ("counted", "countedCall", "countedFar")
"""They loop over b.N and are there in every release."""
CALL: Final = "call"
_MULTIPLIES: Final = ("imul", "mul", "madd")


class Looped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One benchmark's function."""

    name: str
    exists: bool
    multiplies: int
    """Multiplications in its loops."""
    outside: int
    """Multiplications elsewhere in it."""
    calls: list[str]
    """What its loops call."""
    listing: str


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    loops: dict[str, Looped]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    names = (*COUNTED, CALL, *CHANGING, *THE_SAME)
    found = disassembly.functions(bench, program, [f"main.{name}" for name in names])
    return Seen({name: looped(name, function) for name, function in zip(names, found, strict=True)})


def looped(name: str, function: Function) -> Looped:
    loops = loop_ranges(function)
    inside = [any(low <= one.address <= high for low, high in loops) for one in function.instructions]
    pairs = list(zip(function.instructions, inside, strict=True))
    multiplies = [is_in for one, is_in in pairs if one.mnemonic in _MULTIPLIES]
    calls = [one.target for one, is_in in pairs if is_in and one.target]
    text = "\n".join(f"{'loop ' if is_in else '     '} {one}" for one, is_in in pairs if one.mnemonic != "int3")
    return Looped(name, function.present, sum(multiplies), multiplies.count(False), calls, text)
