"""A new project: a folder that works at once, with a claim, the lab that decides it, and pages; and the task for it."""

import json
import re
import shutil
import string
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from invoke.context import Context
from invoke.tasks import task

from claimlab.cli.new_lab import TEMPLATES, check_name
from claimlab.cli.speaking import ROOT, as_typed, or_exit
from claimlab.project.errors import Refused
from claimlab.project.files import unfinished
from claimlab.project.languages import Language, Words
from claimlab.project.project import find

MADE: Final = {
    "README.md": "what to type, for whoever gets this project",
    "claimlab.toml": "its title, articles and settings",
    "requirements.txt": "the claimlab that it needs",
    "wheels/README.md": "where that is, if no package index has it",
    "tasks.py": "its tasks, for invoke",
    "pytest.ini": "where pytest finds its labs",
    ".gitignore": "what is not committed",
    ".github/workflows/ci.yml": "measures, tests and publishes the pages",
    "labs/{name}/article.toml": "the article: its title and languages",
    "labs/{name}/claims.toml": "its one claim, and what is expected of it",
    "labs/{name}/timer_channel/lab.py": "the question, and what is observed",
    "labs/{name}/timer_channel/judges.py": "what follows, with its control",
    "labs/{name}/timer_channel/main.go": "the program",
    "docs/conf.py": "how the pages look",
    "docs/index.md": "the first page",
}
"""Every file with what it is for. Its template is called like it, but for these:"""
_TEMPLATES: Final = {".gitignore": "gitignore", "wheels/README.md": "wheels.md"}
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#$|])")

QUESTION: Final = Words("What is the capacity of a timer's channel?", "定时器通道的容量是多少？")
CHAPTER: Final = Words("Timers", "定时器")
CLAIM: Final = Words("A timer's channel has room for one value.", "定时器的通道可以容纳一个值。")
CORRECTION: Final = Words(
    "True up to Go 1.22. Since 1.23 it has room for none: its capacity is 0.",
    "Go 1.22 及以前确实如此。从 1.23 起，通道的容量为 0，不能容纳任何值。",
)
NEXT: Final = """
It works. What to type next:
  cd {name}
  claimlab lab.timer-channel    measure its claim on every pinned Go release
  pytest -n auto                the same as tests: every outcome is compared with the expected one
  claimlab docs                 all of it as pages, which need no server
  claimlab lab.new map-growth   a lab for a question of your own
README.md says the rest, for you and for whoever gets this project from you."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A project that may be written: nothing stands in its way."""

    folder: Path
    title: str
    languages: tuple[Language, ...]

    @property
    def name(self) -> str:
        return self.folder.name


def draft(inside: Path, name: str, title: str = "", languages: Sequence[Language] = ()) -> Draft:
    """What a new project of that name will be; :class:`Refused` if it cannot be. Without a title it has its name."""
    check_name(name, "project", "my-checks")
    if around := find(inside):
        raise Refused(
            f"This is a project already: {around.title}, in {around.root}.",
            "A project cannot lie in another: change to a folder outside. For a lab of this one: claimlab lab.new NAME",
        )
    folder = inside / name
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise Refused(f"{folder.name} is there already, and is no empty folder.", "Take another name, or remove it.")
    if title and not (title.isprintable() and title.strip()):
        raise Refused(f"{title!r} is no title.", "Give one line of text: --title 'What I check'")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise Refused(f"{language!r} is no language.", "Give its code, such as --language en or --language zh.")
    named = name.replace("-", " ")
    return Draft(folder, title or named[0].upper() + named[1:], tuple(dict.fromkeys(languages)) or ("en",))


def write(drafted: Draft) -> dict[str, str]:
    """The project's folder is there, whole: every file that is in it, with what it is for.

    On failure there is none of it; :class:`Refused` where nobody may write.
    """
    where = drafted.folder.parent
    try:
        with tempfile.TemporaryDirectory(dir=where, prefix=unfinished(where)) as scratch:
            written = _fill(Path(scratch, drafted.name), drafted)
            Path(scratch, drafted.name).rename(drafted.folder)
    except OSError as error:
        raise Refused(
            f"{drafted.name} cannot be made in {where.resolve()}: {error.strerror}.",
            "Change to a folder that is yours, with some room.",
        ) from error
    return written


def _fill(whole: Path, drafted: Draft) -> dict[str, str]:
    values = _values(drafted)
    written = {}
    whole.mkdir()
    for name, says in MADE.items():
        place = name.format(name=drafted.name)
        path = whole / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_template(name).substitute(values), encoding="utf-8")
        written[place] = says
    if wheel := own_wheel():
        shutil.copy(wheel, whole / "wheels")
        written[f"wheels/{wheel.name}"] = "the claimlab that made all this"
    return written


def own_wheel() -> Path | None:
    """The file that this claimlab was installed from, if it was a wheel and is still there (PEP 610)."""
    told = json.loads(distribution("claimlab").read_text("direct_url.json") or "{}")
    url = urlsplit(told.get("url", ""))
    path = Path(unquote(url.path))
    return path if url.scheme == "file" and path.suffix == ".whl" and path.is_file() else None


def _template(name: str) -> string.Template:
    file = _TEMPLATES.get(name, Path(name).name)
    return string.Template((TEMPLATES / "project" / f"{file}.txt").read_text(encoding="utf-8"))


def _values(drafted: Draft) -> dict[str, str]:
    """What stands in the templates for what is different from one project to the next."""
    first, *others = drafted.languages
    asks = {language: QUESTION[language] for language in others if language in QUESTION}
    return {
        "name": drafted.name,
        "title": _toml(drafted.title),
        "heading": _MARKDOWN.sub(r"\\\1", drafted.title),
        "languages": _toml(list(drafted.languages)),
        "titles": _in_all(Words(drafted.title), drafted.languages),
        "chapter": _in_all(CHAPTER, drafted.languages),
        # In a language that has no words here it says so in English until its author has put them into it.
        "claim": "\n".join(f"{language} = {_toml(CLAIM.of(language))}" for language in drafted.languages),
        "correction": _in_all(CORRECTION, drafted.languages),
        "question": QUESTION.of(first),
        "asks": f"asks={json.dumps(asks, ensure_ascii=False)}" if asks else "",
        "version": distribution("claimlab").version,
    }


def _in_all(words: Words, languages: Sequence[Language]) -> str:
    """As TOML: a text where there is one language, else one for each."""
    if len(languages) == 1:
        return _toml(words.of(languages[0]))
    return "{ " + ", ".join(f"{language} = {_toml(words.of(language))}" for language in languages) + " }"


def _toml(value: str | list[str]) -> str:
    """The value as it stands behind an equals sign."""
    import tomlkit  # a tenth of a second, and no other command needs it

    return tomlkit.item(value).as_string()


@task(
    positional=["name"],
    auto_shortflags=False,
    iterable=["language"],
    help={
        "name": "the project's name, and its folder's: small letters and digits, with hyphens between words",
        "title": "what its pages are called (default: its name)",
        "language": "a language of its claims and pages, the first one first: en, zh, …; repeatable (default: en)",
    },
)
@or_exit
def new(c: Context, name: str, language: list[str], title: str = "") -> None:
    """Make a project of your own: a folder with a claim, the lab that decides it, pages and CI, which works at once.

    It is made in the folder where you are, which must not lie in a project.

    claimlab new my-checks
    claimlab new my-checks --title "What I check before I upgrade Go"
    claimlab new my-checks --language en --language zh
    """
    root: str = c.config["claimlab"][ROOT]
    drafted = draft(Path(root), name, title, language)
    for path, says in write(drafted).items():
        print(f"{f'{name}/{path}':50}  {says}")
    print(as_typed(c, NEXT.format(name=name)))
