"""What does the mutex profile say of goroutines that wait for locks?

The notes of Go 1.22, on runtime/pprof. One lock is held once while goroutines wait for it; and goroutines meet at a
lock that lies inside the runtime, under each setting that has a say in how the profile shows that.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, gobuild, processes, symbols

lab = Lab(host_matters=True, asks={"zh": "关于等锁的 goroutine，mutex profile 怎么说？"})

WAITERS: Final = ("1", "10", "100")
LOST: Final = "runtime._LostContendedRuntimeLock"
SETTING: Final = "runtimecontentionstacks"
SETTINGS: Final = {"no setting": "", f"{SETTING}=0": f"{SETTING}=0", f"{SETTING}=1": f"{SETTING}=1"}


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the profile."""

    Count: int
    Seconds: float
    Frames: list[str]
    """Innermost first."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The profile of one process."""

    LeastSeconds: float
    """For so long the program held its lock when all had come to wait; 0 where it has none."""
    MostSeconds: float
    """For so long since before the first of them came."""
    Records: list[Record]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    behind: dict[str, Profile]
    """By how many waited for the lock."""
    inside: dict[str, Profile]
    """Of contention on locks of the runtime's, by the setting."""
    has_lost: bool
    """The binary has the function LOST."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)

    def profile(what: str, godebug: str = "") -> Profile:
        env = {"GODEBUG": godebug} if godebug else {}
        return processes.answer(bench, [f"./{program.name}", what], Profile, gomaxprocs=2, env=env)

    return Seen(
        {waiters: profile(waiters) for waiters in WAITERS},
        {label: profile("inside", setting) for label, setting in SETTINGS.items()},
        has_lost=symbols.table(bench, program).find(LOST) is not None,
    )
