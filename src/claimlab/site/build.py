"""The site: both languages built side by side by Sphinx, from the record alone."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import relpath
from pathlib import Path
from typing import Final

from claimlab.benches import host
from claimlab.project.errors import ClaimlabError, EnvironmentMissing
from claimlab.project.files import write_whole
from claimlab.project.languages import sphinx_language
from claimlab.project.locks import locked
from claimlab.project.project import Project

LINES_SHOWN: Final = 20
_ONLY_WARNED: Final = 1
"""Sphinx's exit code when every page is built, but not without a warning."""


@dataclass(eq=False)
class PagesFailed(ClaimlabError):
    """The site has a gap or a fault; the last warnings say which."""

    exit_code: int
    tail: str

    def __str__(self) -> str:
        lines = [f"The pages were not built as they should be (Sphinx ended with {self.exit_code}):"]
        return "\n".join(lines + [f"  | {line}" for line in self.tail.splitlines()])


def build_site(
    project: Project,
    engine: str = "",
    *,
    go: Sequence[str] = (),
    strict: bool = False,
    records: bool = True,
    out: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """The site stands in `out`, and its first page is returned. :class:`PagesFailed` on any warning, and
    :class:`claimlab.project.errors.BadData` where the project's topics cannot be read.

    `go` selects the toolchains that are shown, as for labs. With `strict`, every missing, stale or broken trial is a
    warning. Without `records` no page offers what single trials have recorded.
    """
    if importlib.util.find_spec("sphinx") is None:
        raise EnvironmentMissing("Pages need Sphinx, which is not installed.", "Run: pip install 'claimlab[site]'")
    if not (project.docs / "conf.py").is_file():
        raise EnvironmentMissing(
            f"There is no {project.shown(project.docs / 'conf.py')}, so these are no pages of Sphinx.",
            "Give `docs` in claimlab.toml the folder that has one; claimlab new makes one with each project.",
        )
    list(project.topics)  # nobody but pages reads them, and what is wrong there is told before Sphinx has a say
    # Stubs and catalogues are written to the folder of pages. Sphinx has the lock too, so that it is waited for when it
    # goes on after the command that started it was killed.
    waiting = partial(say, "waiting: these pages are being built by another command")
    with host.share(say=say), locked(project.docs, waiting=waiting) as lock:
        return _built(project, engine, lock, go=go, strict=strict, records=records, out=out or project.site, say=say)


def _built(
    project: Project,
    engine: str,
    lock: int,
    *,
    go: Sequence[str],
    strict: bool,
    records: bool,
    out: Path,
    say: Callable[[str], None],
) -> Path:
    source = project.docs
    say(f"building the pages from the record of engine {engine or project.settings.engine}")
    settings = ["-D", f"claimlab_engine={engine}", "-D", f"claimlab_strict={int(strict)}"]
    settings += ["-D", f"claimlab_records={int(records)}"]
    settings += ["-D", f"claimlab_go={','.join(go)}"] if go else []
    flags = ["-b", "html", "-W", "--keep-going", "-q", "--no-color"]
    unfinished = out.with_name(f"{out.name}.unfinished")
    if unfinished.exists():  # a page that was cut is newer than its source, and Sphinx would take it for built
        flags += ["-E", "-a"]
    write_whole(unfinished, b"")
    builds: dict[str, subprocess.Popen[str]] = {}
    for code, folder in project.folders.items():
        language = sphinx_language(code)
        places = ["-d", str(out.parent / "doctrees" / language), str(source), str(out / folder)]
        # The files that pages offer are the same in all languages.
        files = ["-D", f"claimlab_files={relpath(out, out / folder)}"]
        # Deprecations inside docutils and its themes concern their authors, not who builds these pages.
        command = [
            sys.executable,
            *("-X", "utf8"),  # of themes and extensions nobody knows how they open files
            "-W",
            "ignore",
            "-m",
            "claimlab.site",
            *flags,
            *settings,
            *files,
            "-D",
            f"language={language}",
            *places,
        ]
        builds[language] = subprocess.Popen(
            command,
            cwd=project.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[lock],
            text=True,
            encoding="utf-8",
        )
    try:
        said = {language: build.communicate()[0] for language, build in builds.items()}
    finally:
        for build in builds.values():
            build.kill()
            build.wait()
    if all(build.returncode in (0, _ONLY_WARNED) for build in builds.values()):
        unfinished.unlink()
    if failed := [language for language, build in builds.items() if build.returncode != 0]:
        worst = failed[0]
        raise PagesFailed(builds[worst].returncode, "\n".join(said[worst].strip().splitlines()[-LINES_SHOWN:]))
    return out / "index.html"
