"""The message catalogues: what there is to translate, found in the sources of the pages and of the interface."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

import claimlab
from claimlab.project.languages import sphinx_language
from claimlab.project.outcome import Outcome
from claimlab.project.project import Project
from claimlab.site.data import GAPS
from claimlab.site.judged import JUDGES, clauses
from claimlab.site.stubs import MADE
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.kept_observations import Kept
from claimlab.verdicts.ledger import Ledger
from claimlab.verdicts.ruling import Ruling
from claimlab.verdicts.verdict import Kind

SOURCES: Final = Path(claimlab.__file__).parent
LANGUAGE: Final = "zh_CN"
INTERFACE: Final = SOURCES / "site" / "locale" / LANGUAGE / "LC_MESSAGES" / "claimlab.po"
SPEAKING: Final = ("site", *(f"verdicts/{one}.py" for one in ("in_words", "changes", "leading", "ledger", "ruling")))
"""The parts of claimlab that speak to readers of pages; the terminal speaks English."""
HEADER: Final = """# What readers of the Chinese pages read. Messages are kept up to date by: ./inv translations
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: zh_CN\\n"

"""
"""No dates: the same messages always make the same file."""
_LETTERS: Final = re.compile("[A-Za-z]")
KEYWORDS: Final = {"say": None, "translate": None, "_": None, "N_": None}
"""The functions whose first argument is translated; ``N_`` marks what is translated elsewhere."""


def interface_messages() -> Iterator[tuple[str, str, int]]:
    """Every message of the interface, with the file below `src/claimlab` and the line it stands in."""
    for value in (*Outcome, *Kind):
        yield str(value), "verdicts/verdict.py" if isinstance(value, Kind) else "project/outcome.py", 0
    for path in sorted(SOURCES.rglob("*")):
        if not path.relative_to(SOURCES).as_posix().startswith(SPEAKING):
            continue
        method = {".py": "python", ".html": "jinja2.ext:babel_extract"}.get(path.suffix)
        if method and "__pycache__" not in path.parts:
            for line, message, *_ in extract_from_file(method, path, keywords=KEYWORDS, options={"silent": "false"}):
                yield (message if isinstance(message, str) else message[0]), str(path.relative_to(SOURCES)), line


def read_interface() -> Catalog:
    return read_catalogue(INTERFACE, LANGUAGE)


def read_catalogue(path: Path, language: str) -> Catalog:
    with path.open("rb") as opened:
        return read_po(opened, locale=language)


def update_interface() -> None:
    """The interface's catalogue has every message and no other; translations are kept, new ones are empty."""
    known = read_interface() if INTERFACE.is_file() else Catalog(LANGUAGE)
    made = Catalog(LANGUAGE)
    for message, file, line in interface_messages():
        entry = known.get(message)
        made.add(message, entry.string if entry else "", locations=[(file, line)])
    INTERFACE.parent.mkdir(parents=True, exist_ok=True)
    _write(INTERFACE, made, sort_output=True)


def messages_of(rulings: Iterable[Ruling]) -> set[str]:
    """Every clause that judges say: how they read claims, what their controls are, and why they decided so."""
    return {
        message for one in rulings for text in _said(one) for message, _ in clauses(text) if _LETTERS.search(message)
    }


def _said(ruling: Ruling) -> Iterator[str]:
    if ruling.question:
        yield ruling.question.reading
        yield from (known.says for known in ruling.question.controls)
    yield from (one.because for one in (ruling.finding, *ruling.controls) if one.outcome not in GAPS)


def kept_rulings(lab: LabFolder) -> list[Ruling]:
    """What the lab's judges say of the observations that are kept for its tests."""
    kept = Kept(lab)
    seen = {name: kept.seen(name) for name in kept.toolchains}
    return [kept.ruling(claim, seen[name], name) for name in seen for claim in kept.judges]


def judges_catalogue(project: Project, language: str) -> Path:
    return project.docs / "locale" / language / "LC_MESSAGES" / f"{JUDGES}.po"


def update_judges(ledger: Ledger) -> None:
    """The project's catalogues of what its judges say have every clause that is found, in each further language.

    What is no longer found stays while anything is not measured: a judge may say it again.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for lab in ledger.labs:
        recorded = (ruling for rulings in ledger.rulings(lab).values() for ruling in rulings.values())
        for message in messages_of([*kept_rulings(lab), *recorded]):
            found.setdefault(message, []).append((lab.name, 0))
    gap = any(outcome in GAPS for row in ledger.rows for outcome in row.outcomes.values())
    for language in map(sphinx_language, ledger.project.settings.languages[1:]):
        path = judges_catalogue(ledger.project, language)
        known = read_catalogue(path, language) if path.is_file() else Catalog(language)
        interface = read_interface() if language == LANGUAGE else Catalog(language)
        made = Catalog(language)
        earlier = {str(one.id): [(lab, 0) for lab, _ in one.locations] for one in known if gap and one.id}
        for text, labs in sorted({**earlier, **found}.items()):  # the same messages always make the same file
            if text not in interface:
                entry = known.get(text)
                made.add(text, entry.string if entry else "", locations=sorted(labs))
        if found:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, made, sort_by_file=True)


def _write(path: Path, catalogue: Catalog, *, sort_output: bool = False, sort_by_file: bool = False) -> None:
    """Babel takes "95 % interval" for a format of Python's, and msgfmt -c believes it; gaps here are in braces."""
    for message in catalogue:
        message.flags.discard("python-format")
    with path.open("wb") as opened:
        opened.write(HEADER.encode())
        write_po(
            opened,
            catalogue,
            omit_header=True,
            sort_output=sort_output,
            sort_by_file=sort_by_file,
            include_lineno=False,
        )


def pages(project: Project) -> list[str]:
    """The hand-written pages that are translated, below the folder of pages, without their endings."""
    found = (
        path
        for path in sorted(project.docs.rglob("*"))
        if path.suffix in (".md", ".rst") and "_build" not in path.relative_to(project.docs).parts
    )
    names = (
        path.relative_to(project.docs).with_suffix("").as_posix()
        for path in found
        if MADE not in path.read_text(encoding="utf-8")
    )
    return [name for name in names if name not in project.settings.site.untranslated]


def update_prose(project: Project) -> None:
    """The catalogues of the hand-written pages have every paragraph, by Sphinx's gettext builder and sphinx-intl."""
    pots, locale = project.docs / "_build" / "gettext", project.docs / "locale"
    for language in map(sphinx_language, project.settings.languages[1:]):
        _run(project, "sphinx", "-q", "-b", "gettext", str(project.docs), str(pots))
        wanted = pages(project)
        for path in sorted(pots.rglob("*.pot")):
            if path.relative_to(pots).with_suffix("").as_posix() not in wanted:
                path.unlink()
        _run(project, "sphinx_intl", "update", "-p", str(pots), "-d", str(locale), "-l", language, "--no-obsolete")
        for path in locale.rglob("*.po"):
            if path.stem != JUDGES:
                _write(path, read_catalogue(path, language))


def _run(project: Project, *module: str) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-m", *module], cwd=project.root, check=True)
