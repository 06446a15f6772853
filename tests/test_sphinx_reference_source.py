"""What the reference reads of a module's source; this module is the one that is read."""

from enum import Enum

import msgspec

from claimlab.sphinx.reference.source import Entry, Field, read


class Colours(Enum):
    RED = 1
    """Of blood."""
    BLUE = 2
    _hidden = 3


class Toy(msgspec.Struct):
    """A toy."""

    name: str
    """Two
    lines."""
    size: int = 3
    parts: list["Toy"] = msgspec.field(default_factory=list)
    _secret: int = 0

    def plays(self, loudly: bool = True) -> bool:
        """Not a field."""
        return loudly

    @property
    def is_small(self) -> bool:
        return self.size < LIMIT

    def _hides(self) -> None:
        """From everybody."""


def plays(toy: Toy, *others: Toy, loudly: bool = False, times: int) -> list[Toy]:
    """They play."""
    return [toy, *others]


LIMIT = 3
"""Of toys."""
LONG = "a word that is repeated, and repeated, and repeated"
_HIDDEN = 1


def of(name: str) -> Entry:
    return read(__name__)[1][name]


def test_a_module_has_its_own_words_and_what_it_does_not_hide() -> None:
    says, entries = read(__name__)
    assert says == __doc__
    assert {"Toy", "Colours", "plays", "LIMIT", "LONG"} <= set(entries)
    assert "_HIDDEN" not in entries


def test_fields_are_read_with_what_stands_below_them() -> None:
    assert of("Toy").fields == (
        Field("name", "str", "", "Two\nlines."),
        Field("size", "int", "3", ""),
        Field("parts", "list['Toy']", "", ""),
    )
    assert of("Colours").fields == (Field("RED", "", "1", "Of blood."), Field("BLUE", "", "2", ""))


def test_methods_and_what_is_computed_are_members() -> None:
    plays, is_small = of("Toy").members
    assert (plays.kind, plays.name, plays.parameters, plays.type) == (
        "method",
        "Toy.plays",
        "(loudly: bool = True)",
        "bool",
    )
    assert (is_small.kind, is_small.name, is_small.parameters) == ("property", "Toy.is_small", "")
    assert plays.says == "Not a field."


def test_functions_have_their_parameters_as_in_the_source() -> None:
    assert of("plays").parameters == "(toy: Toy, *others: Toy, loudly: bool = False, times: int)"
    assert of("plays").type == "list[Toy]"


def test_constants_have_their_value_if_it_is_short() -> None:
    assert (of("LIMIT").kind, of("LIMIT").value, of("LIMIT").says) == ("data", "3", "Of toys.")
    assert of("LONG").value == ""


def test_errors_are_exceptions_and_need_no_fields() -> None:
    assert read("claimlab.errors")[1]["LabBroken"].kind == "exception"
