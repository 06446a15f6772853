"""Values as answers: beside those of another release, grouped, as data, and beside an earlier file."""

import json
from collections.abc import Mapping

import msgspec
import pytest
from tests.ours import toolchain

from claimlab.benches.host import host_facts
from claimlab.project.outcome import Outcome
from claimlab.questions.told import Told, as_data, compared, groups
from claimlab.verdicts.finding import Finding, void
from claimlab.verdicts.in_words import where_in_words
from claimlab.verdicts.ruling import Measured
from claimlab.verdicts.told_values import CSV_HEAD, agree, csv_rows, told
from claimlab.verdicts.value import Value
from claimlab.verdicts.values import Valued

QUESTION = {"values": "toy"}
BASE = {"size": Value(208, "B"), "zero": Value(0), "time": Value(2.0, "ns")}


def answered(name: str, values: Mapping[str, Value], base: Mapping[str, Value] = {}) -> Told:
    return told(toolchain(name), "amd64", Valued(values), base)


def absent(name: str, outcome: Outcome, because: str, shows: str = "") -> Told:
    return told(toolchain(name), "amd64", Valued({}, Finding(outcome, because, shows)), {})


@pytest.mark.parametrize(
    ("host", "elsewhere", "notes"),
    [
        ({}, False, []),
        (host_facts(), False, []),
        ({"cpu": "Some CPU"}, False, ["measured on Some CPU, gdb 99"]),
        (host_facts(), True, ["measured on " + where_in_words(host_facts(), {"gdb": "gdb 99"})]),
    ],
)
def test_figures_from_elsewhere_say_where(host: dict[str, str], elsewhere: bool, notes: list[str]) -> None:
    measured = Measured("2026-11-23T12:00:00+00:00", host, {"gdb": "gdb 99"}, elsewhere)
    assert told(toolchain("1.27.3"), "amd64", Valued({}, None, None, measured), {}).notes == notes


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ({"size": Value(200, "B")}, [("size", "200 B (-8, ×0.962)")]),
        ({"size": Value(208, "B")}, [("size", "208 B (0, ×1.000)")]),
        ({"size": Value(416, "B")}, [("size", "416 B (+208, ×2.000)")]),
        ({"zero": Value(1)}, [("zero", "1 (+1)")]),
        ({"other": Value(1)}, [("other", "1")]),
        ({"time": Value(2.0, "s")}, [("time", "2 s")]),
        ({}, [("", "there are no values")]),
    ],
)
def test_a_figure_stands_beside_that_of_another_release(values: dict[str, Value], rows: list[tuple[str, str]]) -> None:
    assert [(row.label, row.text) for row in answered("1.27.3", values, BASE).rows] == rows


@pytest.mark.parametrize(
    ("one", "status", "row"),
    [
        (absent("1.27.3", Outcome.MISSING, "not measured yet"), "missing", "not measured yet"),
        (absent("1.27.3", Outcome.BROKEN, "the lab failed", "no gdb"), "broken", "nobody knows: the lab failed"),
        (told(toolchain("1.27.3"), "amd64", Valued({}, void("too new", "x.go:1: what?")), {}), "refused", "too new"),
    ],
)
def test_what_has_no_figures_says_why(one: Told, status: str, row: str) -> None:
    assert one.status == status
    assert row in one.rows[0].text
    assert one.as_data()["answer"] is None


def test_releases_with_the_same_figures_stand_together() -> None:
    some = [
        answered(name, {"size": Value(size, "B")}) for name, size in (("1.22.10", 8), ("1.23.9", 8), ("1.24.11", 4))
    ]
    variant = answered("1.24.11+noswissmap", {"size": Value(8, "B")})
    labels = [group.label for group in groups([*some, variant], ["1.22.10", "1.23.9", "1.24.11"])]
    assert labels == ["1.22.10 – 1.23.9", "1.24.11", "1.24.11+noswissmap"]


def test_data_and_lines() -> None:
    some = [
        answered("1.23.9", {"size": Value(208, "B")}, BASE),
        answered("1.24.11", {"time": Value(1.5, "ns", 1.0, 2.0)}, BASE),
        absent("1.27.3", Outcome.MISSING, "not measured yet"),
    ]
    assert [one["answer"] for one in json.loads(json.dumps(as_data(QUESTION, some)))["answers"]] == [
        {"values": {"size": {"number": 208, "unit": "B"}}, "than": {"size": {"difference": 0, "ratio": 1.0}}},
        {
            "values": {"time": {"number": 1.5, "unit": "ns", "low": 1.0, "high": 2.0}},
            "than": {"time": {"difference": -0.5, "ratio": 0.75}},
        },
        None,
    ]
    assert csv_rows(some) == [
        ("1.23.9", "amd64", "size", 208, "B", None, None, 0, 1.0),
        ("1.24.11", "amd64", "time", 1.5, "ns", 1.0, 2.0, -0.5, 0.75),
    ]
    assert {len(row) for row in csv_rows(some)} == {len(CSV_HEAD)}


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        (answered("1.27.3", {"n": Value(8)}), answered("1.27.3", {"n": Value(8)}), []),
        (answered("1.27.3", {"n": Value(8)}), answered("1.27.3", {"n": Value(9)}), ["1.27.3 amd64: was n 8; is n 9"]),
        (
            answered("1.27.3", {"n": Value(8)}),
            answered("1.27.3", {"n": Value(8), "m": Value(1)}),
            ["1.27.3 amd64: was n 8; is n 8; m 1"],
        ),
        (
            answered("1.27.3", {"n": Value(2.0, low=1, high=3)}),
            answered("1.27.3", {"n": Value(2.5, low=2, high=4)}),
            [],
        ),
        (
            answered("1.27.3", {"n": Value(2.0, low=1, high=3)}),
            answered("1.27.3", {"n": Value(4.5, low=4, high=5)}),
            ["1.27.3 amd64: was n 2 [1, 3]; is n 4.5 [4, 5]"],
        ),
        (
            answered("1.27.3", {"n": Value(8)}),
            absent("1.27.3", Outcome.MISSING, "stale: it has changed"),
            ["1.27.3 amd64: was n 8; is stale: it has changed"],
        ),
    ],
)
def test_a_file_watches_figures(was: Told, now: Told, changed: list[str]) -> None:
    file = msgspec.json.encode(as_data(QUESTION, [was]))
    # What another release says tells of what kind answers are.
    beside = answered("1.21.13", {"n": Value(8)})
    found = compared(file, "file", QUESTION, [now, beside], agree)
    assert (found.changed, found.unknown) == (changed, ["1.21.13 amd64"])


def test_a_file_does_not_know_what_was_missing_when_it_was_written() -> None:
    file = msgspec.json.encode(as_data(QUESTION, [absent("1.27.3", Outcome.MISSING, "not measured yet")]))
    found = compared(file, "file", QUESTION, [answered("1.27.3", {"n": Value(8)})], agree)
    assert (found.changed, found.unknown) == ([], ["1.27.3 amd64"])
