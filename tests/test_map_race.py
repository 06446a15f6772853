"""The judges of map-race on observations that real trials recorded, and on these with one thing changed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from claimlab.claim import load_chapter
from claimlab.instruments.processes import Ending, Tally
from claimlab.instruments.race import WARNING, Races
from claimlab.lab import LabFolder
from claimlab.outcome import Outcome
from claimlab.places import LABS
from claimlab.record import Observation
from claimlab.ruling import Ruling, rule
from claimlab.toolchain import Toolchain, all_toolchains

RECORDED = Path(__file__).parent / "resources" / "map_race"
LAB = LabFolder(LABS / "ch2_native_map" / "map_race")
CLAIMS = {claim.id: claim for claim in load_chapter(LAB.chapter_folder / "claims.toml").claims()}
JUDGES = {judge.claim: judge for judge in LAB.judges}
TOOLCHAINS = {path.stem: path for path in sorted(RECORDED.glob("*.json"))}
HOLDS, FAILS, UNCLEAR, BROKEN = Outcome.HOLDS, Outcome.FAILS, Outcome.UNCLEAR, Outcome.BROKEN

change = msgspec.structs.replace


def seen_on(name: str) -> Any:
    observation = msgspec.json.decode(TOOLCHAINS[name].read_bytes(), type=Observation)
    return msgspec.json.decode(observation.seen, type=LAB.lab.seen_type)


def ruling(claim: str, seen: Any) -> Ruling:
    return rule(JUDGES[claim], seen)


def toolchain(name: str) -> Toolchain:
    return next(one for one in all_toolchains() if one.name == name)


def races(racy: int, runs: int, otherwise: int = 0) -> Races:
    """Reports in so many processes; others may have ended without one, but not by themselves."""
    endings = [
        Ending(racy, 66, False, "", [WARNING], ""),
        Ending(otherwise, 2, False, "fatal error: concurrent map writes", [], ""),
        Ending(runs - racy - otherwise, 0, False, "", [], ""),
    ]
    return Races(Tally(["./program"], {}, runs, [ending for ending in endings if ending.count]), [])


def with_races(seen: Any, **changed: Races) -> Any:
    assert set(changed) <= set(seen.races)
    return change(seen, races={**seen.races, **changed})


@pytest.mark.parametrize("name", TOOLCHAINS)
@pytest.mark.parametrize("claim", JUDGES)
def test_recorded_observations_give_the_expected_outcomes(claim: str, name: str) -> None:
    found = ruling(claim, seen_on(name))
    assert found.outcome is CLAIMS[claim].expectation(toolchain(name)), found.finding.because


@pytest.mark.parametrize("claim", JUDGES)
def test_every_judge_has_been_seen_to_say_both(claim: str) -> None:
    rulings = [ruling(claim, seen_on(name)) for name in TOOLCHAINS]
    said = {one.outcome for one in rulings} | {one.control.outcome for one in rulings if one.control}
    assert {HOLDS, FAILS} <= said


@pytest.mark.parametrize("name", TOOLCHAINS)
def test_the_evidence_names_the_runtimes_function_and_the_programs_line(name: str) -> None:
    shown = ruling("2.4-g", seen_on(name)).finding.shows
    assert "runtime.mapassign_faststr" in shown
    assert "main.once" in shown


@pytest.mark.parametrize(
    ("claim", "changed", "outcome"),
    [
        ("2.4-g", {"once": races(0, 100)}, FAILS),
        ("2.4-g", {"once": races(50, 100)}, UNCLEAR),
        ("2.4-g", {"once": races(0, 100, otherwise=3)}, UNCLEAR),
        ("2.4-g", {"once": races(90, 100, otherwise=10)}, HOLDS),
        ("2.4-g", {"locked": races(50, 50)}, BROKEN),
        ("2.4-l", {"sync": races(100, 100)}, FAILS),
        ("2.4-l", {"sync": races(1, 100)}, UNCLEAR),
        ("2.4-l", {"sync": races(0, 100, otherwise=1)}, UNCLEAR),
        ("2.4-l", {"many": races(0, 20)}, BROKEN),
    ],
)
def test_counts_decide(claim: str, changed: dict[str, Races], outcome: Outcome) -> None:
    assert ruling(claim, with_races(seen_on("1.27.3"), **changed)).outcome is outcome


def test_processes_that_ended_in_another_way_are_told() -> None:
    found = ruling("2.4-l", with_races(seen_on("1.27.3"), sync=races(0, 100, otherwise=4)))
    assert "4 ended in another way" in found.finding.because
