"""The search carried out: what is looked up, fetched, and asked, with wheels of a few files."""

from pathlib import Path

import pytest
from tests.wheel_mirror import make_wheel

from claimlab.cli.flipping import FETCHED_AT_MOST, Ask, Flips, Recall, Said
from claimlab.project.project import Project
from claimlab.questions.laboratory import laboratory
from claimlab.toolchains.toolchain import Release, Toolchain
from claimlab.toolchains.unpinned import met, unpinned
from claimlab.verdicts.flipping import Search

pytest_plugins = ["tests.wheel_mirror"]


def nothing(_: Toolchain) -> None:
    """No release has been asked before."""


def sought(project: Project, newer: str, ask: Ask, recall: Recall = nothing) -> Search:
    """Between 1.30.0, which is old, and this one, which is new."""
    first, last = (Toolchain(Release(version, {})) for version in ("1.30.0", newer))
    return Flips(laboratory(project, "local")).sought(first, last, ("old", "new"), recall, ask)


def since(patch: int) -> Ask:
    return lambda tool: Said("new" if int(tool.name.rpartition(".")[2]) >= patch else "old")


def test_releases_proper_between_the_two_are_asked_and_no_others(mirror: Path, apart: Project) -> None:
    for version in ("1.29.9", "1.30.1", "1.30.2.1", "1.30.3", "1.30.4", "1.30.4rc1", "1.31.0"):
        make_wheel(mirror, version, go="1.30.2" if version == "1.30.2.1" else "")
    found = sought(apart, "1.30.4", since(2))
    assert found.releases == ("1.30.0", "1.30.1", "1.30.2", "1.30.3", "1.30.4")
    assert found.in_words(str) == "old up to 1.30.1, new since 1.30.2"
    assert sorted(met(apart)) == found.asked == ["1.30.1", "1.30.2"]


def test_a_wheel_that_is_refused_is_passed_over_and_named(
    mirror: Path, apart: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    make_wheel(mirror, "1.30.1")
    make_wheel(mirror, "1.30.2", go="1.30.7")
    found = sought(apart, "1.30.3", since(2))
    assert found.asked == ["1.30.1"]
    assert "it holds go1.30.7, and Go 1.30.2 is asked for" in found.lacking["1.30.2"]
    assert "it turns between 1.30.1 and 1.30.3 (no answer from 1.30.2)" in list(found.remarks())
    assert "between 1.30.0 and 1.30.3: asking 1.30.2\n" in capsys.readouterr().err


def test_so_many_are_fetched_and_the_next_time_it_goes_on(mirror: Path, apart: Project) -> None:
    """No two answer the same, so there is no end of asking."""
    between = [f"1.30.{patch}" for patch in range(1, FETCHED_AT_MOST + 3)]
    for version in between:
        make_wheel(mirror, version)
    newer = f"1.30.{FETCHED_AT_MOST + 3}"
    found = sought(apart, newer, lambda tool: Said(tool.name))
    assert len(found.asked) == len(met(apart)) == FETCHED_AT_MOST
    assert f"the search ended: {FETCHED_AT_MOST} releases were fetched; " in "; ".join(found.remarks())
    assert sum(len(gap.unasked) for gap in found.gaps) == 2
    asked: list[str] = []

    def ask(tool: Toolchain) -> Said:
        asked.append(tool.name)
        return Said(tool.name)

    went_on = sought(apart, newer, ask, recall=lambda tool: Said(tool.name))
    assert went_on.asked == between
    assert sorted(asked) == sorted(set(between) - set(found.asked))
    assert not went_on.limit


def test_what_is_known_already_is_believed_and_what_is_undecided_is_asked_anew(mirror: Path, apart: Project) -> None:
    for version in ("1.30.1", "1.30.2"):
        make_wheel(mirror, version)
        unpinned(version, apart, lambda _: None)
    known = {"1.30.1": Said("old"), "1.30.2": Said("", "broke")}
    asked: list[str] = []

    def ask(tool: Toolchain) -> Said:
        asked.append(tool.name)
        return Said("new")

    found = sought(apart, "1.30.3", ask, recall=lambda tool: known[tool.name])
    assert found.in_words(str) == "old up to 1.30.1, new since 1.30.2"
    assert asked == ["1.30.2"]


def test_with_nothing_between_nothing_is_asked(mirror: Path, apart: Project) -> None:
    make_wheel(mirror, "1.30.9")
    found = sought(apart, "1.30.2", since(1))
    assert found.asked == []
    assert next(found.remarks()) == "it turns between 1.30.0 and 1.30.2, and no release between them is offered"
