"""Which pictures a lab has, and at which claims they stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from claimlab.pictures.code import Chain, Code
from claimlab.pictures.memory import Layout, Registers
from claimlab.pictures.numbers import Amounts, Distribution, Frequencies, Rates
from claimlab.pictures.sources import Said
from claimlab.pictures.story import Story
from claimlab.project.errors import BadData
from claimlab.project.languages import Words
from claimlab.trials.lab import LabFolder


class Drawable(Protocol):
    """A picture as plain data: a frozen dataclass, or a msgspec.Struct, whose type has a kind to draw it.

    claimlab's are :data:`Picture`; a project may add its own: see :class:`claimlab.site.drawing.kind.Kind`.
    """

    @property
    def says(self) -> Said | None:
        """What is to be seen, in a sentence or two."""


Picture = Layout | Registers | Code | Chain | Distribution | Amounts | Rates | Frequencies | Story
Make = Callable[[Mapping[str, Any]], Drawable | None]
"""From what each toolchain saw, by its name in the order of releases. Those without an observation are not there, and
the map is never empty. None: with these toolchains there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A picture of a lab."""

    name: str
    """Of its function, with dashes: a part of addresses."""
    claims: tuple[str, ...]
    title: Words
    make: Make


@dataclass
class Pictures:
    """The pictures of one lab, in a ``pictures.py``."""

    all: list[Declared] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = [one.name for one in self.all]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise BadData(", ".join(twice), "two pictures of a lab have this name")

    def of(self, *claims: str, title: Words) -> Callable[[Make], Make]:
        """Decorator: this function makes a picture that stands at these claims."""
        if not claims:
            raise BadData(title.first, "a picture stands at no claim")

        def register(make: Make) -> Make:
            name = make.__name__.replace("_", "-")
            if any(one.name == name for one in self.all):
                raise BadData(name, "two pictures of a lab have this name")
            self.all.append(Declared(name, claims, title, make))
            return make

        return register


def declared_by(folder: LabFolder) -> list[Declared]:
    """What the lab's pictures.py declares; empty if it has none, which no lab needs."""
    return folder.declaration("pictures", Pictures).all if (folder.path / "pictures.py").is_file() else []
