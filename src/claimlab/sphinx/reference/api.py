"""The reference of claimlab's own modules, from their sources.

Sphinx's autodoc, bent to lists of fields, needed almost 2 s of processor time in each language for the same. With few
nodes, and docstrings parsed as the paragraphs they are, it takes a third of that.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar, Final, Literal, cast, get_args, get_origin

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id, make_refnode

from claimlab.sphinx.reference.source import Entry, Field, read

_WORD: Final = re.compile(r"([A-Za-z_]\w*)")
_SHAPES: Final = re.compile(r"^(- |=|\s)|::$", re.MULTILINE)
"""What a docstring has that is more than paragraphs: lists, tables, code."""
_log = logging.getLogger(__name__)


class ApiDirective(SphinxDirective):
    """``claimlab:api``: a module, and those of its names that are asked for, in the order of the source.

    It reads reStructuredText, as docstrings do: on a page in Markdown it stands in ``eval-rst``.
    """

    required_arguments = 1
    option_spec: ClassVar = {"members": directives.unchanged_required, "no-docstring": directives.flag}

    def run(self) -> list[nodes.Node]:
        module = self.arguments[0]
        says, entries = read(module)
        self.env.note_dependency(sys.modules[module].__file__ or "")
        self.env.ref_context["py:module"] = module
        wanted = re.findall(r"\w+", self.options.get("members", ""))
        for name in set(wanted) - entries.keys():
            _log.warning("%s has no %s", module, name, location=self.get_location())
        content = [] if "no-docstring" in self.options else self._words(says)
        content += [self._entry(entry, module) for name, entry in entries.items() if name in wanted]
        self.env.ref_context.pop("py:module")
        return content

    def _entry(self, entry: Entry, module: str) -> addnodes.desc:
        full = f"{module}.{entry.name}"
        anchor = make_id(self.env, self.state.document, "", full)
        signature = addnodes.desc_signature("", "", *_signature(entry, module), ids=[anchor], fullname=entry.name)
        self.state.document.note_explicit_target(signature)
        domain = cast(PythonDomain, self.env.get_domain("py"))
        domain.note_object(full, entry.kind, anchor, location=signature)
        content = addnodes.desc_content("", *self._words(entry.says), *self._fields(entry.fields, module))
        content += [self._entry(member, module) for member in entry.members]
        kinds = {"domain": "py", "objtype": entry.kind, "desctype": entry.kind, "classes": ["py", entry.kind]}
        return addnodes.desc("", signature, content, **kinds)

    def _fields(self, fields: Iterable[Field], module: str) -> Iterator[nodes.Node]:
        """Those with words as a list; the names of the others say it all, and stand in a row."""
        for has_words, group in groupby(fields, key=lambda field: bool(field.says)):
            if not has_words:
                rows = [_field(field, module) for field in group]
                commas = [part for row in rows for part in (*row, nodes.Text(", "))][:-1]
                yield nodes.paragraph("", "", *commas, translatable=False)
                continue
            yield nodes.definition_list(
                "",
                *(
                    nodes.definition_list_item(
                        "",
                        nodes.term("", "", *_field(field, module), translatable=False),
                        nodes.definition("", *self._words(field.says)),
                    )
                    for field in group
                ),
            )

    def _words(self, text: str) -> list[nodes.Node]:
        """A docstring's paragraphs. They are for who reads sources, and left in English."""
        if _SHAPES.search(text):
            found = self.parse_text_to_nodes(text)
            for node in (node for one in found for node in one.findall(nodes.Element)):
                node["translatable"] = False
            return found
        paragraphs = (" ".join(part.split()) for part in text.split("\n\n") if part)
        return [nodes.paragraph("", "", *self._inline(part), translatable=False) for part in paragraphs]

    def _inline(self, text: str) -> list[nodes.Node]:
        found, messages = self.parse_inline(text, lineno=self.lineno)
        return [*found, *messages]


def _signature(entry: Entry, module: str) -> Iterator[nodes.Node]:
    if entry.kind in {"class", "exception", "property"}:
        yield addnodes.desc_annotation("", f"{entry.kind} ")
    yield addnodes.desc_name("", entry.name.rpartition(".")[2])
    if entry.parameters or entry.type:
        arrow = "" if not entry.type else f" → {entry.type}" if entry.parameters else f": {entry.type}"
        yield nodes.inline("", "", *_linked(entry.parameters + arrow, module), classes=["sig-param"])
    if entry.value:
        yield addnodes.desc_annotation("", f" = {entry.value}")


def _field(field: Field, module: str) -> list[nodes.Node]:
    """The field as its source has it."""
    code = f"{field.name}: {field.type}" if field.type else field.name
    shown = list(_linked(code + (f" = {field.default}" if field.default else ""), module))
    return [nodes.literal("", "", *shown)]


def _linked(code: str, module: str) -> Iterator[nodes.Node]:
    """The code in as few nodes as can be, since Sphinx visits each some forty times.

    The names of our own types are references; names that stand for a choice of words are replaced by the words.
    """
    space = vars(sys.modules[module])
    plain = ""
    for part in _WORD.split(code):
        known = space.get(part)
        if isinstance(known, type) and known.__module__.startswith("claimlab."):
            if plain:
                yield nodes.Text(plain)
            plain = ""
            yield addnodes.pending_xref(
                "",
                nodes.inline("", part),
                refdomain="py",
                reftype="class",
                reftarget=f"{known.__module__}.{known.__qualname__}",
                refwarn=True,
            )
        elif get_origin(known) is Literal:
            plain += " | ".join(map(repr, get_args(known)))
        else:
            plain += part
    if plain:
        yield nodes.Text(plain)


def resolve(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element) -> Any:
    """A bare name in a docstring, such as LabBroken, leads to the only thing in the reference that is called so."""
    if node.get("refdomain") != "py":
        return None
    domain = cast(PythonDomain, env.get_domain("py"))
    found = domain.find_obj(env, None, None, node["reftarget"].rpartition(".")[2], None, 1)  # type: ignore[arg-type]
    if len(found) != 1:
        return None
    name, entry = found[0]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)
