"""The site: built in this process by Sphinx, from the record alone."""

import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from sphinx.cmd.build import build_main

from claimlab.errors import ClaimlabError
from claimlab.places import DOCS

LINES_SHOWN = 20


@dataclass(eq=False)
class PagesFailed(ClaimlabError):
    """The site has a gap or a fault; the last warnings say which."""

    exit_code: int
    tail: str

    def __str__(self) -> str:
        lines = [f"The pages were not built as they should be (Sphinx ended with {self.exit_code}):"]
        return "\n".join(lines + [f"  | {line}" for line in self.tail.splitlines()])


def build_site(
    engine: str = "auto",
    *,
    strict: bool = False,
    source: Path = DOCS,
    out: Path = DOCS / "_build" / "html",
    say: Callable[[str], None] = print,
) -> Path:
    """The site stands in `out`, and its first page is returned. :class:`PagesFailed` on any warning.

    With `strict`, every missing, stale or broken trial is a warning.
    """
    say(f"building the pages from the record of engine {engine}")
    settings = ["-D", f"claimlab_engine={engine}", "-D", f"claimlab_strict={int(strict)}"]
    flags = ["-b", "html", "-W", "--keep-going", "-j", "2", "-q", "--no-color"]
    said = StringIO()
    # Deprecations inside docutils and its themes concern their authors, not who builds these pages.
    with warnings.catch_warnings(), redirect_stdout(said), redirect_stderr(said):
        warnings.simplefilter("ignore")
        doctrees = out.parent / "doctrees"
        exit_code = build_main([*flags, *settings, "-d", str(doctrees), str(source), str(out)])
    if exit_code != 0:
        raise PagesFailed(exit_code, "\n".join(said.getvalue().strip().splitlines()[-LINES_SHOWN:]))
    return out / "index.html"
