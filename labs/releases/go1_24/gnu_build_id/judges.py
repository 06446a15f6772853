"""What the observations of gnu-build-id say of the claims 1.24-c and 1.24-d."""

from collections.abc import Callable
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import Linked, Seen

judges = Judges()


def of(*labels: str) -> Callable[[Seen], list[Linked]]:
    return lambda seen: [seen.linked[label] for label in labels]


def told(one: Linked) -> str:
    return f"-ldflags='{one.flags}': {one.refused or one.gnu or 'no note'}"


@judges.of(
    "1.24-c",
    sees=of("plain", "without symbols"),
    control=(
        Control("an executable linked with `-B 0x1234abcd`", of("given"), Outcome.HOLDS),
        Control("the same without the note's section", lambda seen: [seen.removed], Outcome.FAILS),
    ),
)
def it_has_a_note(executables: list[Linked]) -> Finding:
    """readelf finds a GNU build id in an executable for which nobody asked for one, with its symbols and without."""
    shows = "\n".join(map(told, executables))
    if any(one.refused for one in executables):
        return unclear("an executable was not linked", shows)
    having = sum(bool(one.gnu) for one in executables)
    if having not in (0, len(executables)):
        return unclear("one of the executables has a GNU build id, and the other has none", shows)
    return decided(bool(having), f"{having} of {len(executables)} executables have a GNU build id", shows)


@dataclass(frozen=True)
class Following:
    """The GNU build ids of executables."""

    one: Linked
    two: Linked
    """The same program with another Go build id."""
    other: Linked
    """Another program with the Go build id of `one`."""


def following(*labels: str) -> Callable[[Seen], Following]:
    return lambda seen: Following(*of(*labels)(seen))


@judges.of(
    "1.24-d",
    sees=following("one", "two", "other, one"),
    control=Control(
        "executables whose GNU build id is given by `-B`",
        following("given, one", "given, two", "given, other"),
        Outcome.FAILS,
    ),
)
def it_follows(found: Following) -> Finding:
    """Two programs that are linked with one Go build id have the same GNU build id, and one program that is linked
    with two Go build ids has two."""
    every = (found.one, found.two, found.other)
    shows = "\n".join(map(told, every))
    if any(one.refused for one in every):
        return unclear("an executable was not linked", shows)
    if not any(one.gnu for one in every):
        return void("there is no GNU build id if nobody asks for one", shows)
    same, differs = found.one.gnu == found.other.gnu, found.one.gnu != found.two.gnu
    words = f"{'the same' if same else 'another'} GNU build id in another program with the same Go build id, and "
    words += f"{'another' if differs else 'the same'} one in the same program with another Go build id"
    return decided(same and differs, words, shows)
