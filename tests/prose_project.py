"""A small project whose claims stand in its own pages; asked for with ``pytest_plugins``, together with tests.conftest.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomlkit
from tests.ours import FOR_ALL
from tests.toy_project import JUDGES, LAB, Project

from claimlab.benches.engine import Engine
from claimlab.trials.lab import LabFolder

ARTICLE = {"title": "Checks", "languages": ["en"], "pages": ["checks.md", "more.rst"]}
CHECKS = """# About numbers

Some say much. {claimlab:says}``The number `n` is even. <n-even>`` Others say
nothing.

```{note}
{claimlab:says}`Nobody asks this. <n.unasked>`
```
"""
MORE = """More about numbers
==================

.. claimlab:says:: n-positive

   The number ``n`` is
   *greater* than zero.

Again, :claimlab:says:`a secret says so. <n-secret>`
"""
ROWS = """
[[claim]]
id = "n-even"
expected = "holds"
correction = { en = "It is even since 1.24." }
sources = [{ files = ["runtime/map.go"] }]

[[claim]]
id = "n-secret"
untestable = "The secret is not public."
"""
INDEX = "# Toys\n\n```{toctree}\nchecks\nmore\n```\n"
TWO_JUDGES = f"""{JUDGES.replace("9.1-a", "n-even")}

@judges.of("n-positive", sees=lambda seen: seen.number, control=Control("minus one", lambda _: -1, Outcome.FAILS))
def number_is_positive(number: int) -> Finding:
    return decided(number > 0, "the number is compared with zero")
"""


@dataclass
class ProseProject(Project):
    """A project of one article, whose claims two pages mark, and of one lab."""

    def __post_init__(self) -> None:
        for name, text in {"index.md": INDEX, "checks.md": CHECKS, "more.rst": MORE}.items():
            self.page(name, text)
        self.rows(ROWS)

    def page(self, name: str, text: str) -> None:
        (self.root / "docs").mkdir(exist_ok=True)
        (self.root / "docs" / name).write_text(text)

    def rows(self, text: str) -> None:
        (self.root / "labs" / "claims.toml").write_text(text)

    def put_everywhere(self, number: int) -> None:
        for toolchain in FOR_ALL:
            self.put(toolchain.name, number)


@pytest.fixture
def prose(tmp_path: Path, make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine]) -> ProseProject:
    (tmp_path / "labs").mkdir()
    (tmp_path / "labs" / "article.toml").write_text(tomlkit.dumps(ARTICLE))
    return ProseProject(tmp_path, make_lab(LAB, TWO_JUDGES, where="labs/toy"), make_engine())
