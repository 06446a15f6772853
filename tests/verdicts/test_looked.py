"""The judges of rows, on observations that are made up: what the pure part says of them."""

from pathlib import Path

import pytest
from tests.ours import write_project

from claimlab.instruments.dwarf_types import TypeLayout
from claimlab.project.outcome import Outcome
from claimlab.questions.claimed import SURE_TYPE
from claimlab.questions.labs import ClaimLab, all_labs
from claimlab.questions.layouts import LayoutSeen
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.looked import judge_of

ROW = """[chapter]
title = "Things"

[[claim]]
id = "hmap"
en = "There is no such type."
look = {{ layout = "{type}", exists = {exists} }}
"""
SURE = TypeLayout(SURE_TYPE, present=True, kind="struct", size=8)


def found(tmp_path: Path, name: str, exists: bool, seen: LayoutSeen) -> tuple[Finding, Outcome]:
    """What is found of the row, and what its control says."""
    write_project(tmp_path, ("labs",), ("en",))
    (tmp_path / "labs" / "claims.toml").write_text(ROW.format(type=name, exists=str(exists).lower()))
    [lab] = all_labs(write_project(tmp_path, ("labs",), ("en",)))
    assert isinstance(lab, ClaimLab)
    judge = judge_of(lab)
    [control] = judge.controls
    return judge.decide(judge.sees(seen)), judge.decide(control.sees(seen)).outcome


@pytest.mark.parametrize("near", [(), ("runtime.hmap", "runtime.bmap")])
@pytest.mark.parametrize(("exists", "outcome"), [(False, Outcome.HOLDS), (True, Outcome.FAILS)])
def test_of_a_type_that_is_not_there_those_are_named_that_are_called_almost_so(
    tmp_path: Path, exists: bool, outcome: Outcome, near: tuple[str, ...]
) -> None:
    seen = LayoutSeen(near=near, others={SURE_TYPE: SURE})
    finding, control = found(tmp_path, "runtime.hmapp", exists, seen)
    assert (finding.outcome, finding.because) == (outcome, "runtime.hmapp is not there")
    assert finding.shows == ("called almost so: runtime.hmap, runtime.bmap" if near else "")
    assert control is Outcome.FAILS


def test_a_type_that_is_there_is(tmp_path: Path) -> None:
    seen = LayoutSeen(type=TypeLayout("runtime.hmap", present=True, kind="struct", size=48), others={SURE_TYPE: SURE})
    finding, control = found(tmp_path, "runtime.hmap", False, seen)
    assert (finding.outcome, finding.because, finding.shows) == (Outcome.FAILS, "runtime.hmap is there", "")
    assert control is Outcome.FAILS
