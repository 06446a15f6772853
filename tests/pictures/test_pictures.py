"""Pictures as data: what is refused, what is found by comparing, and how a lab declares them."""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.picture_samples import FREQUENCIES, LAYOUT, NEW, OLD, SAMPLES, STORY, words

import claimlab.pictures
from claimlab.pictures import (
    ARTICLE,
    Amount,
    Amounts,
    Box,
    Calls,
    Cell,
    Chain,
    Code,
    Counts,
    Difference,
    Distribution,
    Frequencies,
    Held,
    Layout,
    Memory,
    Moment,
    On,
    Part,
    Picture,
    Pictures,
    Rate,
    Rates,
    Registers,
    Role,
    Samples,
    Scene,
    Story,
    alike,
    most,
)
from claimlab.pictures.declared import declared_by
from claimlab.project.errors import BadData
from claimlab.project.languages import Words, as_builtin
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.judges import judges_of

COUNTED = words("ended so")


# --- what no picture may be ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Part(0, 0, "x"), "x: 1 equal elements in 0 bytes"),
        (lambda: Part(-8, 8, "x"), "x: .* at -8"),
        (lambda: Part(0, 9, "x", count=8), "8 equal elements in 9 bytes"),
        (lambda: Memory(OLD, "t", 16, (Part(0, 8, "a"), Part(4, 8, "b"))), "t: b at 4 lies on what ends at 8"),
        (lambda: Memory(OLD, "t", 8, (Part(8, 8, "a"),)), "t: its parts end at 16, and it at 8"),
        (lambda: Layout(()), "without memories"),
        (lambda: Registers(("AX",), (Moment(OLD, COUNTED, {"BX": Held("x")}),)), r"without a column: \['BX'\]"),
        (lambda: Code(()), "without a listing"),
        (lambda: Chain(()), "without calls"),
        (lambda: Chain((Calls(OLD, ()),)), "without calls"),
        (lambda: Samples("loads", ()), "without samples: loads"),
        (lambda: Distribution((), "ns"), "without arms"),
        (lambda: Amounts((), "bytes"), "of nothing"),
        (lambda: Amounts((Amount("x", -1),), "bytes"), "or of less"),
        (lambda: Rate("x", 3, 2), "x: 3 of 2"),
        (lambda: Rate("x", 0, 0), "x: 0 of 0"),
        (lambda: Rates((), COUNTED), "no rates"),
        (lambda: Rates((Rate("x", 1, 2, at=3.0),), COUNTED), "either the picture has an axis"),
        (lambda: Rates((Rate("x", 1, 2),), COUNTED, words("times")), "either the picture has an axis"),
        (lambda: Frequencies(("a", "b"), (Counts((1,)),)), "as many as the cases"),
        (lambda: Frequencies(("a",), (Counts((0,)),)), "of nothing"),
        (lambda: Story(()), "without steps"),
        (lambda: Scene(COUNTED, (Box("a", "a"), Box("a", "b"))), "a box stands twice"),
        (lambda: Scene(COUNTED, (Box("a", "a", (Cell("p", points="b"),)),)), "there is no box b"),
    ],
)
def test_what_cannot_be_drawn_is_refused_when_it_is_made(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_only_the_articles_parts_may_lie_beyond_its_size() -> None:
    claimed = Memory(ARTICLE, "bucket", 32, (Part(32, 8, "overflow"),))
    assert (claimed.size, claimed.end) == (32, 40)


# --- toolchains that showed the same -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "groups"),
    [
        ({}, []),
        ({"a": 1}, [(("a",), 1)]),
        ({"a": 1, "b": 2, "c": 1}, [(("a", "c"), 1), (("b",), 2)]),
        ({"a": None, "b": 2}, [(("b",), 2)]),
        ({"a": None, "b": None}, []),
    ],
)
def test_toolchains_that_showed_the_same_stand_together(seen: dict[str, int | None], groups: list[Any]) -> None:
    assert alike(seen, lambda one: one) == [(On(names), shown) for names, shown in groups]


def test_the_largest_group_is_the_one_of_the_most_toolchains() -> None:
    seen: dict[str, Any] = {"1.21.13": 1, "1.22.10": 2, "1.23.9": 2, "1.24.11": None}
    assert most(seen, lambda one: one) == (On(("1.22.10", "1.23.9")), 2)
    assert most(seen, lambda one: one, lambda number: number > 0) == (On(("1.21.13", "1.22.10", "1.23.9")), 2)
    found = most({"1.21.13": 1}, lambda one: one if one > 1 else None)
    assert found is None


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (("1.23.9",), "1.23.9"),
        (("1.23.9", "1.27.3"), "1.27.3"),
        (("1.23.9", "1.24.11+noswissmap"), "1.23.9"),
        (("1.24.11+noswissmap", "1.25.5+noswissmap"), "1.25.5+noswissmap"),
        (("1.24.11+nosynchashtriemap", "1.25.5", "1.25.5+nosynchashtriemap"), "1.25.5"),
    ],
)
def test_what_need_not_be_the_same_is_that_of_the_newest_plain_build(names: tuple[str, ...], newest: str) -> None:
    seen = {name: (1, name) for name in names} | {"2.0": (2, "other")}
    found = alike(seen, lambda one: one, lambda pair: pair[0])
    assert found == [(On(names), (1, newest)), (On(("2.0",)), (2, "other"))]


# --- memories ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "size", "gaps"),
    [
        ((), 0, []),
        ((), 8, [(0, 8)]),
        ((Part(0, 8, "a"),), 8, []),
        ((Part(2, 2, "a"), Part(8, 4, "b")), 16, [(0, 2), (4, 8), (12, 16)]),
    ],
)
def test_what_no_part_covers_is_padding(parts: tuple[Part, ...], size: int, gaps: list[tuple[int, int]]) -> None:
    assert list(Memory(OLD, "t", size, parts).gaps()) == gaps


def differences(claimed: Memory, found: Memory, **options: Any) -> list[Difference]:
    return Layout((claimed, found), **options).differences(found)


BUCKET = Memory(ARTICLE, "bucket", 32, (Part(0, 8, "tophash"), Part(8, 8, "keys", open=True), Part(32, 8, "overflow")))


@pytest.mark.parametrize(
    ("parts", "size", "expected"),
    [
        ((Part(0, 8, "tophash"), Part(8, 64, "keys"), Part(72, 8, "overflow")), 80, ["", "overflow"]),
        ((Part(0, 8, "tophash"), Part(8, 16, "keys"), Part(24, 8, "overflow")), 32, ["overflow"]),
        ((Part(0, 4, "tophash"), Part(8, 8, "keys")), 32, ["tophash", "overflow"]),
        ((Part(0, 8, "ctrl"),), 32, ["tophash", "keys", "overflow"]),
    ],
)
def test_what_differs_is_found_by_name(parts: tuple[Part, ...], size: int, expected: list[str]) -> None:
    found = differences(BUCKET, Memory(OLD, "bucket", size, parts))
    assert [one.name for one in found] == expected


def test_a_difference_has_both_places() -> None:
    found = differences(BUCKET, Memory(OLD, "bucket", 144, (Part(0, 8, "tophash"), Part(136, 8, "overflow"))))
    assert found == [
        Difference("", (0, 32), (0, 144)),
        Difference("keys", (8, 8), None),
        Difference("overflow", (32, 8), (136, 8)),
    ]


def test_nothing_differs_from_a_memory_that_nobody_claimed_or_that_is_not_compared() -> None:
    found = Memory(OLD, "bucket", 144, ())
    assert differences(Memory(NEW, "bucket", 32, ()), found) == []
    assert differences(BUCKET, found, compared=False) == []
    assert LAYOUT.differences(LAYOUT.memories[0]) == []
    size_is_open = Memory(ARTICLE, "bucket", 8, (Part(0, 8, "a"),), open=True)
    assert differences(size_is_open, Memory(OLD, "bucket", 16, (Part(0, 8, "a"),))) == []


# --- stories -------------------------------------------------------------------------------------------------


def test_what_changed_is_found_by_comparing_with_the_step_before() -> None:
    assert STORY.changes(0) == set()
    assert STORY.changes(1) == {("h", 0), ("h", 1), ("h", 2), *(("two", place) for place in range(4))}
    assert ("h", 1) not in STORY.changes(2)
    assert ("h", 2) in STORY.changes(2)


# --- as data -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_survives_as_json_in_both_languages(name: str) -> None:
    text = msgspec.json.encode(SAMPLES[name], enc_hook=as_builtin).decode()
    assert type(SAMPLES[name]) in Picture.__args__
    assert msgspec.json.decode(text)
    if SAMPLES[name].says:
        assert '"zh":"中文：' in text


def test_predictions_stand_beside_the_counts() -> None:
    assert [sum(model.shares) for model in FREQUENCIES.models] == [pytest.approx(1), pytest.approx(1)]


KINDS = re.split(r"^:class:`(\w+)`: ", claimlab.pictures.__doc__ or "", flags=re.MULTILINE)[1:]
EXAMPLES = {kind: text.partition("::\n\n")[2] for kind, text in zip(KINDS[::2], KINDS[1::2], strict=True)}


def test_every_kind_has_an_example() -> None:
    assert list(EXAMPLES) == [kind.__name__ for kind in Picture.__args__]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_examples_in_the_documentation_are_right(kind: str) -> None:
    made = eval(textwrap.dedent(EXAMPLES[kind]).strip(), vars(claimlab.pictures) | {"Words": Words})
    assert type(made).__name__ == kind


# --- a lab's declaration -------------------------------------------------------------------------------------

PICTURES = """
from claimlab.project.languages import Words, as_builtin
from claimlab.pictures import Amount, Amounts, On, Pictures

from .lab import Seen

pictures = Pictures()


@pictures.of("9-a", title=Words("The number", "数字"))
def the_number(seen: dict[str, Seen]) -> Amounts:
    return Amounts(tuple(Amount("number", one.number, On((name,))) for name, one in seen.items()), "apples")
"""


def test_a_lab_without_pictures_has_none(make_lab: Callable[..., LabFolder]) -> None:
    assert declared_by(make_lab()) == []


def test_a_picture_is_made_from_what_the_toolchains_saw(make_lab: Callable[..., LabFolder]) -> None:
    folder = make_lab(**{"pictures.py": PICTURES})
    (declared,) = declared_by(folder)
    assert (declared.name, declared.claims, declared.title) == ("the-number", ("9-a",), Words("The number", "数字"))
    made = declared.make({"1.27.3": folder.lab.seen_type(7)})
    assert made == Amounts((Amount("number", 7, On(("1.27.3",))),), "apples")


def test_a_file_without_a_declaration_is_an_error(make_lab: Callable[..., LabFolder]) -> None:
    with pytest.raises(BadData, match=r"there is no pictures = Pictures"):
        _ = declared_by(make_lab(**{"pictures.py": "x = 1\n"}))


def test_two_pictures_of_one_name_are_an_error() -> None:
    def bucket(seen: object) -> None: ...

    pictures = Pictures()
    pictures.of("9-a", title=words("one"))(bucket)
    with pytest.raises(BadData, match="bucket"):
        pictures.of("9-b", title=words("two"))(bucket)
    with pytest.raises(BadData, match="bucket"):
        Pictures([*pictures.all, *pictures.all])


def test_a_picture_stands_at_some_claim() -> None:
    with pytest.raises(BadData, match="at no claim"):
        Pictures().of(title=words("nowhere"))


def test_looking_at_labs_draws_nothing(make_lab: Callable[..., LabFolder], tmp_path: Path) -> None:
    folder = make_lab(**{"pictures.py": "raise AssertionError('somebody draws')\n"})
    assert folder.lab.name == "toy"
    assert judges_of(folder)


def test_every_role_has_its_own_name() -> None:
    assert len({str(role) for role in Role}) == len(Role)
