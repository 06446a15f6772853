"""Every lab of this project has what the law needs: observations of each kind of toolchain, and judges."""

import sys
from typing import Final

import pytest
from packaging.version import Version
from tests.ours import OUR

from claimlab.trials.lab import find_labs
from claimlab.verdicts.expectations import depends_on_host
from claimlab.verdicts.judge import Judge
from claimlab.verdicts.kept_observations import Kept
from claimlab.verdicts.statistics import about

LABS: Final = {folder.name: Kept(folder) for folder in find_labs(OUR)}
SWISS: Final = Version("1.24")


@pytest.mark.parametrize("lab", LABS)
def test_each_kind_of_toolchain_is_kept(lab: str) -> None:
    kept = LABS[lab]
    if kept.folder.lab.has_axis:
        kinds = {(tool.go >= SWISS, bool(tool.variant)) for tool in kept.toolchains.values()}
        assert kinds >= {(False, False), (True, False), (True, True)}
    else:
        assert set(kept.toolchains) == {"-"}


def is_by_tolerance(judge: Judge) -> bool:
    """It reckons with a figure that the claim names, by the rule of tolerance."""
    return hasattr(sys.modules[judge.decide.__module__], about.__name__)


def test_who_judges_times_by_what_a_claim_says_of_them_names_what_other_hosts_may_see() -> None:
    timed = [kept for kept in LABS.values() if kept.folder.declared.timing]
    claims = [kept.claims[one.claim] for kept in timed for one in kept.judges.values() if is_by_tolerance(one)]
    assert len(claims) > 4
    assert [claim.id for claim in claims if not depends_on_host(claim)] == []


def test_every_claim_of_which_an_outcome_is_expected_has_a_judge() -> None:
    claims = [claim for article in OUR.articles for claim in article.claims]
    assert {claim.id for claim in claims if claim.expected and not claim.look} == {
        claim for kept in LABS.values() for claim in kept.judges
    }
