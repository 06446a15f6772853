"""What may cleanups be attached to, and when is the memory of their objects back?

A program gives objects cleanups, finalizers or neither, drops them and collects: each manner in a process of its own,
since the runtime ends a program that asks too much of a finalizer.
"""

from typing import Final

import msgspec

from claimlab import Attempt, Bench, Lab, builds, decoded, gobuild, processes

lab = Lab(asks={"zh": "清理函数可以挂在什么上，对象的内存何时归还？"})

FINALIZERS: Final = ("nothing", "finalizer", "finalizer to inside", "three finalizers")
CLEANUPS: Final = ("cleanup", "cleanup to inside", "three cleanups")
RINGS: Final = (1, 2, 10)
NAME: Final = "drop"


class Dropped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of objects that were dropped."""

    Attached: int
    Called: list[int]
    """Calls made so far, after each collection."""
    Left: list[int]
    """How many payloads, of which each object has one, were still on the heap."""


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One manner of attaching something, in one process."""

    how: str
    ring: int
    """So many objects refer to one another in turn; 1 for those that refer to none."""
    dropped: Dropped | None
    died: str
    """The first line of what the runtime said if it ended the program."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    build: Attempt
    """Of the program that has cleanups, too."""
    ways: list[Way]
    """Without cleanups, if that does not build."""

    def way(self, how: str, ring: int = 1) -> Way | None:
        return next((way for way in self.ways if (way.how, way.ring) == (how, ring)), None)


@lab.observe
def observe(bench: Bench) -> Seen:
    own = gobuild.lab_sources(bench)
    whole = own | gobuild.lab_sources(bench, "cleanups")
    tried = builds.attempt(bench, whole, NAME)
    program = gobuild.build(bench, whole if tried.accepted else own, f"{NAME}-run")
    hows = FINALIZERS + (CLEANUPS if tried.accepted else ())
    return Seen(tried, [way(bench, program.name, how, ring) for how in hows for ring in RINGS])


def way(bench: Bench, program: str, how: str, ring: int) -> Way:
    ran = processes.once(bench, [f"./{program}", how, str(ring)], gomaxprocs=2)
    if ran.exit_code:
        return Way(how, ring, None, ran.stderr.partition("\n")[0])
    return Way(how, ring, decoded(ran.stdout.encode(), Dropped, "what the program printed"), "")
