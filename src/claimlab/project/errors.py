"""The three kinds of trouble, which never mix.

*The claim fails* is a value, not an error. *The lab is broken* is a :class:`LabBroken`, and makes one trial
``broken``. *The environment is missing something* is an :class:`EnvironmentMissing`, and ends everything: before the
first trial as far as that can be known there.
"""

from dataclasses import dataclass
from typing import Final

EXIT_OK: Final = 0
EXIT_DIFFERS: Final = 1
"""An outcome is not as expected, or a lab is broken."""
EXIT_ENVIRONMENT: Final = 2
"""The environment is missing something."""
EXIT_REFUSED: Final = 2
"""The command cannot be carried out as it was given; nothing was changed."""
EXIT_UNREAD: Final = 141
"""Nobody reads any more what is printed: as a shell says it of a program that SIGPIPE (13) ended."""


class ClaimlabError(Exception):
    """Everything that claimlab raises on purpose."""


def _ended(sentence: str) -> str:
    """With a full stop, for what ends in another program's words may lack one."""
    return sentence if sentence.endswith((".", "!", "?", ":")) else f"{sentence}."


@dataclass(eq=False)
class EnvironmentMissing(ClaimlabError):
    """The machine lacks something; one sentence says what, another what to do."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{_ended(self.what)} {self.remedy}"


@dataclass(eq=False)
class Refused(ClaimlabError, ValueError):
    """A command asks for what cannot be; nothing was changed. One sentence says why, another what to do."""

    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{_ended(self.why)} {self.remedy}"


@dataclass(eq=False)
class LabBroken(ClaimlabError, RuntimeError):
    """A lab's step did not do what it had to; the trial has no observation."""

    what: str
    command: str = ""
    exit_code: int | None = None
    tail: str = ""

    def __str__(self) -> str:
        lines = [self.what]
        if self.command:
            lines.append(f"  ran:  {self.command}")
        if self.exit_code is not None:
            lines.append(f"  exit: {self.exit_code}")
        lines += [f"  | {line}" for line in self.tail.splitlines()[-20:]]
        return "\n".join(lines)


@dataclass(eq=False)
class BadData(ClaimlabError, ValueError):
    """A data file of the project (pins, claims, labs) says something that cannot be."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(eq=False)
class Stopped(ClaimlabError):
    """A session ended before its work was done."""

    exit_code: int
    words: str

    def __str__(self) -> str:
        return self.words
