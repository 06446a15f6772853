"""What do slices that grow, errors of a plain text and io.ReadAll allocate?

A program does each many times between two looks at the runtime's counts. Built once more with the compiler's switch for
arrays on the stack off, it shows which of its slices owe their place to that.
"""

from typing import Final

import msgspec
from packaging.version import Version

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "不断增长的切片、纯文本的 error、io.ReadAll 各分配多少内存？"})

_OFF: Final = "-d=variablemakehash=n"
_SINCE: Final = Version("1.25")
"""The release whose compiler has the switch (cmd/compile/internal/base/flag.go)."""


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some calls that do the same."""

    way: str
    n: int
    """Elements of a slice, bytes that are read."""
    calls: int
    objects: int
    bytes: int
    cap: int
    """Of the slice that was read."""
    needs: int
    """The capacity of a copy of it, which is made in one go."""

    @property
    def each(self) -> int:
        """Objects per call; what the runtime allocates meanwhile does not count."""
        return round(self.objects / self.calls)


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    counted: list[Counted]
    off: list[Counted]
    """Of slices, with the switch off; empty where there is none."""

    def all_of(self, *ways: str) -> list[Counted]:
        return [one for one in self.counted if one.way in ways]


@lab.observe
def observe(bench: Bench) -> Seen:
    off = count(bench, "off", _OFF) if bench.toolchain.go >= _SINCE else []
    return Seen(count(bench), [one for one in off if not one.needs])


def count(bench: Bench, name: str = "", gcflags: str = "") -> list[Counted]:
    program = gobuild.build(bench, name=name, gcflags=gcflags)
    return processes.answer(bench, [f"./{program.name}"], list[Counted], gomaxprocs=1, lines=True)
