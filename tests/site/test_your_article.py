"""docs/your-article.md, done step by step in an empty folder."""

from pathlib import Path

import pytest
from tests.ours import OUR
from tests.tiny_lab import Started
from tests.told_project import follow, run
from tests.tutorial import Command

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


@pytest.mark.gdb
def test_every_step_of_the_page_does_what_it_says(tmp_path: Path, started: Started) -> None:
    env = follow(OUR.docs / "your-article.md", tmp_path / "notes", started)
    site = tmp_path / "notes" / "docs" / "_build" / "html"
    page = (site / "slices.html").read_text()
    sentence = page.partition('id="claim-doubles-256">')[2].partition("</p>")[0]
    assert sentence.startswith("A full slice of 256 elements has 512 after <code")
    assert ">confirmed</a> Nobody has to care, until\nsomebody does." in sentence
    assert 'href="../slices.html#claim-doubles-256"' in (site / "claims" / "doubles-256.html").read_text()
    _check_several_pages(tmp_path / "notes", started, env)


def _check_several_pages(root: Path, started: Started, env: dict[str, str]) -> None:
    """The page ends with three pages that share the folder of labs: labs are still found, run and made."""
    again = run(Command(0, "claimlab lab.growth --go 1.27", "", False), root, started, env)
    assert "0 trials" not in again
    assert "1 outcome: all as expected" in again
    made = run(Command(0, "claimlab lab.new sharing --chapter slices --claim shared", "", False), root, started, env)
    assert "labs/slices/sharing/judges.py" in made
    assert "claims.toml " not in made
    assert '"shared"' in (root / "labs" / "slices" / "sharing" / "judges.py").read_text()
    refused = run(Command(0, "claimlab lab.new other --chapter slices --claim unmarked", "", False), root, started, env)
    assert "none is marked as unmarked" in refused
    assert "Mark one in slices, as {claimlab:says}`A sentence. <unmarked>`" in refused
    taken = run(Command(0, "claimlab lab.new other --chapter more --claim doubles-256", "", False), root, started, env)
    assert "does not stand in chapter more" in taken
