"""The judge of sync-map-load-cost on observations that real trials recorded, and on these with one thing changed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from claimlab.claim import load_chapter
from claimlab.instruments.ratios import Ratio
from claimlab.lab import LabFolder
from claimlab.outcome import Outcome
from claimlab.places import LABS
from claimlab.record import Observation
from claimlab.ruling import Ruling, rule
from claimlab.toolchain import Toolchain, all_toolchains

RECORDED = Path(__file__).parent / "resources" / "sync_map_load_cost"
LAB = LabFolder(LABS / "ch1_unlocked_map" / "sync_map_load_cost")
CLAIMS = {claim.id: claim for claim in load_chapter(LAB.chapter_folder / "claims.toml").claims()}
JUDGES = {judge.claim: judge for judge in LAB.judges}
TOOLCHAINS = {path.stem: path for path in sorted(RECORDED.glob("*.json"))}
HOLDS, FAILS, UNCLEAR, BROKEN = Outcome.HOLDS, Outcome.FAILS, Outcome.UNCLEAR, Outcome.BROKEN

change = msgspec.structs.replace


def seen_on(name: str) -> Any:
    observation = msgspec.json.decode(TOOLCHAINS[name].read_bytes(), type=Observation)
    return msgspec.json.decode(observation.seen, type=LAB.lab.seen_type)


def ruling(seen: Any) -> Ruling:
    return rule(JUDGES["1-t4/2"], seen)


def toolchain(name: str) -> Toolchain:
    return next(one for one in all_toolchains() if one.name == name)


def ratio(low: float | None, high: float | None) -> Ratio:
    middle = (low + high) / 2 if low is not None and high is not None else 1.0
    return Ratio(middle, low, high, 15 if low else 4, 30 * middle, 30)


@pytest.mark.parametrize("name", TOOLCHAINS)
def test_recorded_observations_give_the_expected_outcome(name: str) -> None:
    found = ruling(seen_on(name))
    assert found.outcome is CLAIMS["1-t4/2"].expectation(toolchain(name)), found.finding.because


def test_the_judge_has_been_seen_to_say_both() -> None:
    found = ruling(seen_on("1.27.3"))
    assert found.control is not None
    assert {found.outcome, found.control.outcome} == {HOLDS, FAILS}


@pytest.mark.parametrize("name", TOOLCHAINS)
def test_the_ratios_are_those_of_the_recorded_samples(name: str) -> None:
    seen = seen_on(name)
    assert seen.one_map == seen.timing.ratio(("loads", "one-map-ns/op"), ("loads", "two-maps-ns/op"))
    assert seen.one_core == seen.timing.ratio(("loads", "one-map-ns/op"), ("loads", "one-core-ns/op"))
    assert seen.one_line == seen.timing.ratio(("counts", "one-line-ns/op"), ("counts", "two-lines-ns/op"))
    assert len(seen.timing.clean()) >= 10


@pytest.mark.parametrize(
    ("one_map", "outcome"),
    [
        (ratio(1.3, 1.5), HOLDS),
        (ratio(1.1, 1.3), UNCLEAR),
        (ratio(1.0, 1.2), UNCLEAR),
        (ratio(0.9, 1.19), FAILS),
        (ratio(None, None), UNCLEAR),
        (None, UNCLEAR),
    ],
)
def test_the_whole_interval_decides(one_map: Ratio | None, outcome: Outcome) -> None:
    assert ruling(change(seen_on("1.27.3"), one_map=one_map)).outcome is outcome


@pytest.mark.parametrize("one_line", [ratio(0.9, 1.1), ratio(1.1, 1.3), None])
def test_a_machine_that_shows_no_false_sharing_breaks_the_judge(one_line: Ratio | None) -> None:
    assert ruling(change(seen_on("1.27.3"), one_line=one_line)).outcome is BROKEN


def test_the_comparison_with_one_core_is_told_where_there_is_one() -> None:
    seen = seen_on("1.27.3")
    assert "where one core loads alone" in ruling(seen).finding.because
    assert "where one core loads alone" not in ruling(change(seen, one_core=None)).finding.because
