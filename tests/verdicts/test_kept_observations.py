"""What a lab keeps for its tests, and what is asked of it in every project."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from tests.kept_numbers import PROVENANCE, kept_numbers
from tests.ours import TOOLCHAINS, write_project
from tests.tiny_lab import write_lab

from claimlab import Ending, Outcome, change, kept, tally_of, with_entries
from claimlab.benches.bench import Command
from claimlab.benches.engine import Engine
from claimlab.project.errors import BadData, Refused
from claimlab.toolchains.toolchain import Release, Toolchain
from claimlab.trials.record import Record, digest_of, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.kept_observations import Kept, keep

HOLDING = """
from claimlab import Control, Finding, Judges, Outcome, holds

judges = Judges()


@judges.of("9.1-a", sees=lambda seen: seen.number, control=Control("an odd number", lambda seen: 3, Outcome.{known}))
def everything_is_even(number: int) -> Finding:
    return holds(f"the number is {{number}}")
"""
CHANGED = """
from claimlab import change, kept

changed = {{"{claim}": [change(kept(__file__).seen("1.24.11"), number={number})]}}
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A lab that asks whether a number is even, and expects that it is."""
    write_project(tmp_path)
    return write_lab(tmp_path / "labs")


def write_changed(lab: Path, claim: str = "9.1-a", number: int = 2) -> None:
    (lab / "tests").mkdir(exist_ok=True)
    (lab / "tests" / "changed.py").write_text(CHANGED.format(claim=claim, number=number))


# Keeping


@pytest.fixture
def trials(lab: Path, make_engine: Callable[..., Engine]) -> list[Trial]:
    folder = kept_numbers(lab).folder
    return [Trial(folder, tool, make_engine()) for tool in TOOLCHAINS[:2]]


def put(record: Record, trial: Trial, number: int) -> None:
    provenance = msgspec.structs.replace(PROVENANCE, commands=[Command("run", ("true",), {}, 0, 1.0)])
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    seen = trial.lab.lab.seen_type(number)
    record.put(observation_of(*where, trial.inputs, provenance, seen), trial.address)


def test_what_the_record_holds_is_kept_without_its_journal(trials: list[Trial], tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    for trial, number in zip(trials, (4, 6), strict=True):
        put(record, trial, number)
    one = Kept(trials[0].lab)
    names = [trial.toolchain.name for trial in trials]
    assert keep(trials, record) == [one.tests / "observations" / f"{name}.json" for name in names]
    assert {name: one.seen(name).number for name in one.toolchains} == dict(zip(names, (4, 6), strict=True))
    found, recorded = one.observation(names[0]), trials[0].recorded(record)
    assert recorded
    assert recorded.provenance.commands
    provenance = msgspec.structs.replace(recorded.provenance, commands=[])
    assert found == change(recorded, provenance=provenance, digest=digest_of(found))


def test_nothing_is_kept_if_any_trial_is_not_recorded(trials: list[Trial], tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    put(record, trials[0], 4)
    with pytest.raises(Refused, match=r"is not recorded.*claimlab lab\.tiny --go \S+ --engine local$"):
        keep(trials, record)
    assert Kept(trials[0].lab).toolchains == {}


def test_nothing_is_kept_of_a_go_of_ones_own(trials: list[Trial], tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    hashes = trials[0].toolchain.release.hashes
    own = replace(trials[0], toolchain=Toolchain(Release("1.28.dev0", hashes, own="tip")))
    put(record, own, 4)
    with pytest.raises(Refused, match="tip is a Go of one's own"):
        keep([own], record)
    assert Kept(own.lab).toolchains == {}


# What is kept


def test_a_test_finds_its_lab(lab: Path) -> None:
    kept_numbers(lab, v1_24_11=2)
    one = kept(str(lab / "tests" / "test_tiny.py"))
    assert one.seen("1.24.11").number == 2
    assert one.ruling("9.1-a", one.seen("1.24.11")).outcome is Outcome.HOLDS
    assert one.finding("9.1-a", change(one.seen("1.24.11"), number=5)).because == "the number is 5"


@pytest.mark.parametrize("place", ["test_tiny.py", "tests/more/test_tiny.py", "../tests/test_tiny.py"])
def test_a_test_that_lies_elsewhere_is_told_where_to_lie(lab: Path, place: str) -> None:
    with pytest.raises(BadData, match="in the folder tests of a lab"):
        kept(str(lab / place))


def test_toolchains_that_nobody_pins_any_more_are_known_by_name(lab: Path) -> None:
    one = kept_numbers(lab, v1_24_11=2)
    one.path("1.24.11").rename(one.path("1.20.2+arenas"))
    (tool,) = Kept(one.folder).toolchains.values()
    assert (tool.name, str(tool.go), tool.experiment) == ("1.20.2+arenas", "1.20.2", "arenas")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"number":2', '"number":4', "somebody has changed it"),
        ('"lab":"tiny"', '"lab":"other"', "it is of other on 1.24.11"),
        ('"schema":1', '"schema":', "JSON is malformed"),
    ],
)
def test_what_is_damaged_counts_for_nothing(lab: Path, old: str, new: str, words: str) -> None:
    one = kept_numbers(lab, v1_24_11=2)
    text = one.path("1.24.11").read_text()
    assert old in text
    one.path("1.24.11").write_text(text.replace(old, new))
    with pytest.raises(BadData, match=f"{words}.*claimlab record.keep tiny"):
        one.unexpected("1.24.11")


# What comes out


def test_outcomes_are_compared_with_what_is_expected_on_that_toolchain(lab: Path) -> None:
    claims = lab.parent / "claims.toml"
    rules = '[{ go = "<1.24", outcome = "fails" }, { outcome = "holds" }]'
    claims.write_text(claims.read_text().replace('expected = "holds"', f"expected = {rules}"))
    one = kept_numbers(lab, v1_23_9=3, v1_24_11=2)
    assert [one.unexpected(name) for name in one.toolchains] == ["", ""]
    other = kept_numbers(lab, v1_23_9=2, v1_24_11=5)
    lines = other.unexpected("1.24.11").splitlines()
    assert lines[0] == "9.1-a on Go 1.24.11, as it is kept: expected holds, judged fails"
    assert "  because:  the number is 5" in lines
    assert lines[-1].endswith("claimlab record.keep tiny")
    assert "expected fails, judged holds" in other.unexpected("1.23.9")


def test_a_judge_of_a_claim_that_is_not_there_is_told(lab: Path) -> None:
    one = kept_numbers(lab, v1_24_11=2)
    (lab / "judges.py").write_text((lab / "judges.py").read_text().replace("9.1-a", "9.1-z"))
    with pytest.raises(BadData, match=r"its article has not: 9\.1-z"):
        one.unexpected("1.24.11")


# The law: every judge has been seen to say both


@pytest.mark.parametrize(
    ("numbers", "also", "said"),
    [
        ({"v1_24_11": 2}, None, ""),  # the control fails
        ({"v1_24_11": 5, "v1_27_3": 2}, None, ""),
        ({"v1_24_11": 5, "v1_27_3": 7}, None, "say holds; it said fails."),
        ({"v1_24_11": 5}, 2, ""),
        ({"v1_24_11": 5}, 7, "say holds; it said fails."),
        ({}, None, "say fails or holds; it said nothing, since no observation is kept."),
    ],
)
def test_a_judge_has_to_be_seen_to_say_both(lab: Path, numbers: dict[str, int], also: int | None, said: str) -> None:
    one = kept_numbers(lab, **numbers)
    if also is not None:
        write_changed(lab, number=also)
    first = one.one_sided().partition("\n")[0]
    assert first == (said and f"9.1-a: nobody has seen its judge {said}")


@pytest.mark.parametrize(
    ("known", "said"),
    [("HOLDS", "it said holds."), ("FAILS", "it said broken, holds.")],
)
def test_a_judge_that_cannot_fail_is_told_with_what_to_do(lab: Path, known: str, said: str) -> None:
    (lab / "judges.py").write_text(HOLDING.format(known=known))
    lines = kept_numbers(lab, v1_24_11=2, v1_27_3=5).one_sided().splitlines()
    assert lines[:4] == [
        f"9.1-a: nobody has seen its judge say fails; {said}",
        "  Keep an observation in which it does: claimlab record.keep tiny --go RELEASE",
        "  Or change one so that it has to: labs/ch9_things/tiny/tests/changed.py with",
        '  changed = {"9.1-a": [change(kept(__file__).seen("…"), …)]}',
    ]
    broken = ["  broken: the judge failed on its control, an odd number: holds instead of fails"]
    assert lines[4:] == (broken if known == "FAILS" else [])


def test_what_is_changed_for_a_claim_of_another_lab_is_told(lab: Path) -> None:
    one = kept_numbers(lab, v1_24_11=2)
    write_changed(lab, claim="9.1-z")
    with pytest.raises(BadData, match=r"changed\.py: the lab does not judge 9\.1-z"):
        one.one_sided()


# What nobody saw


class Seen(msgspec.Struct):
    counts: dict[str, int]


def test_entries_take_the_place_of_others() -> None:
    seen = Seen({"a": 1, "b": 2})
    assert with_entries(seen, "counts", {"b": 3}) == Seen({"a": 1, "b": 3})
    assert seen == Seen({"a": 1, "b": 2})
    with pytest.raises(KeyError, match="counts has no c"):
        with_entries(seen, "counts", {"c": 3})


def test_a_tally_counts_what_happened() -> None:
    died, survived = Ending(3, 2, False, "fatal", [], ""), Ending(0, 0, False, "", [], "")
    tally = tally_of(died, survived)
    assert (tally.runs, tally.endings) == (3, [died])
