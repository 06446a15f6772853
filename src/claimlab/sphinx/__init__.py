"""The Sphinx extension: pages from the record alone. It executes nothing but judges, which are pure."""

from pathlib import Path
from typing import Any, Final, cast

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from claimlab.sphinx.directives import DIRECTIVES
from claimlab.sphinx.domain import ClaimlabDomain
from claimlab.sphinx.elements import add_elements
from claimlab.sphinx.pictures import add_figures
from claimlab.sphinx.stubs import write_stubs

STATIC: Final = Path(__file__).parent / "static"
_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("myst_parser")
    app.setup_extension("sphinx_design")
    # No rebuild for another engine as such: the stamps of each page tell whether it matters there.
    app.add_config_value("claimlab_engine", "auto", "", types=Any, description="an engine, or its name")
    app.add_config_value("claimlab_strict", False, "", types=bool, description="every gap is a warning")
    app.add_config_value("claimlab_labs", "", "env", types=str, description="the folder of the chapters")
    app.add_config_value("claimlab_record", "", "env", types=str, description="the folder of the record")
    app.add_domain(ClaimlabDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain("claimlab", name, directive)
    add_elements(app)
    app.add_css_file("claimlab.css")
    add_figures(app)
    app.connect("config-inited", _add_static)
    app.connect("builder-inited", _begin)
    app.connect("env-get-outdated", _outdated)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _add_static(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(STATIC))


def _begin(app: Sphinx) -> None:
    """The sources of all pages are there, and a strict build has been told of every gap.

    Gaps are named at every build, not when a page is read: a second strict build reads no page.
    """
    desk = _domain(app.env).desk
    write_stubs(desk, Path(app.srcdir))
    if app.config.claimlab_strict:
        for gap in desk.all_gaps():
            _log.warning("%s", gap, type="claimlab", subtype="gap")


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    return _domain(env).outdated()


def _domain(env: BuildEnvironment) -> ClaimlabDomain:
    return cast(ClaimlabDomain, env.domains["claimlab"])
