"""Whether a Go source builds on this toolchain, as data: a source that is refused is an answer, and no broken lab.

Each complaint is one message of the compiler, the assembler, the linker, of vet, or of the go command where it cannot
find what the source imports. A build that was killed, took too long or came to no answer, a compiler that crashed
included, is no refusal: it breaks the lab.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final, Literal

import msgspec

from claimlab.benches.bench import Bench, Completed
from claimlab.instruments.gobuild import flag_set, lab_sources, put_module
from claimlab.toolchains.flags import Flags

By = Literal["compiler", "assembler", "linker", "vet", "go"]

_REFUSED: Final = 1
"""Exit code of ``go build`` and ``go vet`` that have something to say; a signal's is 128 and more."""
_PLACE: Final = re.compile(r"(?:vet: )?(?:\./)?([^\s:/]+):(\d+)(?::(\d+))?: (.+)")
_ASSEMBLER_ENDS: Final = "asm: assembly of "
_DIED: Final = re.compile(r".*(?:: signal: |: exit status |internal compiler error)|fatal error: |panic: |goroutine ")
"""What is written of a tool, or by it, that came to no answer."""


class Complaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message."""

    by: By
    file: str
    """The lab's own name of it; empty for the linker, which knows no places."""
    line: int
    """0 where the message names none, as the column."""
    column: int
    """In bytes, from 1."""
    text: str
    """With the lines that continue it, such as what a call has and what it wants."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        return place + self.text


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one source."""

    accepted: bool
    """It compiles and links; or vet has nothing to say."""
    complaints: list[Complaint]
    """In the order they came, all of them; none if it was accepted."""

    def complains(self, text: str, *, line: int | None = None) -> bool:
        """One of the messages contains `text`, and is about that line."""
        return any(text in one.text and line in {None, one.line} for one in self.complaints)

    def __str__(self) -> str:
        return "\n".join(map(str, self.complaints)) or "accepted"


def attempt(
    bench: Bench,
    sources: Mapping[str, bytes] | None = None,
    name: str = "",
    flags: Flags = "plain",
    *,
    folder: str = "",
    gcflags: str = "",
    language: str = "",
    timeout_s: float = 180.0,
) -> Attempt:
    """The compiler and the linker have taken or refused the sources, one package main.

    Without sources they are the lab's own, at the top of its folder or in `folder` below it.
    As :func:`claimlab.instruments.gobuild.build` does it, but that the compiler does not stop at its tenth message.
    """
    name = name or folder.replace("/", "-") or "attempt"
    sources = lab_sources(bench, folder) if sources is None else sources
    put_module(bench, sources, name, language)
    options, env = flag_set(bench.toolchain, flags, f"-e {gcflags}".strip())
    command = ["go", "build", "-C", f"{name}.src", *options, "-o", f"../{name}", "."]
    done = bench.run(command, step="build", env=env, timeout_s=timeout_s)
    return read(done, sources, "the build came to no answer")


def vet(
    bench: Bench,
    sources: Mapping[str, bytes] | None = None,
    name: str = "",
    *,
    folder: str = "",
    language: str = "",
    timeout_s: float = 180.0,
) -> Attempt:
    """``go vet`` has looked at the sources; of those that do not compile it tells the first message only."""
    name = name or folder.replace("/", "-") or "vetted"
    sources = lab_sources(bench, folder) if sources is None else sources
    put_module(bench, sources, name, language)
    _, env = flag_set(bench.toolchain, "plain")
    done = bench.run(["go", "vet", "-C", f"{name}.src", "."], step="build", env=env, timeout_s=timeout_s)
    return read(done, sources, "go vet came to no answer", vetted=True)


def read(done: Completed, files: Collection[str], what: str, *, vetted: bool = False) -> Attempt:
    """What a ``go build`` or ``go vet`` of these files that has ended said; :class:`LabBroken` if that is no answer.

    Every line has to be accounted for: whatever else stands there may be why the command ended.
    """
    if done.exit_code == 0:
        return Attempt(True, [])
    found: list[Complaint] = []
    answered = done.exit_code == _REFUSED and not done.timed_out
    from_tool = False
    for line in done.stderr.decode("utf-8", "replace").splitlines():
        if line.startswith("# "):
            from_tool = True
        elif line.startswith("\t") and found:
            found[-1] = msgspec.structs.replace(found[-1], text=f"{found[-1].text}\n{line}")
        elif not line or (line.startswith(_ASSEMBLER_ENDS) and found):
            continue
        elif _DIED.match(line):
            answered = False
        elif (match := _PLACE.fullmatch(line)) and match[1] in files:
            by = _by(match[1], from_tool=from_tool, vetted=vetted)
            found.append(Complaint(by, match[1], int(match[2]), int(match[3] or 0), match[4]))
        elif from_tool and not vetted and not line.startswith(("\t", "usage: ", "flag ")):
            found.append(Complaint("linker", "", 0, 0, line))
        else:
            answered = False
    if not answered or not found:
        done.or_broken(what)
    return Attempt(False, found)


def refusal(done: Completed, what: str) -> str:
    """What a ``go build`` or ``go test -c`` that has ended said against the sources, whichever packages they are of;
    empty if nothing. :class:`LabBroken` if it came to no answer."""
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.exit_code == 0:
        return ""
    if done.exit_code != _REFUSED or done.timed_out or not said or any(map(_DIED.match, said.splitlines())):
        done.or_broken(what)
    return said


def _by(file: str, *, from_tool: bool, vetted: bool) -> By:
    if vetted:
        return "vet"
    if not from_tool:
        return "go"
    return "assembler" if file.endswith(".s") else "compiler"
