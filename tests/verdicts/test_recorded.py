"""The judges of every lab on observations that real trials recorded: what no lab's own test need say again."""

from typing import Final

import pytest
from packaging.version import Version
from tests.ours import OUR
from tests.recorded import FAILS, HOLDS, Recorded

from claimlab.project.claim import load_chapters
from claimlab.trials.lab import find_labs
from claimlab.trials.record import digest_of
from claimlab.verdicts.expectations import expected_of

LABS = {folder.name: Recorded(folder) for folder in find_labs(OUR)}
KEPT = [(lab, toolchain) for lab, recorded in LABS.items() for toolchain in recorded.toolchains]
JUDGED = [(lab, claim) for lab, recorded in LABS.items() for claim in recorded.judges]
SWISS: Final = Version("1.24")
SAYS_BOTH_IN_ITS_OWN_TEST: Final = {"5-b"}
"""What is recorded leaves it unclear."""


@pytest.mark.parametrize("lab", LABS)
def test_each_kind_of_toolchain_is_kept(lab: str) -> None:
    recorded = LABS[lab]
    if recorded.folder.lab.has_axis:
        kinds = {(tool.go >= SWISS, bool(tool.experiment)) for tool in recorded.toolchains.values()}
        assert kinds >= {(False, False), (True, False), (True, True)}
    else:
        assert set(recorded.toolchains) == {"-"}


def test_every_claim_of_which_an_outcome_is_expected_has_a_judge() -> None:
    claims = [claim for chapter in load_chapters() for claim in chapter.claims()]
    assert {claim.id for claim in claims if claim.expected} == {claim for _, claim in JUDGED}


@pytest.mark.parametrize(("lab", "toolchain"), KEPT)
def test_what_is_kept_is_whole(lab: str, toolchain: str) -> None:
    observation = LABS[lab].observation(toolchain)
    assert digest_of(observation) == observation.digest
    assert (observation.lab, observation.toolchain) == (lab, toolchain)


@pytest.mark.parametrize(("lab", "toolchain"), KEPT)
def test_the_outcomes_are_the_expected_ones(lab: str, toolchain: str) -> None:
    recorded = LABS[lab]
    seen = recorded.seen(toolchain)
    found = {claim: recorded.ruling(claim, seen) for claim in recorded.judges}
    expected = {claim: expected_of(recorded.claims[claim], recorded.toolchains[toolchain]) for claim in found}
    because = "\n".join(f"{claim}: {ruling.finding.because}" for claim, ruling in found.items())
    assert {claim: ruling.outcome for claim, ruling in found.items()} == expected, because


@pytest.mark.parametrize(("lab", "claim"), JUDGED)
def test_every_judge_has_been_seen_to_say_both(lab: str, claim: str) -> None:
    recorded = LABS[lab]
    rulings = [recorded.ruling(claim, recorded.seen(toolchain)) for toolchain in recorded.toolchains]
    said = {one.outcome for one in rulings} | {control.outcome for one in rulings for control in one.controls}
    assert {HOLDS, FAILS} <= said or claim in SAYS_BOTH_IN_ITS_OWN_TEST
