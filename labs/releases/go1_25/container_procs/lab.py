"""How many processors does Go code get where a control group limits the process, and when that changes?

The runtime reads the limit of the group that /proc says it is in. A debugger turns the two names of files below /proc
into names of ours, and the number of CPUs into eight, so that limits can be tried that this machine does not have: all
else is what the runtime does. What CPUs a process may use, the program changes itself.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, LabBroken, Run, RunSeen, Step, gdb, gobuild, processes

lab = Lab(asks={"zh": "cgroup 限制了进程的 CPU 时间时，Go 代码能用几个处理器？变化之后呢？"})

CPUS: Final = 8
PERIOD: Final = 100_000
LIMITS: Final = {"none": 0.0, "half": 0.5, "one": 1, "more-than-one": 1.5, "two": 2, "three": 3, "six": 6}
"""In CPUs, by the folder with the files; 0 for no limit."""
LASTING: Final = "three"
"""Of this one it is seen what is open more than a second later."""
_OPEN: Final = ["*'internal/runtime/syscall.Open'", "*'internal/runtime/syscall/linux.Open'"]
"""By which the runtime opens files before there is a file system package; 1.26 moved it."""
_BEYOND: Final = len("/proc/")
_RELATIVE: Final = {name: f"{name} + {_BEYOND}" for name in ("$rax", "$x0")}
"""The first argument, a file's name below /proc, becomes one below the working folder. On amd64 and arm64."""
_COUNT: Final = ("'runtime.ncpu'", "'runtime.numCPUStartup'")
"""What the runtime has counted before it makes processors: up to 1.24, and since."""
_OFF: Final = {"GODEBUG": "containermaxprocs=0"}


class Limited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process with a control group's limit."""

    limit: str
    off: bool
    """By GODEBUG it takes no heed of the limit."""
    looked: bool
    """It has opened the two files that say what its group is."""
    procs: int
    """GOMAXPROCS when main begins."""
    files: list[str]
    """Open files of the limit: when main begins, and of one process more than a second later."""


class Follows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process that first may use all CPUs, then one, then all again, and what its GOMAXPROCS became."""

    cpus: int
    start: int
    few: int
    few_after_ms: int
    many: int
    many_after_ms: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    limited: list[Limited]
    follows: Follows
    follows_off: Follows
    """With GODEBUG=updatemaxprocs=0."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    bench.put({name: text for limit, cpus in LIMITS.items() for name, text in files_of(limit, cpus).items()})
    asked = [(limit, False) for limit in LIMITS] + [(LASTING, True)]
    runs = [run(limit, off) for limit, off in asked]
    seen = gdb.session(bench, program, runs)
    limited = [read(one, *which) for one, which in zip(seen.runs, asked, strict=True)]
    command = [f"./{program.name}", "follows"]
    off = {"GODEBUG": "updatemaxprocs=0"}
    return Seen(
        limited,
        processes.answer(bench, command, Follows, gomaxprocs=0),
        processes.answer(bench, command, Follows, gomaxprocs=0, env=off),
    )


def files_of(limit: str, cpus: float) -> dict[str, bytes]:
    """cgroups(7), version 2; proc_pid_mountinfo(5)."""
    quota = f"{cpus * PERIOD:.0f}" if cpus else "max"
    return {
        f"{limit}/self/cgroup": b"0::/\n",
        f"{limit}/self/mountinfo": b"30 24 0:27 / /proc/self/cwd/group rw - cgroup2 cgroup2 rw\n",
        f"{limit}/group/cpu.max": f"{quota} {PERIOD}\n".encode(),
    }


def run(limit: str, off: bool) -> Run:
    """GOMAXPROCS=0 is none."""
    count = {name: str(CPUS) for name in _COUNT}
    told = Step(["main.told"])
    opens = [Step([*_OPEN, "main.told"], force=_RELATIVE)] * 2
    later = [told] if limit == LASTING else []
    return Run([], 0, [Step(["runtime.schedinit"], force=count), *opens, told, *later], _OFF if off else {}, limit)


def read(seen: RunSeen, limit: str, off: bool) -> Limited:
    counts = [one for one in seen.stops[0].forced if one.after is not None] if seen.stops else []
    told = [stop for stop in seen.stops if stop.at == "main.told"]
    opened = [stop for stop in seen.stops if stop.at in _OPEN]
    moved = all(any(one.after is not None for one in stop.forced) for stop in opened)
    procs = told[0].arguments["procs"] if told else None
    if [one.after for one in counts] != [CPUS] or not moved or not isinstance(procs, int):
        raise LabBroken(f"the debugger could not arrange it: {counts}, {opened}, {told}")
    return Limited(limit, off, len(opened) == 2, procs, [str(stop.arguments["files"]) for stop in told])
