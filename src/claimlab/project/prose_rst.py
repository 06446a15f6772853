"""Marked sentences of a text in reStructuredText, read by docutils alone: no role or directive of Sphinx is run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.utils import new_document

from claimlab.project.marked import NO_PROSE, ROLE, Prose, marked, marked_as

_SILENT: Final = 5


class _Sentence(nodes.inline):
    """A marked sentence: `found` makes it, given how many lines stand before the text."""


class _Says(Directive):
    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        inside = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inside)
        claim, says, line = self.arguments[0], _plain(inside), self.lineno
        return [_Sentence("", found=lambda above: marked(claim, says, above + line))]


class _Transparent(Directive):
    """Any directive with text in it: what it is given counts as a part of the text."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        inside = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inside)
        return list(inside.children)


class _Opaque(Directive):
    has_content = True
    option_spec: ClassVar = None

    def run(self) -> list[nodes.Node]:
        return []


def read_rst(text: str, first_line: int = 0) -> Prose:
    """What the text marks; ValueError names the line that cannot be read. `first_line` lines stand before it."""
    settings = get_default_settings(Parser())
    settings.report_level = settings.halt_level = _SILENT
    settings.raw_enabled = settings.file_insertion_enabled = False
    document = new_document("page", settings)
    with _only_ours():
        Parser().parse(text, document)
    title = next(document.findall(nodes.title), None)
    found = (node["found"](first_line) for node in document.findall(_Sentence))
    return Prose(_plain(title) if title else "", tuple(found))


def _plain(node: nodes.Node) -> str:
    """The words in it, with code between backticks."""
    if isinstance(node, nodes.literal):
        return f"`{node.astext()}`"
    if isinstance(node, nodes.Text):
        return node.astext()
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(map(_plain, node.children))


def _directive(name: str, *_: Any) -> tuple[type[Directive], list[Any]]:
    kind = name.rpartition(":")[2] if name != ROLE else name
    return (_Says if kind == ROLE else _Opaque if kind in NO_PROSE else _Transparent), []


def _role(name: str, *_: Any) -> tuple[Any, list[Any]]:
    def run(
        role: str, rawtext: str, text: str, lineno: int, inliner: Any, *_: Any, **__: Any
    ) -> tuple[list[nodes.Node], list[Any]]:
        if name == ROLE:
            return [_Sentence("", nodes.Text(text), found=lambda above: marked_as(text, above + lineno))], []
        return [nodes.literal(rawtext, text)], []

    return run, []


@contextmanager
def _only_ours() -> Iterator[None]:
    """While it lasts, docutils knows these roles and directives and no others, as Sphinx's own dispatcher does it.

    docutils has one table of them for a process. In that of Sphinx there are those which need a build.
    """
    before = directives.directive, roles.role
    directives.directive, roles.role = _directive, _role  # type: ignore[assignment]
    try:
        yield
    finally:
        directives.directive, roles.role = before
