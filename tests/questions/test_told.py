"""What toolchains have told: who stands with whom, by which name, and beside an earlier answer."""

import json
from collections.abc import Sequence

import pytest
from tests.ours import TOOLCHAINS, toolchain

from claimlab.project.errors import BadData
from claimlab.questions.layouts import LayoutAnswer, Place
from claimlab.questions.runs import RunAnswer, Way
from claimlab.questions.told import Status, Told, as_data, compared, groups

PLAIN = [one.name for one in TOOLCHAINS if not one.variant]
QUESTION = {"look": "layout", "type": "T", "fields": ["f"]}


def at(offset: int | None) -> LayoutAnswer:
    return LayoutAnswer("T", fields=(Place("f", offset, 8, "int"),))


def told(name: str, offset: int | None = 0, *, arch: str = "amd64") -> Told:
    return Told(toolchain(name), arch, "answered", at(offset))


def failed(name: str, words: str, status: Status = "refused") -> Told:
    return Told(toolchain(name), "amd64", status, words=words)


def labels(some: Sequence[Told]) -> list[str]:
    return [group.label for group in groups(some, PLAIN)]


@pytest.mark.parametrize(
    ("offsets", "shown"),
    [
        ([8] * 7, ["1.21.13 – 1.27.3"]),
        ([152, 152, 160, 160, 152, 152, 152], ["1.21.13 – 1.22.10", "1.23.9 – 1.24.11", "1.25.5 – 1.27.3"]),
        ([8, 0, 8, 0, 8, 0, 8], PLAIN),
    ],
)
def test_only_neighbours_that_agree_stand_together(offsets: list[int], shown: list[str]) -> None:
    some = [told(name, offset) for name, offset in zip(PLAIN, offsets, strict=True)]
    assert labels(some) == shown
    assert labels(some[::-1]) == shown, "their order does not matter"


def test_what_lies_between_and_was_not_asked_is_not_claimed() -> None:
    assert labels([told("1.21.13"), told("1.23.9"), told("1.24.11")]) == ["1.21.13, 1.23.9 – 1.24.11"]


def test_variants_are_named_only_where_they_differ_from_their_release() -> None:
    plain = [told("1.24.11", 8), told("1.25.5", 8)]
    same = [told("1.24.11+noswissmap", 8), told("1.25.5+noswissmap", 8)]
    assert labels([*plain, *same]) == ["1.24.11 – 1.25.5"]
    other = [told("1.24.11+noswissmap", 0), told("1.25.5+noswissmap", 0)]
    assert labels([*plain, *other]) == ["1.24.11 – 1.25.5", "1.24.11+noswissmap, 1.25.5+noswissmap"]
    assert labels([*plain, other[0], same[1]]) == ["1.24.11 – 1.25.5", "1.24.11+noswissmap"]
    assert labels(other) == ["1.24.11+noswissmap, 1.25.5+noswissmap"], "where the release was not asked"


def test_refusals_agree_by_their_words_and_differ_from_answers() -> None:
    some = [failed("1.21.13", "# main\n./a.go:1: no"), failed("1.22.10", "# main\n./a.go:1: no"), told("1.23.9")]
    assert labels(some) == ["1.21.13 – 1.22.10", "1.23.9"]
    assert [row.text for row in groups(some, PLAIN)[0].rows] == ["does not build: ./a.go:1: no"]
    assert labels([failed("1.21.13", "a"), failed("1.22.10", "b"), failed("1.23.9", "b", "broken")]) == PLAIN[:3]


def test_how_often_something_came_about_is_no_difference() -> None:
    def ran(name: str, once: int, twice: int) -> Told:
        ways = (Way("exit 0", "a\n", once), Way("exit 2: panic: x", "", twice))
        return Told(toolchain(name), "amd64", "answered", RunAnswer(10, tuple(way for way in ways if way.count)))

    (group, alone) = groups([ran("1.21.13", 9, 1), ran("1.22.10", 3, 7), ran("1.23.9", 10, 0)], PLAIN)
    assert [(row.label, row.text) for row in group.rows] == [
        ("exit 0\n  | a", "3 to 9 of 10"),
        ("exit 2: panic: x", "1 to 7 of 10"),
    ]
    assert alone.label == "1.23.9"


# beside an earlier answer


def kept(*some: Told) -> bytes:
    return json.dumps(as_data(QUESTION, some)).encode()


def test_beside_an_earlier_answer_only_what_both_know_can_change() -> None:
    earlier = kept(told("1.21.13", 152), told("1.23.9", 160), told("1.27.3", 152, arch="arm64"))
    found = compared(earlier, "f", QUESTION, [told("1.21.13", 152), told("1.23.9", 152), told("1.22.10", 1)])
    assert found.changed == ["1.23.9 amd64: was f 160  8 B  int; is f 152  8 B  int"]
    assert (found.unknown, found.unasked) == (["1.22.10 amd64"], ["1.27.3 arm64"])


def test_an_answer_that_has_become_a_refusal_has_changed_and_other_words_of_one_have_not() -> None:
    now = [failed("1.21.13", "./a.go:1: no")]
    found = compared(kept(told("1.21.13", 152)), "f", QUESTION, [*now, told("1.22.10")])
    assert found.changed == ["1.21.13 amd64: was f 152  8 B  int; is does not build: ./a.go:1: no"]
    assert compared(kept(failed("1.21.13", "in other words")), "f", QUESTION, now).changed == []
    back = compared(kept(*now), "f", QUESTION, [told("1.21.13", 152)])
    assert back.changed == ["1.21.13 amd64: was does not build: ./a.go:1: no; is f 152  8 B  int"]
    alone = compared(kept(told("1.21.13", 152)), "f", QUESTION, now)
    assert alone.changed == ["1.21.13 amd64: was an answer; is does not build: ./a.go:1: no"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "f: it is no answer that --json has written"),
        (b'{"schema": 1, "question": ' + b'{"a": ' * 100_000, "f: it is no answer that --json has written"),
        (b"\xff\xfe", "f: it is no answer that --json has written"),
        (kept().replace(b'"schema": 1', b'"schema": 2'), "Invalid enum value 2"),
        (kept().replace(b'"f"', b'"g"'), "it holds the answer to another question: "),
        (
            kept(told("1.21.13")).replace(b'"offset": 0', b'"offset": "x"'),
            "its answer for 1.21.13 is none of this kind",
        ),
        (kept(told("1.22.10"), told("1.23.9")), "it holds nothing of what was asked: it has 1.22.10 amd64, 1.23.9"),
        (kept(), "it holds nothing of what was asked: it has no answer at all"),
    ],
)
def test_a_file_that_is_no_earlier_answer_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(BadData, match=says):
        compared(content, "f", QUESTION, [told("1.21.13")])
