"""`claimlab bench`: each figure is measured, stands beside its limit, and one that is over it is told."""

import json

import pytest
from tests.bench_fixtures import NEWEST
from tests.tiny_lab import Checkout, write_lab

from claimlab.cli.speed_rows import Row, over

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


def test_a_figure_is_told_with_its_limit_and_what_was_seen_beside_it() -> None:
    under = Row("pages", "pages", 6.5, "s", 7, "two languages")
    beyond = Row("matrix", "every lab, in limits", 1.234, "", 1.2)
    assert under.told() == "pages: 6.50 s, within 7  (two languages)"
    assert beyond.told() == "every lab, in limits: 1.23, OVER 1.2"
    assert over([under, beyond]) == [beyond]


def test_a_row_that_there_is_none_of_is_refused_with_those_there_are(checkout: Checkout) -> None:
    done = checkout.inv("bench", "--row", "nosuch")
    assert done.returncode == 2
    assert "There is no row nosuch. Rows: fresh-local, fresh-docker, matrix, recorded, pages, script." in done.stderr


@pytest.mark.docker
@pytest.mark.usefixtures("docker_engine")
def test_the_matrix_is_measured_against_its_own_commands_and_memory_is_seen(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    done = checkout.inv("bench", "--row", "matrix", "--go", NEWEST, "--row", "recorded", "--json")
    assert done.returncode in (0, 1), done.stderr
    ratio, memory, everything, verdicts = json.loads(done.stdout)
    assert (ratio["row"], ratio["what"]) == ("matrix", f"every lab on Go {NEWEST}, in limits")
    assert ratio["measured"] > 1
    assert 20 < memory["measured"] < memory["at_most"] == 1024
    assert all(0 < one["measured"] < 60 for one in (everything, verdicts))
    is_over = any(one["measured"] > one["at_most"] for one in (ratio, memory, everything, verdicts))
    assert done.returncode == int(is_over)
