"""The source of a page for every article, chapter, claim, release, pair of releases and lab: a new one needs no file.

A stub holds one directive, which makes the title too: it is the same file in every language.
"""

import contextlib
from pathlib import Path
from typing import Final

from claimlab.project.files import write_whole
from claimlab.site.compare_view import pairs
from claimlab.site.data import SiteData
from claimlab.site.reader import (
    COMPARED,
    LOG,
    article_page,
    chapter_page_name,
    claim_page,
    comparison_page,
    lab_page_name,
    release_page,
    topic_page,
)

MADE: Final = "<!-- Made by claimlab at every build; edits are lost. -->"
FOLDERS: Final = ("articles", "claims", "chapters", "releases", "compare", "labs", "log", "topics")


def write_stubs(site: SiteData, srcdir: Path) -> None:
    """The folders hold exactly one page for each; files made by hand are left alone."""
    main = site.main
    wanted = {
        claim_page(row.claim, main): _stub("claim-page", row.claim.ref, "hide-toc: true") for row in site.rows.values()
    }
    wanted |= {
        chapter_page_name(one, main): _stub("chapter", f"{one.article}:{one.key}")
        for one in site.chapters
        if not one.page
    }
    wanted |= {article_page(name): _stub("article", name) for name in site.articles}
    wanted |= {release_page(tool.series): _stub("release", tool.series) for tool in site.releases}
    names = [(before.series, release.series) for before, release in pairs(site.releases)]
    wanted |= {comparison_page(*pair): _stub("comparison", " ".join(pair)) for pair in names}
    wanted[LOG] = _stub("log", "")
    wanted[COMPARED] = _stub("compared", "")  # also where there is one release: an author's tree of pages names it
    wanted |= {topic_page(topic.id): _stub("topic", topic.id) for topic in site.project.topics}
    wanted |= {lab_page_name(lab): _stub("lab", lab) for lab in site.labs}
    files = {srcdir / f"{page}.md": content for page, content in wanted.items()}
    for path, content in files.items():
        # An unchanged page must keep its time, or every build would read all pages again.
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            write_whole(path, content.encode())
    for folder in FOLDERS:
        for path in set((srcdir / folder).rglob("*.md")) - files.keys():
            with contextlib.suppress(FileNotFoundError):  # the build of another language was quicker
                if MADE in path.read_text(encoding="utf-8"):
                    path.unlink()


def _stub(directive: str, argument: str, *settings: str) -> str:
    front = "\n".join(["---", "orphan: true", *settings, "---", ""])  # a toctree may name it, and need not
    return f"{front}{MADE}\n\n```{{claimlab:{directive}}} {argument}\n```\n"
