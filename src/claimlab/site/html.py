"""Machine text on pages, as HTML written directly: one docutils node for each of its thousands of cells costs a minute.

Whatever is not :class:`markupsafe.Markup` is escaped. The shapes need no script: folds open by themselves, tabs turn by
radio buttons (with the style sheet of sphinx-design), and what scrolls can be reached by keyboard.
"""

from collections.abc import Iterable, Mapping, Sequence

from docutils import nodes
from markupsafe import Markup, escape

Says = str | Sequence[str]
"""Words for a cell: a line, or several."""
LONGEST_UNBROKEN = 40


def unsearched(content: Markup) -> nodes.raw:
    """The HTML on a page. The search passes it over: it is full of numbers and addresses that nobody looks for."""
    return nodes.raw("", str(content), format="html", classes=["no-search"])


def section(anchor: str, title: str, content: Iterable[nodes.Node]) -> nodes.section:
    """A part of the page that its contents list."""
    return nodes.section("", nodes.title("", "", nodes.Text(title)), *content, ids=[anchor], names=[])


def joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def element(name: str, *content: str, classes: str = "", **attributes: str | int) -> Markup:
    """``<name class="…" …>content</name>``; an underscore in the name of an attribute stands for a hyphen."""
    named: Mapping[str, str | int] = {"class": classes, **attributes} if classes else attributes
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in named.items())
    return Markup(f"<{name}{said}>{joined(map(escape, content))}</{name}>")


def paragraph(*content: str, classes: str = "") -> Markup:
    return element("p", *content, classes=classes)


def link(href: str, words: str, classes: str = "") -> Markup:
    return element("a", words, classes=classes or "reference", href=href)


def listing(text: str, label: str = "") -> Markup:
    """The text as it is; in a box that scrolls if it has a label to be called by."""
    block = element("pre", text, classes="cl-text")
    return scroll(label, block) if label else block


def command(text: str) -> Markup:
    """What a reader types into a console; where there are scripts, with a button that copies it."""
    inside = element("div", element("pre", text), classes="highlight")
    return element("div", inside, classes="highlight-console notranslate cl-command")


def scroll(label: str, content: Markup) -> Markup:
    """A box that scrolls if what it holds is long or wide. `label` names it for a screen reader."""
    return element("div", content, classes="cl-scroll cl-tall", role="region", aria_label=label, tabindex=0)


def fold(line: str, content: Markup, *, opened: bool = False) -> Markup:
    """A part that the reader opens and closes."""
    return Markup(
        f'<details class="cl-fold"{" open" if opened else ""}><summary>{escape(line)}</summary>\n{content}</details>\n'
    )


def tabs(anchor: str, parts: Sequence[tuple[str, Markup]], front: int) -> Markup:
    """One part is seen at a time. `anchor` must be unique on the page: radio buttons belong together by name."""
    made = []
    for number, (words, content) in enumerate(parts):
        checked = " checked" if number == front else ""
        made.append(
            f'<input{checked} id="{anchor}-{number}" name="{anchor}" type="radio">'
            f'<label class="sd-tab-label" for="{anchor}-{number}">{escape(words)}</label>'
            f'<div class="sd-tab-content">{content}</div>\n'
        )
    return Markup(f'<div class="sd-tab-set">{"".join(made)}</div>\n')


def cell(says: Says | Markup, columns: int = 1) -> Markup:
    """A cell of a table. Short lines do not break in it: an instruction or a place reads badly in pieces."""
    wide = f' colspan="{columns}"' if columns > 1 else ""
    if isinstance(says, Markup):
        return Markup(f"<td{wide}>{says}</td>")
    lines = (says,) if isinstance(says, str) else says
    return Markup(f"<td{wide}{_breaks(lines)}>{'<br>'.join(map(escape, lines))}</td>")


def _breaks(lines: Iterable[str]) -> str:
    """The attribute of cells whose lines may break."""
    return ' class="cl-long"' if any(len(line) > LONGEST_UNBROKEN for line in lines) else ""


def row(name: str, cells: Iterable[Markup]) -> Markup:
    """A row of a table, with what it is called by."""
    return Markup(f'<tr><th scope="row"{_breaks((name,))}>{escape(name)}</th>{"".join(cells)}</tr>\n')


def heading(words: str, columns: int) -> Markup:
    """A row that says what the rows below it are about."""
    return Markup(f'<tr><th scope="rowgroup" class="cl-path" colspan="{columns}">{escape(words)}</th></tr>\n')


def table(label: str, head: Iterable[str], rows: Iterable[Markup], classes: str = "") -> Markup:
    """A table in a box of its own. The first column names the rows."""
    # A toolchain's name may break before its experiment.
    heads = "".join(f'<th scope="col">{escape(word).replace("+", Markup("<wbr>+"))}</th>' for word in head)
    body = f"<thead><tr>{heads}</tr></thead>\n<tbody>{''.join(rows)}</tbody>"
    return scroll(label, Markup(f'<table class="docutils cl-exact{classes and " "}{classes}">{body}</table>'))
