"""How much less does it cost to make a small object with a routine that was made for its size?

A program makes objects of several sizes, with pointers in them and without. It is built as it is, and once more without
the experiment that gives sizes their own routines; both have their turns in each round.
"""

from typing import Final

import msgspec

from claimlab import Arm, Bench, Lab, Ratio, Timing, disassembly, gobuild, timing

lab = Lab(timing=True, asks={"zh": "用专门为其大小准备的例程来分配小对象，能省多少？"})

SIZES: Final = (8, 16, 24, 32, 48, 64, 80)
KINDS: Final = tuple(f"{of}{size}" for of in ("bytes", "pointers") for size in SIZES)
GENERAL: Final = "runtime.newobject"
WITHOUT: Final = "nosizespecializedmalloc"
_ROUNDS: Final = 15
_OWN, _GENERAL = "own routines", "general routine"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    own: list[str]
    """The kinds of objects for which the program calls another routine than the general one."""
    ratios: dict[str, Ratio | None]
    """By kind: of the time that an object takes to that in the build without the experiment. Empty where no kind has a
    routine of its own."""
    control: Ratio | None
    """Of the time of a round in which no object is made to that of one that makes an object of 8 bytes."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    gobuild.put_module(bench, gobuild.lab_sources(bench), "make")
    own = gobuild.with_experiments(bench, "make", as_name="own")
    functions = disassembly.functions(bench, own, [f"main.{kind}" for kind in KINDS])
    special = [kind for kind, one in zip(KINDS, functions, strict=True) if GENERAL not in one.targets()]
    programs = {_OWN: own}
    if special:
        programs[_GENERAL] = gobuild.with_experiments(bench, "make", WITHOUT, as_name="general")
    arms = {name: Arm("BenchmarkNew", 1, "1x", binary=program.name) for name, program in programs.items()}
    seen = timing.measure(bench, own, arms, rounds=_ROUNDS)

    def ratio(of: tuple[str, str], to: tuple[str, str]) -> Ratio | None:
        return seen.ratio(*((name, f"{kind}-ns/op") for name, kind in (of, to)))

    ratios = {kind: ratio((_OWN, kind), (_GENERAL, kind)) for kind in KINDS} if special else {}
    return Seen(special, ratios, ratio((_OWN, "nothing"), (_OWN, KINDS[0])), seen)
