"""Which toolchains a question is asked on, where some are for certain labs only."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ours import OUR, TOOLCHAINS, write_project

from claimlab.benches.engine import Engine
from claimlab.project.errors import Refused
from claimlab.questions.asked import ClaimsQuestion, keep, kept_folder
from claimlab.questions.benchmarks import Benchmarks
from claimlab.questions.laboratory import Laboratory
from claimlab.questions.layouts import Layout
from claimlab.toolchains.toolchain import Release, Toolchain, for_all, variant_of

LIMITED = [one for one in TOOLCHAINS if one.labs is not None]


def test_who_asks_says_where_and_a_claim_that_is_a_row_is_asked_as_labs_are(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    assert keep(project, Layout(type="runtime.g"), {}).axis(TOOLCHAINS) == TOOLCHAINS
    folder = kept_folder(project, Layout(type="runtime.m"), {}, "9-a")
    assert ClaimsQuestion(folder, project, "look-9-a").axis(TOOLCHAINS) == for_all(TOOLCHAINS)
    (labs,) = {one.labs for one in LIMITED}
    assert labs is not None
    assert ClaimsQuestion(folder, project, min(labs)).axis(TOOLCHAINS) == TOOLCHAINS


@pytest.mark.parametrize("variant", ["asynctimerchan=1", "gotypesalias=0"])
def test_benchmarks_of_a_setting_beside_others_are_refused(
    tmp_path: Path, make_engine: Callable[..., Engine], variant: str
) -> None:
    tools = [Toolchain(Release("1.23.9", {})), variant_of(Release("1.24.11", {}), variant)]
    asked = Benchmarks(toolchains=tuple(one.name for one in tools), base=tools[0].name)
    with pytest.raises(Refused, match="would give its GODEBUG to the programs of all"):
        Laboratory(OUR, make_engine()).trials(keep(write_project(tmp_path), asked, {}), tools)
