"""Claims that are data and relate releases, and their figures, from the row to the verdict on two real toolchains."""

import json
from collections.abc import Iterator

import pytest
from tests.claim_rows import NEW, ON_LOCAL, chapter_of
from tests.tiny_lab import Checkout, Started

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
OLD = "1.21.13"
OWN = "package main\n\ntype T struct{ p *int }\n\nfunc main() { println(T{new(7)}.p != nil) }\n"
ROWS = {
    "goid-same": ('{ layout = "runtime.g", field = "goid", same = "offset" }', "holds", "holds"),
    "bp-same": ('{ layout = "runtime.g", field = "sched.bp", same = "offset" }', "fails", "fails"),
    "bp-less": ('{ layout = "runtime.g", field = "sched.bp", less = "offset", than = "1.21" }', "void", "holds"),
    "hmap-same": ('{ layout = "runtime.hmap", same = "size" }', "unclear", "void"),
    "own-more": ('{ layout = "T", in = "own.go", more = "size", than = "1.21" }', "void", "void"),
}
"""The table, and what is to come out on the old release and on the new: the old one does not build ``new(7)``."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    started = Started()
    yield chapter_of(tmp_path_factory.mktemp("across") / "checkout", started, {"own.go": OWN}, ROWS, OLD)
    started.end()


def test_releases_are_measured_and_related(made: Checkout) -> None:
    alone = made.inv("lab.look-bp-less", "--go", NEW, *ON_LOCAL)
    assert "2 of 2" in alone.stderr  # what it is compared with, too
    assert "1 trial on engine local, 1 outcome: all as expected" in alone.stdout
    done = made.inv("lab.all", *ON_LOCAL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 outcomes: all as expected" in done.stdout
    rows = {row["id"]: row for row in json.loads(made.inv("verdicts", "--json", *ON_LOCAL).stdout)}
    assert {name: tuple(row["outcomes"].values()) for name, row in rows.items()} == {
        name: (old, new) for name, (_, old, new) in ROWS.items()
    }
    assert (rows["bp-less"]["verdict"], rows["bp-same"]["verdict"]) == ("holds wherever it exists", "refuted")
    assert set(rows["bp-same"]["saw"][NEW]) == {OLD, NEW}
    assert set(rows["bp-less"]["saw"][NEW]) == {OLD}


def test_the_figures_of_a_claim_that_is_data(made: Checkout) -> None:
    made.inv("lab.look-bp-less", *ON_LOCAL)
    done = made.inv("values", "look-bp-less", "--compare", "1.21", *ON_LOCAL)
    assert [line.split() for line in done.stdout.splitlines()][1:] == [
        ["offset", "of", "sched.bp", "104", "B", "(0,", "×1.000)", "96", "B", "(-8,", "×0.923)*"],
        ["size", "of", "sched.bp", "8", "B", "(0,", "×1.000)", "8", "B", "(0,", "×1.000)"],
    ]
