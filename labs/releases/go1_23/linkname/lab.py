"""Which symbols of the standard library does the linker let a program reach?

The notes of Go 1.23, on the linker. Programs refer by //go:linkname, and from assembly, to functions and variables of
the runtime: to some that nothing in Go's sources marks for that, and to some that others reach so already.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from claimlab import FLAG_SETS, Bench, Completed, Lab, LabBroken, gobuild

lab = Lab(asks={"zh": "链接器允许程序引用标准库的哪些符号？"})

UNMARKED: Final = ("gcinit", "mallocinit", "schedinit")
UNMARKED_VARIABLES: Final = ("gcController", "work")
MARKED_VARIABLES: Final = ("writeBarrier", "zeroVal")
ABSENT: Final = ("claimlabHasThis",)
USED_ALREADY: Final = "used_already.txt"
"""Functions of the runtime of which comments in Go 1.23's sources name modules of others that reach them so."""
UNCHECKED: Final = "-ldflags=-checklinkname=0"
MOST_LINKS: Final = 12
_REFUSED: Final = re.compile(r"invalid reference to runtime\.(\w+)|relocation target runtime\.(\w+) not defined")
_NO_FLAG: Final = "flag provided but not defined"


class Linked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of references to these symbols of the runtime."""

    symbols: list[str]
    refused: dict[str, str]
    """By symbol, what the linker said. It names one at a time, and the program is linked again without that one."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    functions: Linked
    """That nothing marks."""
    variables: Linked
    links_unchecked: bool | None
    """The program with these functions links with UNCHECKED; None where the linker does not know that."""
    used_already: Linked
    absent: Linked
    """Functions that no runtime has."""
    assembly: Linked
    """The variables, from assembly."""
    assembly_marked: Linked
    """Variables that are marked, from assembly."""


@lab.observe
def observe(bench: Bench) -> Seen:
    return Seen(
        functions=linked(bench, "functions", UNMARKED, by_functions),
        variables=linked(bench, "variables", UNMARKED_VARIABLES, by_variables),
        links_unchecked=links_unchecked(bench),
        used_already=linked(bench, "used", bench.files[USED_ALREADY].decode().split(), by_functions),
        absent=linked(bench, "absent", ABSENT, by_functions),
        assembly=linked(bench, "assembly", UNMARKED_VARIABLES, by_assembly),
        assembly_marked=linked(bench, "marked", MARKED_VARIABLES, by_assembly),
    )


def by_functions(symbols: Sequence[str]) -> dict[str, str]:
    declared = "".join(f"//go:linkname {one} runtime.{one}\nfunc {one}()\n\n" for one in symbols)
    head = 'package main\n\nimport _ "unsafe"\n\n'
    listed = f"var all = []func(){{{', '.join(symbols)}}}\n\nfunc main() {{ println(len(all)) }}\n"
    return {"main.go": head + declared + listed, "empty.s": ""}


def by_variables(symbols: Sequence[str]) -> dict[str, str]:
    declared = "".join(f"//go:linkname {one} runtime.{one}\nvar {one} byte\n\n" for one in symbols)
    head = 'package main\n\nimport _ "unsafe"\n\n'
    listed = ", ".join(f"&{one}" for one in symbols)
    return {"main.go": f"{head}{declared}var all = []*byte{{{listed}}}\n\nfunc main() {{ println(len(all)) }}\n"}


def by_assembly(symbols: Sequence[str]) -> dict[str, str]:
    declared = "".join(f"func at{one}() uintptr\n\n" for one in symbols)
    called = ", ".join(f"at{one}()" for one in symbols)
    texts = {
        "at_amd64.s": "TEXT ·at{one}(SB), 4, $0-8\n\tMOVQ $runtime·{one}(SB), AX\n\tMOVQ AX, ret+0(FP)\n\tRET\n\n",
        "at_arm64.s": "TEXT ·at{one}(SB), 4, $0-8\n\tMOVD $runtime·{one}(SB), R0\n\tMOVD R0, ret+0(FP)\n\tRET\n\n",
    }
    main = f"package main\n\n{declared}func main() {{ println({called}) }}\n"
    return {"main.go": main} | {file: "".join(text.format(one=one) for one in symbols) for file, text in texts.items()}


def linked(
    bench: Bench, name: str, symbols: Sequence[str], program: Callable[[Sequence[str]], Mapping[str, str]]
) -> Linked:
    refused: dict[str, str] = {}
    for _ in range(MOST_LINKS):
        left = [one for one in symbols if one not in refused]
        if not left:
            break
        done = build(bench, name, program(left))
        if done.exit_code == 0:
            break
        said = done.stderr.decode("utf-8", "replace")
        found = [(one[1] or one[2], one[0]) for one in _REFUSED.finditer(said)]
        if not found or found[0][0] not in left:
            done.or_broken("the program does not link")
        refused |= dict(found)
    else:
        raise LabBroken(f"the linker refuses more than {MOST_LINKS} of {name}: {', '.join(refused)}")
    return Linked(list(symbols), {one: refused[one] for one in symbols if one in refused})


def links_unchecked(bench: Bench) -> bool | None:
    done = build(bench, "unchecked", by_functions(UNMARKED), UNCHECKED)
    return None if _NO_FLAG in done.stderr.decode("utf-8", "replace") else done.exit_code == 0


def build(bench: Bench, name: str, sources: Mapping[str, str], *more: str) -> Completed:
    options, env = FLAG_SETS["plain"]
    gobuild.put_module(bench, {file: text.encode() for file, text in sources.items()}, name)
    command = ["go", "build", "-C", f"{name}.src", *options, *more, "-o", f"../{name}", "."]
    return bench.run(command, step="build", env=env, timeout_s=180)
