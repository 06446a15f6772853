"""docs/claims-as-data.md, done step by step in an empty folder, on two releases."""

from pathlib import Path

import pytest
from tests.ours import OUR
from tests.tiny_lab import Checkout, Started
from tests.told_project import follow

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


@pytest.mark.gdb
def test_every_step_of_the_page_does_what_it_says(
    tmp_path: Path, started: Started, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trials measure time, and have the machine of the checkout, whose claimlab it is, for themselves."""
    checkout.pin("1.21.13", "1.27.3")
    monkeypatch.setenv("PYTHONPATH", str(checkout.root / "src"))
    follow(OUR.docs / "claims-as-data.md", tmp_path / "words", started)
