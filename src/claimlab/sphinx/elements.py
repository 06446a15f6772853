"""The few shapes that docutils lacks: folds, boxes that scroll, a bar of shares; and tables and tabs."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator
from sphinx_design.shared import create_component


class Fold(nodes.container):
    """A part that the reader opens and closes; its first child is a :class:`FoldLine`."""


class FoldLine(nodes.paragraph):
    """What can be read of a closed fold."""


class Scroll(nodes.container):
    """A box whose content may be wider than the page; `label` names it for a screen reader."""


class Shares(nodes.container):
    """A bar cut in proportion to `shares`: pairs of a word and a count."""


def add_elements(app: Sphinx) -> None:
    """HTML knows the shapes; every other builder treats them as the containers they are."""
    app.add_node(Fold, html=(_visit_fold, _depart_fold))
    app.add_node(FoldLine, html=(_visit_fold_line, _depart_fold_line))
    app.add_node(Scroll, html=(_visit_scroll, _depart_scroll))
    app.add_node(Shares, html=(_visit_shares, _depart_shares))


def _visit_fold(self: HTML5Translator, node: nodes.Element) -> None:
    opened: dict[str, Any] = {"open": "open"} if node["opened"] else {}
    self.body.append(self.starttag(node, "details", CLASS="cl-fold", **opened))


def _depart_fold(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</details>\n")


def _visit_fold_line(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "summary", ""))


def _depart_fold_line(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</summary>\n")


def _visit_scroll(self: HTML5Translator, node: nodes.Element) -> None:
    # Without tabindex a box that scrolls cannot be scrolled by keyboard.
    named = {"role": "region", "aria-label": node["label"], "tabindex": "0"}
    self.body.append(self.starttag(node, "div", CLASS="cl-scroll", **named))


def _depart_scroll(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</div>\n")


def _visit_shares(self: HTML5Translator, node: nodes.Element) -> None:
    shares: list[tuple[str, int]] = node["shares"]
    words = ", ".join(f"{count} {word}" for word, count in shares)
    self.body.append(f'<div class="cl-shares" role="img" aria-label="{escape(words)}">')
    for word, count in shares:
        self.body.append(f'<span class="cl-{escape(word)}" style="flex-grow:{count}"></span>')


def _depart_shares(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</div>\n")


def fold(line: Iterable[nodes.Node], content: Iterable[nodes.Node], *, opened: bool = False) -> Fold:
    return Fold("", FoldLine("", "", *line), *content, opened=opened)


def box(*content: nodes.Node, classes: Sequence[str] = (), ids: Sequence[str] = ()) -> nodes.container:
    return nodes.container("", *content, is_div=True, classes=list(classes), ids=list(ids))


def paragraph(*content: nodes.Node, classes: Sequence[str] = ()) -> nodes.paragraph:
    return nodes.paragraph("", "", *content, classes=list(classes))


def span(*content: nodes.Node, classes: Sequence[str] = ()) -> nodes.inline:
    return nodes.inline("", "", *content, classes=list(classes))


def section(anchor: str, title: Iterable[nodes.Node], content: Iterable[nodes.Node]) -> nodes.section:
    return nodes.section("", nodes.title("", "", *title), *content, ids=[anchor], names=[])


def listing(text: str, language: str = "text", *classes: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language, classes=list(classes), force=True)


def items(content: Iterable[Iterable[nodes.Node]], *classes: str) -> nodes.bullet_list:
    return nodes.bullet_list("", *(nodes.list_item("", *one) for one in content), classes=list(classes))


def cell(*content: nodes.Node, classes: Sequence[str] = (), **spans: int) -> nodes.entry:
    """A cell of a table; `morecols` widens it."""
    inside: Any = [paragraph(*content)] if content and isinstance(content[0], nodes.Inline | nodes.Text) else content
    return nodes.entry("", *inside, classes=list(classes), **spans)


def table(
    label: str,
    head: Sequence[nodes.entry],
    rows: Iterable[Sequence[nodes.entry]],
    *classes: str,
    stub: bool = True,
) -> Scroll:
    """A table in a box of its own; the first column names the rows if `stub`."""
    columns: list[nodes.Node] = [
        nodes.colspec("", colwidth=1, **({"stub": 1} if stub and number == 0 else {})) for number in range(len(head))
    ]
    body = nodes.tbody("", *(nodes.row("", *row) for row in rows))
    group = nodes.tgroup("", *columns, nodes.thead("", nodes.row("", *head)), body, cols=len(head))
    return Scroll("", nodes.table("", group, classes=["colwidths-auto", *classes]), label=label)


def tabs(group: str, contents: Sequence[tuple[str, Sequence[nodes.Node]]], selected: int = -1) -> nodes.Node:
    """Tabs that need no script; with one, all tab sets of the same `group` turn together."""
    last = selected % len(contents)
    made = []
    for number, (name, content) in enumerate(contents):
        label = nodes.rubric(name, name, classes=["sd-tab-label"], sync_id=name, sync_group=group)
        inside = create_component("tab-content", classes=["sd-tab-content"], children=list(content))
        made.append(
            create_component("tab-item", classes=["sd-tab-item"], children=[label, inside], selected=number == last)
        )
    return create_component("tab-set", classes=["sd-tab-set"], children=made)
