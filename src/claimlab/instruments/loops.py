"""Where a function's machine code loops. Pure."""

from typing import Final

from claimlab.instruments.disassembly import Function

_JUMPS: Final = ("j", "b", "cb", "tb")
"""What the names of jumps begin with, on amd64 and arm64."""


def loop_ranges(function: Function) -> list[tuple[int, int]]:
    """The first and the last address of each loop: from where a jump leads back to, to the jump.

    The function's beginning, to which it goes back when its stack has grown, begins none.
    """
    jumps = [one for one in function.instructions if one.mnemonic.startswith(_JUMPS) and not one.target]
    ends = [(one.operands[-1].immediate, one.address) for one in jumps if one.operands]
    return [(low, high) for low, high in ends if (function.address or 0) < low <= high]
