"""Does the compiler join a multiplication and an addition for processors that can do both at once?

It prints the assembly of functions that multiply and then add or subtract, for GOAMD64=v1 and for v3, whose processors
have such instructions. Nothing is linked or run.
"""

import re
from typing import Final

import msgspec

from claimlab import Bench, Lab, LabBroken

lab = Lab(asks={"zh": "处理器能一步完成乘加时，编译器会把乘法和加法合并吗？"})

LEVELS: Final = ("v1", "v3")
_FUNCTION: Final = re.compile(r"main\.(\w+) STEXT ")
_FUSED: Final = re.compile(r"\tVFN?M(?:ADD|SUB)\w+\t.*")


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    fused: dict[str, dict[str, list[str]]]
    """The fused instructions of each function, by GOAMD64."""


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({"main.go": bench.files["main.go"]})
    return Seen({level: fused(bench, level) for level in LEVELS})


def fused(bench: Bench, level: str) -> dict[str, list[str]]:
    command = ["go", "tool", "compile", "-S", "-p", "main", "-o", "/dev/null", "main.go"]
    env = {"GOARCH": "amd64", "GOAMD64": level}
    done = bench.run(command, step="build", env=env).or_broken("the source does not compile")
    found: dict[str, list[str]] = {}
    function = ""
    for line in done.text().splitlines():
        if begun := _FUNCTION.match(line):
            function = begun[1]
            found[function] = []
        elif joined := _FUSED.search(line):
            found[function].append(" ".join(joined[0].split()))
    if "rounded64" not in found:
        raise LabBroken(f"the compiler printed no assembly: {sorted(found)}")
    return found
