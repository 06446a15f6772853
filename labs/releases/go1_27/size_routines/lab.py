"""For which sizes of objects does the compiler call a routine that was made for the size?

The machine code of functions that make one object each says what they call.
"""

import re
from typing import Final

import msgspec

from claimlab import Bench, Lab, disassembly, gobuild

lab = Lab(asks={"zh": "对哪些大小的对象，编译器会调用专门为该大小准备的例程？"})

MAKES: Final = re.compile(r"^func (bytes|pointers)(\d+)\(", re.MULTILINE)
GROWS: Final = "runtime.morestack"


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a function calls that makes one object."""

    of: str
    """``bytes`` or ``pointers``."""
    size: int
    calls: list[str]
    """Without what grows the stack."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    made: list[Made]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    kinds = MAKES.findall(bench.files["main.go"].decode())
    functions = disassembly.functions(bench, program, [f"main.{of}{size}" for of, size in kinds])
    return Seen(
        [
            Made(of, int(size), [one for one in function.targets() if not one.startswith(GROWS)])
            for (of, size), function in zip(kinds, functions, strict=True)
        ]
    )
