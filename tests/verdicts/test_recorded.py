"""Every lab of this project has what the law needs: observations of each kind of toolchain, and judges."""

from typing import Final

import pytest
from packaging.version import Version
from tests.ours import OUR

from claimlab.trials.lab import find_labs
from claimlab.verdicts.kept_observations import Kept

LABS: Final = {folder.name: Kept(folder) for folder in find_labs(OUR)}
SWISS: Final = Version("1.24")


@pytest.mark.parametrize("lab", LABS)
def test_each_kind_of_toolchain_is_kept(lab: str) -> None:
    kept = LABS[lab]
    if kept.folder.lab.has_axis:
        kinds = {(tool.go >= SWISS, bool(tool.experiment)) for tool in kept.toolchains.values()}
        assert kinds >= {(False, False), (True, False), (True, True)}
    else:
        assert set(kept.toolchains) == {"-"}


def test_every_claim_of_which_an_outcome_is_expected_has_a_judge() -> None:
    claims = [claim for article in OUR.articles for claim in article.claims]
    assert {claim.id for claim in claims if claim.expected and not claim.look} == {
        claim for kept in LABS.values() for claim in kept.judges
    }
