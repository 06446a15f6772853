"""What happens step by step: boxes, what points from one to the other, and what changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from claimlab.pictures.memory import Role
from claimlab.pictures.sources import Said, Whose
from claimlab.project.languages import Words


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a box: a value, or a pointer to another box."""

    name: str
    value: str = ""
    points: str = ""
    """The key of the box that it points to; empty for none."""
    role: Role = Role.OTHER


@dataclass(frozen=True, slots=True)
class Box:
    """Something with a state. It is the same box wherever it has the same key."""

    key: str
    name: Said
    cells: tuple[Cell, ...] = ()
    column: int = 0
    """Where it stands: what it points to is best one further to the right."""
    across: bool = False
    """Its cells are alike and stand beside each other, as those of an array."""
    faded: bool = False
    """It is no longer reachable."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How things stand after something has happened."""

    title: Words
    boxes: tuple[Box, ...]
    says: Words | None = None

    def __post_init__(self) -> None:
        keys = [box.key for box in self.boxes]
        if len(set(keys)) < len(keys):
            raise ValueError(f"{self.title.first}: a box stands twice among {keys}")
        if lost := sorted({cell.points for box in self.boxes for cell in box.cells if cell.points} - set(keys)):
            raise ValueError(f"{self.title.first}: there is no box {', '.join(lost)}")

    def box(self, key: str) -> Box | None:
        return next((box for box in self.boxes if box.key == key), None)


@dataclass(frozen=True, slots=True)
class Story:
    """Steps one after the other. What changed from one to the next is found by comparing them, and marked."""

    steps: tuple[Scene, ...]
    whose: Whose | None = None
    says: Words | None = None

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a story without steps")

    def changes(self, number: int) -> set[tuple[str, int]]:
        """The cells of a step that were not so in the step before, as box and position; of a new box every cell."""
        return set(self._changes(number)) if number else set()

    def _changes(self, number: int) -> Iterator[tuple[str, int]]:
        for box in self.steps[number].boxes:
            before = self.steps[number - 1].box(box.key)
            for position, cell in enumerate(box.cells):
                old = before.cells[position] if before and position < len(before.cells) else None
                if old is None or (old.value, old.points) != (cell.value, cell.points):
                    yield box.key, position

    def is_new(self, number: int, key: str) -> bool:
        return number > 0 and self.steps[number - 1].box(key) is None
