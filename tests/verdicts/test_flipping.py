"""The search for where an answer turns, on every small sequence of answers."""

from collections.abc import Mapping, Sequence
from itertools import groupby, product
from typing import Final

import pytest

from claimlab.verdicts.flipping import Search, search

ONE_SERIES: Final = tuple(f"1.23.{patch}" for patch in range(7))
SERIES: Final = ("1.22.10", "1.22.11", "1.22.12", "1.23.0", "1.23.1", "1.24.0", "1.24.1")


def carried_out(releases: Sequence[str], answers: Mapping[str, str], known: Sequence[str] = ()) -> Search:
    """The search, with each release's answer; ``!`` decides nothing, ``x`` cannot be had."""
    found = search(releases, (answers[releases[0]], answers[releases[-1]]), {one: answers[one] for one in known})
    asked = []
    while (release := found.next) is not None:
        assert release not in asked, "nobody is asked twice"
        assert release in releases[1:-1]
        asked.append(release)
        match answers[release]:
            case "!":
                found = found.ends_at(release, "broke")
            case "x":
                found = found.lacks(release, "could not be had")
            case answer:
                found = found.told(release, answer)
    return found


def of(text: str, releases: Sequence[str] = ONE_SERIES, known: Sequence[str] = ()) -> Search:
    """Of a letter for each release."""
    return carried_out(releases[: len(text)], dict(zip(releases, text, strict=False)), known)


def spans(found: Search) -> list[tuple[object, str, str]]:
    return [(one.says, one.first, one.last) for one in found.spans]


@pytest.mark.parametrize("length", range(2, 8))
@pytest.mark.parametrize("releases", [ONE_SERIES, SERIES], ids=["one series", "several"])
def test_one_turn_is_found_exactly_wherever_it_is(releases: Sequence[str], length: int) -> None:
    for place in range(1, length):
        found = of("A" * place + "B" * (length - place), releases)
        assert spans(found) == [("A", releases[0], releases[place - 1]), ("B", releases[place], releases[length - 1])]
        assert not found.goes_back
        assert [(gap.before, gap.after, gap.unasked, gap.silent) for gap in found.gaps] == [
            (releases[place - 1], releases[place], (), ())
        ]


@pytest.mark.parametrize("place", range(1, 7))
def test_within_one_series_half_of_what_is_left_is_left_out_each_time(place: int) -> None:
    assert len(of("A" * place + "B" * (7 - place)).asked) <= 3


@pytest.mark.parametrize("releases", [ONE_SERIES, SERIES], ids=["one series", "several"])
def test_whatever_the_answers_are_what_is_told_is_what_was_seen(releases: Sequence[str]) -> None:
    """Of three answers, in every order: each is where it is said to be, each two spans that are told turn between
    neighbours, and no answer that was seen is left out."""
    for length in range(2, 8):
        for letters in product("ABC", repeat=length):
            text = "".join(letters)
            if text[0] == text[-1]:
                continue
            found = of(text, releases)
            answers = dict(zip(releases, text, strict=False))
            seen = [answers[one] for one in releases[:length] if one in found.said]
            assert [one.says for one in found.spans] == [letter for letter, _ in groupby(seen)]
            assert {answers[one] for one in found.asked} <= {one.says for one in found.spans}
            for gap in found.gaps:
                assert answers[gap.before] != answers[gap.after]
                assert releases.index(gap.after) == releases.index(gap.before) + 1
            assert found.goes_back == any(
                one.says in [other.says for other in found.spans[:at]] for at, one in enumerate(found.spans)
            )
            assert any("not monotone" in one for one in found.remarks()) == found.goes_back


def test_with_gaps_too_every_search_ends_and_leaves_nothing_unsaid() -> None:
    for length in range(3, 8):
        for letters in product("AB!x", repeat=length - 2):
            text = "A" + "".join(letters) + "B"
            found = of(text, SERIES)
            assert [text[SERIES.index(one)] for one in found.undecided] in ([], ["!"])
            assert all(text[SERIES.index(one)] == "x" for one in found.lacking)
            for gap in found.gaps:
                inside = SERIES[SERIES.index(gap.before) + 1 : SERIES.index(gap.after)]
                assert sorted((*gap.silent, *gap.unasked)) == sorted(inside)
                assert not gap.unasked or found.undecided
                assert not (gap.is_exact and inside)


def test_a_third_answer_is_searched_on_both_sides() -> None:
    found = of("AACCBBB")
    assert spans(found) == [("A", "1.23.0", "1.23.1"), ("C", "1.23.2", "1.23.3"), ("B", "1.23.4", "1.23.6")]
    assert found.in_words(str) == "A up to 1.23.1, C from 1.23.2 to 1.23.3, B since 1.23.4"
    assert "3 different answers" in list(found.remarks())
    assert of("AACBBBB").in_words(str) == "A up to 1.23.1, C in 1.23.2, B since 1.23.3"


def test_an_answer_that_comes_back_is_said() -> None:
    found = of("AACCCAB")
    assert found.in_words(str) == "A up to 1.23.1, C from 1.23.2 to 1.23.4, A in 1.23.5, B since 1.23.6"
    assert found.goes_back
    known = of("ABABBBB", known=("1.23.1", "1.23.2"))
    assert known.in_words(str) == "A up to 1.23.0, B in 1.23.1, A in 1.23.2, B since 1.23.3"
    assert "not monotone: an answer comes back after another" in list(known.remarks())


def test_what_came_to_an_older_series_as_well_is_seen() -> None:
    """It turned in 1.23.1, and in 1.22.12: by version that is back and forth."""
    found = carried_out(SERIES[:5], dict(zip(SERIES, "AABAB", strict=False)))
    assert found.in_words(str) == "A up to 1.22.11, B in 1.22.12, A in 1.23.0, B since 1.23.1"
    assert found.goes_back
    assert found.asked == ["1.22.11", "1.22.12", "1.23.0"]


def test_the_first_of_a_new_series_is_asked_first() -> None:
    found = search(SERIES[:5], ("A", "B"))
    assert found.next == "1.23.0"
    assert found.told("1.23.0", "B").next == "1.22.12"
    assert found.told("1.23.0", "B").told("1.22.12", "A").next is None
    assert search(SERIES, ("A", "B")).next in ("1.23.0", "1.24.0")


@pytest.mark.parametrize("place", range(1, 6))
def test_one_that_decides_nothing_ends_the_search_with_what_is_known(place: int) -> None:
    text = "A" * place + "!" + "B" * (6 - place)
    found = of(text)
    broke = f"1.23.{place}"
    if broke not in found.asked:
        pytest.fail("next to the turn it is always asked")
    assert found.next is None
    assert f"the search ended: {broke} broke" in list(found.remarks())
    (gap,) = found.gaps
    assert broke in gap.silent
    assert not gap.is_exact
    asked = [one for one in found.asked if one != broke]
    assert set(gap.unasked) == {one for one in ONE_SERIES[1:-1] if gap.before < one < gap.after} - {broke, *asked}


def test_one_that_cannot_be_had_is_passed_over_and_named() -> None:
    found = of("AAxxBBB")
    assert spans(found) == [("A", "1.23.0", "1.23.1"), ("B", "1.23.4", "1.23.6")]
    assert "1.23.2" not in found.asked
    assert next(found.remarks()) == "it turns between 1.23.1 and 1.23.4 (no answer from 1.23.2, 1.23.3)"
    assert "1.23.3 could not be had" in list(found.remarks())
    assert of("Axxxxxx"[:6] + "B").asked == []


def test_a_limit_says_what_was_not_asked() -> None:
    found = search(ONE_SERIES, ("A", "B")).told("1.23.3", "B").ends("enough")
    assert found.next is None
    assert list(found.remarks()) == [
        "it turns between 1.23.0 and 1.23.3 (not asked: 1.23.1, 1.23.2)",
        "the search ended: enough",
        "asked: 1 release (1.23.3)",
    ]


@pytest.mark.parametrize(
    ("older", "newer", "exact"),
    [
        ("1.23.1", "1.23.2", True),
        ("1.23.1", "1.23.3", False),
        ("1.22.12", "1.23.0", False),
        ("1.22.10", "1.23.1", False),
    ],
)
def test_only_successive_patches_leave_nothing_between(older: str, newer: str, exact: bool) -> None:
    found = search((older, newer), ("A", "B"))
    assert found.next is None
    assert found.in_words(str) == f"A up to {older}, B since {newer}"
    said = f"it turns between {older} and {newer}, and no release between them is offered"
    assert list(found.remarks()) == ([] if exact else [said]) + ["asked: 0 releases"]


def test_as_data_everything_that_was_seen_is_there() -> None:
    found = of("AAx!BBB")
    assert found.as_data() == {
        "older": "1.23.0",
        "newer": "1.23.6",
        "spans": [{"first": "1.23.0", "last": "1.23.0"}, {"first": "1.23.6", "last": "1.23.6"}],
        "gaps": [
            {
                "before": "1.23.0",
                "after": "1.23.6",
                "exact": False,
                "unasked": ["1.23.1", "1.23.2", "1.23.4", "1.23.5"],
                "silent": ["1.23.3"],
            }
        ],
        "monotone": True,
        "asked": ["1.23.3"],
        "lacking": {},
        "undecided": {"1.23.3": "broke"},
        "limit": "",
    }
