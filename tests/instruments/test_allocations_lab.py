"""A whole lab about allocations is short, and decides what golang/go#62404 is about."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest
from tests.bench_fixtures import NEWEST, RESOURCES
from tests.ours import OUR

from claimlab import Outcome
from claimlab.benches.bench import Bench
from claimlab.instruments import allocations
from claimlab.trials.imports import instruments_of
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.ruling import rule

pytest_plugins = ["tests.bench_fixtures"]

FOLDER: Final = RESOURCES.parent / "short_lab" / "range_allocates"


def test_it_has_at_most_forty_lines() -> None:
    files = sorted(FOLDER.glob("*.py"))
    assert [path.name for path in files] == ["judges.py", "lab.py"]
    assert sum(len(path.read_text().splitlines()) for path in files) <= 40


def test_all_that_counts_for_it_is_in_its_address() -> None:
    assert instruments_of(LabFolder(FOLDER, OUR)) >= {"allocations", "gdb", "gobuild", "processes", "symbols"}
    assert '"allocations.go"' in Path(allocations.__file__).read_text()


@pytest.mark.docker
@pytest.mark.parametrize(
    ("toolchain", "outcome"), [("1.21.13", Outcome.HOLDS), ("1.23.9", Outcome.FAILS), (NEWEST, Outcome.FAILS)]
)
def test_range_allocates_only_where_it_is_known_to(
    benches_of: Callable[[str], Bench], toolchain: str, outcome: Outcome
) -> None:
    """In 1.21 a variable of Range escapes, used or not; since 1.22 only its copy does, where one is needed
    (sync/map.go; https://go.dev/issue/62404)."""
    folder = LabFolder(FOLDER, OUR)
    seen = folder.lab.look(benches_of(toolchain))
    again = msgspec.json.decode(msgspec.json.encode(seen), type=folder.lab.seen_type)
    (judge,) = judges_of(folder)
    ruling = rule(judge, again)
    assert (ruling.outcome, again) == (outcome, seen)
    assert again["stores"].allocates() is True
