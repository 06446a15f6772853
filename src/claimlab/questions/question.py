"""What all questions have in common."""

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from claimlab.benches.bench import Bench
from claimlab.toolchains.needs import PLAIN, Need, Needs


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one trial of a question saw. Kinds of questions add to it."""

    refused: str = ""
    """Why the sources do not build on this toolchain; nothing else was seen then."""
    notes: tuple[str, ...] = ()
    """What had to be done to ask, for who reads the answer."""
    lacks: str = ""
    """What is not there with this toolchain, so that there was nothing to see; further lines show it."""

    def refusal(self, toolchain: str) -> str:
        """Why the sources do not build on that toolchain of the trial; empty if they do."""
        return self.refused


Sees = type[Seen]


class Question(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="look"
):
    """Something asked about Go, on any toolchain. The sources that it is about lie beside it."""

    at: str = ""
    """Where these were, as whoever asked has written it; empty if it is about Go itself."""
    package: str = ""
    """The folder of the package that it is about, below these sources."""
    arch: str = ""
    """A GOARCH; empty for the machine's own."""

    sees: ClassVar[Sees] = Seen
    timing: ClassVar[bool] = False
    host_matters: ClassVar[bool] = False
    life_s: ClassVar[float | None] = None
    """See :class:`claimlab.trials.lab.Lab`."""
    tests: ClassVar[bool] = False
    """What it builds are tests."""

    @property
    def kind(self) -> str:
        """The name of its command, after ``look.``."""
        return str(self.__struct_config__.tag)

    @property
    def across(self) -> str | tuple[str, ...]:
        """What its trials have beside their toolchain: see :attr:`claimlab.trials.lab.Lab.across`."""
        return ()

    @property
    def needs(self) -> Needs:
        """What its benches are to have compiled beforehand."""
        found: set[Need] = {"testing"} if self.tests else set()
        return PLAIN | found | ({"arm64"} if self.arch == "arm64" else set())

    def look(self, bench: Bench) -> Seen:
        """What is to be seen on this bench."""
        raise NotImplementedError

    def words(self) -> list[str]:
        """What is typed after the command's name, but for options about toolchains and engines."""
        raise NotImplementedError

    def about(self) -> list[str]:
        """The part of that which all kinds have."""
        found = ["--in", self.at] if self.at else []
        return found + (["--arch", self.arch] if self.arch else [])


class Row(msgspec.Struct, frozen=True):
    """One line of an answer, for people."""

    label: str
    text: str
    brief: str = ""
    """What stands for the text where toolchains stand side by side; the text itself if it is empty."""

    counts: bool = False
    """The text is how often something came about, which differs from one time to the next."""
    order: tuple[str | int, ...] = ()
    """Where it stands among the rows of all toolchains, if not where its own have it."""

    @property
    def short(self) -> str:
        return self.brief or self.text


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one toolchain has to say to a question as it was put: the part of what was seen that was asked for.

    Its fields are the data that ``--json`` prints.
    """

    def key(self) -> object:
        """Two answers with the same agree."""
        return self

    def rows(self) -> list[Row]:
        raise NotImplementedError

    def rows_with(self, others: "Sequence[Answer]") -> list[Row]:
        """The rows of several answers that agree."""
        return self.rows()

    def listing(self) -> list[str]:
        """A longer text by lines, to be shown whole, or compared with that of others; empty if there is none."""
        return []

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data
