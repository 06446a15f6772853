"""The Sphinx extension: pages from the record alone. It executes nothing but judges, which are pure."""

from pathlib import Path
from typing import Any, Final

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from claimlab.project.errors import ClaimlabError
from claimlab.project.languages import language_of_sphinx
from claimlab.site.asked import speak_of
from claimlab.site.cite_view import write_cards
from claimlab.site.data import SiteData, project_of
from claimlab.site.directives import DIRECTIVES
from claimlab.site.domain import ClaimlabDomain, domain_of
from claimlab.site.downloads import hand_out
from claimlab.site.drawing import add_figures
from claimlab.site.drawing.kinds import kinds_of
from claimlab.site.evidence import presenters_of
from claimlab.site.frame import frame_pages, name_site
from claimlab.site.ledger_view import write_ledger
from claimlab.site.log import FEED, feed, told
from claimlab.site.messages import compile_prose, lend_words, use_judges, use_language
from claimlab.site.navigation import share_navigation
from claimlab.site.published import publish, write_sitemap
from claimlab.site.says import add_says
from claimlab.site.search_hits import load_hits, write_hits
from claimlab.site.search_zh import SearchChinese
from claimlab.site.stubs import write_stubs
from claimlab.site.topic_view import unborne

STATIC: Final = Path(__file__).parent / "static"
THEME: Final = Path(__file__).parent / "theme"
"""Parts of Furo's pages that are ours."""
BUILT: Final = "_build"
"""Where :attr:`claimlab.project.project.Project.site` is, below the folder of pages."""
_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("myst_parser")
    app.setup_extension("sphinx_design")
    # No rebuild for another engine as such: the stamps of each page tell whether it matters there.
    app.add_config_value("claimlab_engine", "", "", types=Any, description="an engine, or its name")
    app.add_config_value("claimlab_go", [], "", types=list, description="only these toolchains, as in --go")
    app.add_config_value("claimlab_strict", False, "", types=bool, description="every gap is a warning")
    app.add_config_value(
        "claimlab_project", "", "env", types=str, description="the project's folder, if not above this"
    )
    app.add_config_value("claimlab_records", True, "env", types=bool, description="pages offer trials' records")
    app.add_config_value("claimlab_files", ".", "env", types=str, description="where the files for download go")
    use_language(app.config.language)
    app.add_search_language(SearchChinese)
    app.add_domain(ClaimlabDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain("claimlab", name, directive)
    add_says(app)
    app.add_css_file("claimlab.css")
    app.add_css_file("evidence.css")
    app.add_js_file("claimlab.js", loading_method="defer")
    add_figures(app)
    share_navigation(app)
    app.connect("config-inited", _complete)
    app.connect("builder-inited", _begin)
    app.connect("env-get-outdated", _outdated)
    app.connect("html-page-context", _let_code_be_scrolled)
    app.connect("html-page-context", load_hits)
    app.connect("build-finished", _finish)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _let_code_be_scrolled(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """A listing may be wider than the page: without tabindex it cannot be scrolled by keyboard."""
    if "body" in context:
        context["body"] = context["body"].replace(
            '<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'
        )


def _complete(app: Sphinx, config: Config) -> None:
    """Our static files, our parts of the theme and all words are known; what is built among the sources is none of
    them."""
    compile_prose(Path(app.srcdir), config)
    use_judges(Path(app.srcdir), config)
    config.html_static_path.append(str(STATIC))
    config.templates_path.append(str(THEME))
    name_site(config, project_of(config, Path(app.srcdir)))
    if BUILT not in config.exclude_patterns:
        config.exclude_patterns.append(BUILT)


def _begin(app: Sphinx) -> None:
    """The sources of all pages are there, and a strict build has been told of every gap.

    Gaps are named at every build, not when a page is read: a second strict build reads no page.
    """
    lend_words(app)
    site = domain_of(app.env).site
    speak_of(site.ledger.toolchains)
    shared = Path(app.outdir, app.config.claimlab_files)
    domain_of(app.env).told = told(site, shared, whole=not app.config.claimlab_go)
    _refuse_bad_extensions(app, site)
    write_stubs(site, Path(app.srcdir))
    frame_pages(app, site)
    publish(app, site)
    if app.config.claimlab_strict:
        for gap in site.all_gaps():
            _log.warning("%s", gap, type="claimlab", subtype="gap")
        for words in unborne(site):
            _log.warning("%s", words, type="claimlab", subtype="topic")


def _refuse_bad_extensions(app: Sphinx, site: SiteData) -> None:
    """What the project adds can be loaded, or the build says why not before it has read a page."""
    try:
        presenters_of(site.project, language_of_sphinx(app.config.language))
        kinds_of(site.project)
    except ClaimlabError as error:
        raise ExtensionError(str(error), modname="claimlab.site") from error


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        site = domain_of(app.env).site
        write_ledger(site, Path(app.outdir))
        write_hits(site, app.env, str(app.config.language), Path(app.outdir))
        hand_out(site, Path(app.outdir, app.config.claimlab_files), records=app.config.claimlab_records)
        _write_log(app, site)
        write_sitemap(site, app.env.found_docs, language_of_sphinx(app.config.language), Path(app.outdir))
        write_cards(site, Path(app.outdir), Path(app.outdir, app.config.claimlab_files))


def _write_log(app: Sphinx, site: SiteData) -> None:
    """The feed in this language; the log itself for the next build, of some releases only if there is no other."""
    found, language = domain_of(app.env).told, language_of_sphinx(app.config.language)
    (Path(app.outdir) / FEED).write_text(feed(site, found.log, language), encoding="utf-8")
    if not app.config.claimlab_go:
        found.write()


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    return domain_of(env).outdated()
