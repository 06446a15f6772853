"""The reference of claimlab's own modules, by autodoc."""

import builtins
import re
from enum import EnumType
from typing import Any, Final

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import make_refnode

_NO_PYTHON: Final = re.compile(r"<(?:[^<>]|<[^<>]*>)*>")


def add_api(app: Sphinx) -> None:
    """Bare names in docstrings are references, and docstrings are left in English."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-signature", _spell)
    app.connect("missing-reference", _resolve)
    app.add_transform(_LeaveInEnglish)


class _LeaveInEnglish(SphinxTransform):
    """What stands in the sources of claimlab is not translated: it is for who reads these."""

    default_priority = 5
    """Before Sphinx looks for translations, at 20."""

    def apply(self, **kwargs: Any) -> None:
        for node in self.document.findall(nodes.Element):
            if node.source and ":docstring of " in node.source:
                node["translatable"] = False


def _spell(
    app: Sphinx, what: str, name: str, member: object, options: object, signature: str | None, returns: str | None
) -> tuple[str, str | None] | None:
    """Signatures that Sphinx can read: ``<factory>`` as a default is no Python. Enumerations are not called."""
    if signature is None:
        return None
    if isinstance(member, EnumType):
        return "", None
    return _NO_PYTHON.sub("...", signature), returns


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """A bare name in a docstring, such as LabBroken, leads to the only thing in the reference that is called so."""
    domain = env.get_domain("py")
    if node.get("refdomain") != "py" or not isinstance(domain, PythonDomain):
        return None
    module, _, bare = node["reftarget"].rpartition(".")
    if hasattr(builtins, bare) or (module and not module.startswith("claimlab.")):
        return None
    found = domain.find_obj(env, None, None, bare, None, 1)  # type: ignore[arg-type]
    if len(found) != 1:
        return None
    name, entry = found[0]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)
