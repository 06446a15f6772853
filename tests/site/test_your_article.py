"""docs/your-article.md, done step by step in an empty folder."""

from pathlib import Path

import pytest
from tests.ours import OUR
from tests.tiny_lab import Started
from tests.told_project import follow

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


@pytest.mark.gdb
def test_every_step_of_the_page_does_what_it_says(tmp_path: Path, started: Started) -> None:
    follow(OUR.docs / "your-article.md", tmp_path / "notes", started)
    site = tmp_path / "notes" / "docs" / "_build" / "html"
    page = (site / "slices.html").read_text()
    sentence = page.partition('id="claim-doubles-256">')[2].partition("</p>")[0]
    assert sentence.startswith("A full slice of 256 elements has 512 after <code")
    assert ">confirmed</a> Nobody has to care, until\nsomebody does." in sentence
    assert 'href="../slices.html#claim-doubles-256"' in (site / "claims" / "doubles-256.html").read_text()
