"""Two releases beside each other, of several articles."""

import pytest
from tests.ours import toolchain

from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.verdicts.comparing import Came, Comparison, Turn, compare, layouts_of
from claimlab.verdicts.ledger import Ledger

pytest_plugins = ["tests.readers_site"]


@pytest.fixture
def compared(readers: Laboratory) -> Comparison:
    ledger = Ledger(readers)
    return compare(ledger, layouts_of(ledger), toolchain("1.23.9"), toolchain("1.26.6"))


def test_claims_of_all_articles_stand_under_how_they_turned(compared: Comparison) -> None:
    found = {turn: [flip.row.label for flip in compared.turned(turn)] for turn in Turn}
    assert found == {Turn.LOST: ["1.1-a"], Turn.WON: ["1.1-c"], Turn.GONE: ["1.1-b"], Turn.CAME: []}
    assert compared.same == 2
    assert compared.unknown == []


def test_a_cause_between_the_two_is_named(compared: Comparison) -> None:
    assert list(compared.by_reason(Turn.GONE)) == ["maps became Swiss tables"]
    assert list(compared.by_reason(Turn.WON)) == ["fails → holds"]


def test_what_is_claimed_about_the_releases_between_stands_under_what_became_of_it(compared: Comparison) -> None:
    assert list(compared.notes) == ["1.24"]
    found = {came: [one.row.label for one in ones] for came, ones in compared.notes_by_fate("1.24").items()}
    assert found == {Came.NEW: ["24-a"], Came.ALREADY: ["24-b"], Came.UNKNOWN: ["24-c"]}


def test_it_is_not_claimed_about_releases_before_or_after(readers: Laboratory) -> None:
    ledger = Ledger(readers)
    for older, newer in (("1.21.13", "1.23.9"), ("1.24.11", "1.26.6")):
        assert compare(ledger, layouts_of(ledger), toolchain(older), toolchain(newer)).notes == {}


def test_new_types_lie_beside_those_whose_place_they_took(compared: Comparison) -> None:
    (one,) = compared.relaid("zh")
    assert one.reason == "map 改用了 Swiss 表"
    assert [(move.name, move.instead) for move in one.came] == [("internal/runtime/maps.Map", "runtime.hmap")]


def test_as_data_the_first_that_turned_is_what_is_true_no_longer(compared: Comparison) -> None:
    data = compared.as_data()
    assert [one["claim"] for one in data["turned"]] == ["maps:1.1-a", "maps:1.1-c", "notes:24-a", "maps:1.1-b"]
    assert [(one["claim"], one["about"], one["was"]) for one in data["notes"]][2] == ("notes:24-c", "1.24", None)
    assert data["layouts"][0]["instead_of"] == "runtime.hmap"


def test_what_is_undecided_on_one_of_them_is_told_apart(readers: Laboratory) -> None:
    ledger = Ledger(readers, broken={"maps-lab[1.26.6]": "it was eaten"})
    found = compare(ledger, layouts_of(ledger), toolchain("1.23.9"), toolchain("1.26.6"))
    assert [row.label for row in found.unknown] == ["1.1-a", "1.1-b", "1.1-c", "1.1-d"]
    assert Outcome.BROKEN in found.outcomes_unknown
    assert (len(found.flips), found.same) == (1, 1)
