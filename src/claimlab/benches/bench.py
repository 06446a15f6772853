"""A bench: where one trial runs. Instruments see only this interface, never an engine."""

import shlex
import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from claimlab.project.errors import LabBroken
from claimlab.toolchains.saying import read_said
from claimlab.toolchains.toolchain import Toolchain

Step = Literal["build", "gdb", "run", "housekeeping"]
"""What a command is for; all but housekeeping is the experiment itself."""

OUTPUT_LIMIT_BYTES: Final = 16 * 1024**2
"""Of each of a command's two streams. A command that prints more is stopped, and its trial is broken."""
FILE_LIMIT_BYTES: Final = 64 * 1024**2
"""Of a file that crosses from a bench."""
LIMIT_SIGNALS: Final[Mapping[int, str]] = {
    signal.SIGXCPU: "a process had used up its processor time",
    signal.SIGXFSZ: "a file became larger than files may be",
}
"""Signals by which the kernel ends a process that has met a limit (setrlimit(2))."""
_TAIL_CHARACTERS: Final = 4000
NOBODY: Final = 65534
"""Whom a bench's commands are run as: in containers, and in rooms of root's."""
NO_LAB: Final = "program"
"""What is built on a bench that no trial has opened is called so, unless whoever builds it says otherwise."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that ran to its end on a bench, or was killed for taking too long.

    What another limit of the bench ended (memory, processor time, the size of a file or of the output), or what went
    away with the bench, is no such command: :meth:`Bench.run` raises :class:`LabBroken`.
    """

    argv: tuple[str, ...]
    exit_code: int
    """As a shell gives it: 128 + the signal's number for a killed process."""
    stdout: bytes
    stderr: bytes
    duration_s: float
    timed_out: bool
    signal: int = 0
    """The one that ended it, as the kernel says; 0 if it exited by itself, whatever its exit code."""

    def text(self) -> str:
        return self.stdout.decode("utf-8", "replace")

    def told(self) -> str:
        """What ran, how it ended, and the end of what it printed, on standard error if it printed anything there."""
        tail = (self.stderr or self.stdout).decode("utf-8", "replace").splitlines()[-20:]
        lines = [f"  last: {shlex.join(self.argv)}", f"  exit: {self.exit_code}", *(f"  | {line}" for line in tail)]
        return "\n".join(lines)

    def or_broken(self, what: str) -> "Completed":
        """This command, if it succeeded; a lab that needs it is broken otherwise."""
        if self.exit_code == 0:
            return self
        limit = " (killed: it took too long)" if self.timed_out else ""
        tail = (self.stderr or self.stdout).decode("utf-8", "replace")
        raise LabBroken(f"{what}{limit}", shlex.join(self.argv), self.exit_code, tail)


def refuse_limits(done: Completed, hit: Iterable[str] = ()) -> None:
    """The command met no limit of its bench but that of time; :class:`LabBroken` says which otherwise.

    `hit` is what the bench has seen beside the signal: that its memory was used up, that too much was printed.
    """
    said = [*hit, *([LIMIT_SIGNALS[done.signal]] if done.signal in LIMIT_SIGNALS else [])]
    if said:
        tail = (done.stderr or done.stdout).decode("utf-8", "replace")[-_TAIL_CHARACTERS:]
        raise LabBroken(f"a limit of the bench was met: {'; '.join(said)}", shlex.join(done.argv), done.exit_code, tail)


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a trial's journal."""

    step: Step
    argv: tuple[str, ...]
    env: dict[str, str]
    exit_code: int
    duration_s: float


@dataclass(slots=True)
class Journal:
    """What was done on a bench, in order: the trial's provenance is written from it."""

    commands: list[Command] = field(default_factory=list)
    binaries: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each binary the labs' instruments built, by name."""
    last: "Completed | None" = None
    """The last command of the experiment with what it printed, for who has to find out why a lab broke."""
    says: dict[str, str] = field(default_factory=dict)
    """Which Go the toolchain, by ``go``, and each binary, by its name, say they are."""

    def ran(self, done: "Completed", step: Step, env: Mapping[str, str]) -> None:
        """The command is the last of those that were carried out."""
        self.commands.append(Command(step, done.argv, dict(env), done.exit_code, done.duration_s))
        if step != "housekeeping":
            self.last = done

    def heard(self, name: str, said: str, toolchain: Toolchain) -> None:
        """That is noted; :class:`LabBroken` if it is not what the trial is of."""
        self.says[name] = said
        if read_said(said) != (toolchain.release.says if name == "go" else toolchain.links):
            raise LabBroken(f"{name} says that it is {said or 'no Go at all'}, and the trial is of Go {toolchain}")


class Bench(Protocol):
    """A private folder with a toolchain, gdb and binutils; what is left in it vanishes with the bench.

    Names of files are relative to the folder, which is also the working directory of every command.
    """

    toolchain: Toolchain
    journal: Journal
    name: str
    """The lab's."""
    files: Mapping[str, bytes]
    """The lab's own files that take part in measuring, by their names in its folder, as they were when the trial began.
    They do not lie on the bench unless they are put there."""
    beside: "Mapping[str, Bench]"
    """Benches of other toolchains that the trial has too, by these toolchains' names, oldest first: what is built there
    can be brought here by ``claimlab.instruments.gobuild.brought``."""
    python: str
    """The Python interpreter for scripts that run inside the bench."""
    goroot: str

    def put(self, files: Mapping[str, bytes]) -> None:
        """The files lie in the bench's folder, and nowhere else whatever lies there; :class:`LabBroken` otherwise."""

    def get(self, name: str) -> bytes:
        """The content of a file of the bench, or of its GOROOT if the name begins with that.

        :class:`LabBroken` says why if there is none that may cross: a regular file of at most FILE_LIMIT_BYTES, with no
        symbolic link on the way to it.
        """

    def run(
        self,
        argv: Sequence[str],
        *,
        step: Step,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Completed:
        """The command has ended, and what it started with it. It sees only the Go settings and `env`, nothing of the
        caller's environment.

        :class:`LabBroken` if it met a limit of the bench but that of time (:func:`refuse_limits`), or if nobody can say
        how it ended, because its bench is gone. :class:`EnvironmentMissing` if what holds all benches is gone.
        A bench runs one command at a time.
        """


def with_godebug(toolchain: Toolchain, env: Mapping[str, str]) -> dict[str, str]:
    """The variables, with the toolchain's setting of GODEBUG before what they say of it: a program takes the last of
    several settings of one name (parsegodebug in runtime/runtime1.go)."""
    settings = ",".join(filter(None, (toolchain.godebug, env.get("GODEBUG"))))
    return {**env, "GODEBUG": settings} if settings else dict(env)


def variables(toolchain: Toolchain, step: Step, env: Mapping[str, str] | None) -> dict[str, str]:
    """Those of a command: what runs, by itself or under gdb, sees the toolchain's setting of GODEBUG too. What builds
    it does not, since a Go that has removed a setting would not even start."""
    return with_godebug(toolchain, env or {}) if step in ("run", "gdb") else dict(env or {})


def go_environment(toolchain: Toolchain, goroot: str, cache: str, home: str) -> dict[str, str]:
    """The environment of every command on a bench, whatever it is for: nothing is fetched, nothing is inherited.

    An empty GOFLAGS and GOPROXY=off keep a user's `go env -w` settings out; GOTOOLCHAIN=local keeps go.mod from
    asking for another release (https://go.dev/doc/toolchain).
    """
    settings = {
        "PATH": f"{goroot}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "LC_ALL": "C.UTF-8",
        "GOROOT": goroot,
        "GOCACHE": cache,
        "GOPATH": f"{home}/gopath",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOFLAGS": "",
        "GOENV": "off",
        "GOTELEMETRY": "off",
        "GOWORK": "off",
    }
    if toolchain.experiment:
        settings["GOEXPERIMENT"] = toolchain.experiment
    return settings
