"""Does Go still know the experiment that switches generic aliases off?

Asked are the go command, which refuses a name that it does not know, and the compiler, which takes or refuses an alias.
"""

import msgspec

from claimlab import Bench, Lab

lab = Lab(asks={"zh": "Go 还认识关闭泛型别名的那个实验开关吗？"})

SETTINGS = ("", "aliastypeparams", "noaliastypeparams", "fieldtrack", "nosuchexperiment")
"""Of GOEXPERIMENT; all releases know `fieldtrack`, and none the last one (internal/goexperiment/flags.go)."""
UNKNOWN = "unknown GOEXPERIMENT"


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One setting of GOEXPERIMENT."""

    exit_code: int
    """Of the compiler with the alias, by way of the go command."""
    said: str

    @property
    def is_unknown(self) -> bool:
        """The go command did not come as far as the compiler."""
        return UNKNOWN in self.said

    @property
    def takes(self) -> bool:
        """The compiler takes the alias."""
        return self.exit_code == 0


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    tried: dict[str, Tried]
    """By the setting."""


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({"main.go": bench.files["main.go"]})
    return Seen({setting: compiled(bench, setting) for setting in SETTINGS})


def compiled(bench: Bench, setting: str) -> Tried:
    """Only this file, which imports nothing, so that no setting has the standard library compiled anew."""
    experiments = ",".join(filter(None, (bench.toolchain.experiment, setting)))
    command = ["go", "tool", "compile", "-p", "main", "-o", "main.o", "main.go"]
    done = bench.run(command, step="build", env={"GOEXPERIMENT": experiments})
    return Tried(done.exit_code, (done.stdout + done.stderr).decode("utf-8", "replace"))
