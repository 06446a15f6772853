"""A small Sphinx project around a lab whose observations are made here; asked for with ``pytest_plugins``.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import html
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.locale import translators
from sphinx.util.docutils import docutils_namespace, patch_docutils
from tests.chapter_text import NUMBERS, head
from tests.ours import FOR_ALL
from tests.ours import toolchain as pinned

from claimlab.benches.bench import Command
from claimlab.benches.engine import Engine
from claimlab.instruments.gdb import Session
from claimlab.instruments.processes import Ending, Tally
from claimlab.project.project import load
from claimlab.questions.laboratory import Laboratory
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, Record, observation_of
from claimlab.trials.trial import Trial

CLAIMS = f"""{head(9, "9.1", of=NUMBERS)}
[[claim]]
id = "9.1-a"
section = "9.1"
en = "The number `n` is even."
zh = "数字 `n` 是偶数。"
correction = {{ en = "It is even since 1.24.", zh = "从 1.24 起才是偶数。" }}
sources = [{{ go = "<1.24", files = ["runtime/map.go"] }}, {{ files = ["runtime/chan.go"] }}]

[[claim]]
id = "9.1-b"
section = "9.1"
en = "Nobody asks this."
zh = "没有人问这个。"

[[claim]]
id = "9.1-c"
section = "9.1"
en = "A secret says so."
zh = "秘密如此。"
untestable = {{ en = "The secret is not public.", zh = "秘密不公开。" }}
"""
LAB = '''"""Is the toy's number even?"""

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Session
from claimlab.instruments.processes import Tally
from claimlab.trials.lab import Lab


class Seen(msgspec.Struct):
    number: int
    stopped_there: Session
    counts: dict[str, Tally]


lab = Lab("toy")


@lab.observe
def observe(bench: Bench) -> Seen:
    raise AssertionError("a page measured something")
'''
JUDGES = '''
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges
from claimlab.verdicts.finding import Finding, decided
from claimlab.project.outcome import Outcome

judges = Judges()


@judges.of("9.1-a", sees=lambda seen: seen.number, control=Control("number 3", lambda _: 3, Outcome.FAILS))
def number_is_even(number: int) -> Finding:
    """Even means divisible by two."""
    return decided(number % 2 == 0, f"the number is {number}", f"n = {number}")
'''
OTHER_LAB = LAB.replace('Lab("toy")', 'Lab("other")').replace("toy's", "other toy's")
OTHER_JUDGES = JUDGES.replace("9.1-a", "9.1-b")
INDEX = """# Toys

```{claimlab:counts}
```

```{claimlab:matrix}
```

```{toctree}
:glob:

chapters/*
releases/*
plain
```
"""
PLAIN = "# Plain\n\nSee {claimlab:claim}`9.1-a` in {claimlab:lab}`toy`, and {claimlab:claim}`9.1-b`; {any}`9.1-c`.\n"


@dataclass
class Built:
    """What one build did."""

    exit_code: int
    warnings: str
    read: set[str]
    out: Path

    def page(self, name: str) -> str:
        return (self.out / f"{name}.html").read_text()

    def text(self, name: str) -> str:
        article = self.page(name).partition("<article")[2].partition("</article>")[0]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", article)).split())


@dataclass
class Project:
    """A folder of Sphinx sources, a lab, and a record."""

    root: Path
    lab: LabFolder
    engine: Engine

    def __post_init__(self) -> None:
        self.write("index", INDEX)
        self.write("plain", PLAIN)
        (self.lab.path.parent / "claims.toml").write_text(CLAIMS)

    @property
    def laboratory(self) -> Laboratory:
        """As the files are now."""
        return Laboratory(load(self.root), self.engine)

    @property
    def record(self) -> Record:
        return self.laboratory.record

    def write(self, name: str, text: str) -> None:
        (self.root / "docs").mkdir(exist_ok=True)
        (self.root / "docs" / f"{name}.md").write_text(text)

    def trial(self, toolchain: str) -> Trial:
        return Trial(self.lab, pinned(toolchain), self.engine)

    def put(self, toolchain: str, number: int, **counts: Tally) -> None:
        trial = self.trial(toolchain)
        command = Command("build", ("go", "build", "-o", "toy", "."), {"GOFLAGS": "-mod=mod"}, 0, 0.5)
        provenance = Provenance(
            measured_at="2026-11-23T12:00:00+00:00",
            duration_s=1.5,
            go=f"go{toolchain}",
            place={"gdb": "GNU gdb 13.1", "image": "sha256:abcdef"},
            host={"kernel": "6.1.0", "cpu": "Some CPU"},
            commands=[command],
            binaries={"toy": "f" * 64},
            replay=trial.replay,
        )
        session = Session("GNU gdb 13.1", [], [], f"(gdb) print n\n$1 = {number}")
        tally = Tally(["./toy"], {"GOMAXPROCS": "2"}, 10, [Ending(10, 2, False, "fatal error: odd", [], "")])
        seen = self.lab.lab.seen_type(number, session, {"odd/2": tally, **counts})
        observation = observation_of(self.lab.name, toolchain, self.engine.name, trial.inputs, provenance, seen)
        self.record.put(observation, trial.address)

    def put_all(self, *but: str) -> None:
        for toolchain in FOR_ALL:
            if toolchain.name not in but:
                self.put(toolchain.name, 3 if toolchain.language < "1.24" else 2)

    def build(self, *, parallel: int = 2, **config: Any) -> Built:
        docs = self.root / "docs"
        said, read = StringIO(), set[str]()
        settings = {
            "extensions": ["claimlab.site"],
            "html_theme": "furo",
            "claimlab_engine": self.engine,
            **config,
        }
        translators.clear()  # Sphinx keeps those of an earlier build in this process, in whatever language
        with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
            warnings.simplefilter("ignore")
            app = Sphinx(
                docs,
                None,
                self.root / "out",
                self.root / "trees",
                "html",
                settings,
                status=None,
                warning=said,
                exception_on_warning=False,
                parallel=parallel,
            )
            app.connect("env-before-read-docs", lambda _app, _env, docnames: read.update(docnames))
            app.build()
        return Built(app.statuscode, said.getvalue(), read, self.root / "out")


@pytest.fixture
def project(tmp_path: Path, make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine]) -> Project:
    return Project(tmp_path, make_lab(LAB, JUDGES), make_engine())
