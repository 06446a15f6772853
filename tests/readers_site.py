"""A small site of two articles as its readers have it, in both languages; asked for with ``pytest_plugins``.

One article is about maps, the other about a release. What it shows turns from one release to another in every way.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

import msgspec
import pytest
from playwright.sync_api import Browser
from sphinx.application import Sphinx
from sphinx.locale import translators
from sphinx.util.docutils import docutils_namespace, patch_docutils
from tests.colours_lab import ReadOnly
from tests.ours import FOR_ALL, OUR, write_article, write_project
from tests.site_in_browser import launched

from claimlab.project.project import Project
from claimlab.questions.laboratory import Laboratory
from claimlab.site.translations import judges_catalogue
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, Record, observation_of
from claimlab.trials.trial import Trial

ADDRESS: Final = "https://example.org/lab/"
REPOSITORY: Final = "https://example.org/code"
SITE: Final = {"address": ADDRESS, "repository": REPOSITORY, "licence": "CC-BY-4.0"}
MAPS: Final = """
[chapter]
number = 1
title = { en = "Maps", zh = "映射" }

[[section]]
id = "1.1"
title = { en = "Headers", zh = "头部" }
"""
NOTES: Final = """
[chapter]
title = { en = "Go 1.24", zh = "Go 1.24" }
go = "1.24"
"""
CLAIM: Final = """
[[claim]]
id = "{id}"
en = "The {thing} is `{id}`."
zh = "这个{thing}是 `{id}`。"
"""
MORE: Final = {
    "1.1-a": 'section = "1.1"\nsurprise = 1\ncorrection = { en = "It was so up to 1.23.", zh = "到 1.23 为止如此。" }\n'
    'sources = [{ go = "<1.24", files = ["runtime/map.go"] }, { go = ">=1.24", files = ["internal/runtime/maps/"] }]\n',
    "24-b": 'correction = { en = "It was so before, too.", zh = "以前也如此。" }\n',
    "24-c": 'untestable = { en = "The suite is not named.", zh = "没有指明测试集。" }\n',
}
LAB: Final = '''"""What does the {name} do?"""

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments.layout import TypeLayout
from claimlab.trials.lab import Lab


class Seen(msgspec.Struct):
    minor: int
    header: TypeLayout


lab = Lab("{name}")


@lab.observe
def observe(bench: Bench) -> Seen:
    raise AssertionError("a page measured something")
'''
JUDGES: Final = """
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges
from claimlab.verdicts.finding import Finding, decided, void
from claimlab.project.outcome import Outcome

judges = Judges()
"""
JUDGE: Final = """
@judges.of("{id}", sees=lambda seen: seen.minor, control=Control("a lie", lambda _: 0, Outcome.FAILS))
def judge_{number}(minor: int) -> Finding:
    \"\"\"The minor release is asked.\"\"\"
    return ({finding}) if minor else decided(False, "there is no release")
"""
DECIDED: Final = 'decided({}, f"the minor release is {{minor}}")'
FINDINGS: Final = {
    "maps": {
        "1.1-a": DECIDED.format("minor < 24"),
        "1.1-b": f"{DECIDED.format('True')} if minor < 24 else void('there is no such header')",
        "1.1-c": DECIDED.format("minor > 25"),
        "1.1-d": DECIDED.format("minor > 20"),
    },
    "notes": {"24-a": DECIDED.format("minor > 23"), "24-b": DECIDED.format("minor > 20")},
}
INDEX: Final = """# What is true?

```{claimlab:topics}
```

```{claimlab:counts}
```

```{claimlab:articles}
```

```{claimlab:surprises}
```

```{claimlab:timeline}
```

```{claimlab:matrix}
```

```{toctree}
:glob:
:hidden:

articles/*
chapters/**
releases/*
compare/index
log/index
```
"""
TOPICS: Final = """
[[topic]]
id = "header"
question = { en = "What is the header?", zh = "头部是什么？" }
answer = { en = "It is another one.", zh = "换了一个。" }
claims = { "1.1-a" = "fails", "notes:24-a" = "holds" }

[[topic]]
id = "overtaken"
question = { en = "Is the header what it was?", zh = "头部还是原样吗？" }
answer = { en = "It is what it was.", zh = "还是原样。" }
claims = { "1.1-a" = "holds", "1.1-d" = "holds" }
"""
OF_JUDGES: Final = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8"

msgid "The minor release is asked."
msgstr "问的是次版本号。"

msgid "the minor release is {1}"
msgstr "次版本号为 {1}"
"""
"""What a control is has no translation."""
PROVENANCE: Final = Provenance(
    "2026-11-23T12:00:00+00:00", 1.5, "go1.27.3", {}, {"cpu": "Some CPU", "cores": "2"}, [], {}, "./inv"
)


def write_site(root: Path) -> Project:
    """The project, with everything recorded. A build with ``noswissmap`` is as Go 1.23 was."""
    write_article(root / "labs" / "notes", author="Those who write")
    project = write_project(root, ("labs/maps", "labs/notes"), site=SITE, topics="topics.toml")
    (root / "topics.toml").write_text(TOPICS, encoding="utf-8")
    for article, chapter, head in (("maps", "ch1", MAPS), ("notes", "go1_24", NOTES)):
        folder = root / "labs" / article / chapter
        lab = folder / f"{article}-lab"
        lab.mkdir(parents=True)
        findings = FINDINGS[article]
        claims = [*findings, *(["24-c"] if article == "notes" else [])]
        rows = [
            CLAIM.format(id=one, thing="header" if article == "maps" else "note")
            + MORE.get(one, 'section = "1.1"\n' if article == "maps" else "")
            for one in claims
        ]
        judges = [
            JUDGE.format(id=one, number=number, finding=finding)
            for number, (one, finding) in enumerate(findings.items())
        ]
        (folder / "claims.toml").write_text(head + "".join(rows), encoding="utf-8")
        (lab / "lab.py").write_text(LAB.format(name=f"{article}-lab"), encoding="utf-8")
        (lab / "judges.py").write_text(JUDGES + "".join(judges), encoding="utf-8")
        (lab / "main.go").write_text("// To be seen: nothing.\npackage main\n\nfunc main() {}\n", encoding="utf-8")
        write_record(project, LabFolder(lab, project))
    words = judges_catalogue(project, "zh_CN")
    words.parent.mkdir(parents=True)
    words.write_text(OF_JUDGES, encoding="utf-8")
    (root / "docs" / "index.md").write_text(INDEX, encoding="utf-8")
    return project


def write_record(project: Project, lab: LabFolder) -> None:
    for tool in FOR_ALL:
        minor = 23 if tool.experiment == "noswissmap" else tool.go.minor
        name, size = ("runtime.hmap", 48) if minor < 24 else ("internal/runtime/maps.Map", 40)
        fields = [{"name": "count", "offset": 0, "size": 8, "type": "int", "kind": "integer"}]
        header = {"name": name, "present": True, "kind": "struct", "size": size, "align": 8, "fields": fields}
        trial = Trial(lab, tool, ReadOnly(OUR))
        seen = msgspec.convert({"minor": minor, "header": header}, lab.lab.seen_type)
        found = observation_of(lab.name, tool.name, "local", trial.inputs, PROVENANCE, seen)
        Record(project.record).put(found, trial.address)


def build(project: Project) -> Path:
    """Both languages; a warning fails the test."""
    out = project.root / "out"
    for language, folder in {"en": ".", "zh_CN": "zh"}.items():
        said = StringIO()
        settings = {
            "extensions": ["claimlab.site"],
            "html_theme": "furo",
            "claimlab_engine": ReadOnly(OUR),
            "claimlab_files": "." if language == "en" else "..",
            "language": language,
            "locale_dirs": ["locale"],
        }
        translators.clear()
        with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
            warnings.simplefilter("ignore")
            docs, trees = project.docs, project.root / "trees" / language
            Sphinx(docs, None, out / folder, trees, "html", settings, status=None, warning=said, parallel=2).build()
        assert said.getvalue().splitlines() == []
    translators.clear()
    return out


@pytest.fixture(scope="session")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """The small site's project, with everything recorded."""
    return Laboratory(write_site(tmp_path_factory.mktemp("readers")), ReadOnly(OUR))


@pytest.fixture(scope="session")
def pages(readers: Laboratory) -> Path:
    return build(readers.project)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as opened:
        yield opened
