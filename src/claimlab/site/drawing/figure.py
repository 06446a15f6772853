"""A picture on a page: caption, drawing, the same in words and as a table, and the data as a file beside the pages."""

import re
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import msgspec
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from claimlab.pictures import Drawable
from claimlab.project.languages import Language, Words, as_builtin
from claimlab.site.drawing.kind import Table
from claimlab.site.drawing.kinds import KINDS, Kinds
from claimlab.site.drawing.words import DATA, IN_WORDS, say
from claimlab.site.reader import html_language
from claimlab.site.render import titled

FOLDER: Final = "_downloads/pictures"
_LETTERS: Final = re.compile(r"[^\w.-]+")


class Drawn(msgspec.Struct, frozen=True):
    """A picture in one language, as text."""

    name: str
    """Of its file: ``bucket-layout-bucket``."""
    title: str
    says: str
    body: str
    """HTML."""
    data: str
    """JSON, for all languages."""
    lang: str = ""
    """Of title and `says`, if it is not that of the pages."""


class Figure(nodes.General, nodes.Element):
    """A drawn picture; its one child is the caption. Builders other than HTML's show no more than that."""


def draw(picture: Drawable, language: Language, name: str, title: Words, kinds: Kinds = KINDS) -> Drawn:
    """The picture as text; `name` is that of its file, without an ending."""
    kind = kinds.get(type(picture))
    if kind is None:
        raise TypeError(f"nothing draws a {type(picture).__name__}: the project's extensions.pictures has no such kind")
    named = say(title, language)
    told = kind.tell(picture, language).replace("`", "")
    shown = ElementTree.Element("div", {"class": "cl-drawings"})
    plain = named.replace("`", "")
    shown.extend(kind.draw(picture, language, f"{plain}. {told}"))
    fold = ElementTree.Element("details", {"class": "cl-told"})
    ElementTree.SubElement(fold, "summary").text = say(IN_WORDS, language)
    ElementTree.SubElement(fold, "p").text = told
    fold.append(_table(kind.tabulate(picture, language), plain))
    whole = {
        "picture": name,
        "kind": type(picture).__name__,
        "title": dict(title),
        "data": msgspec.to_builtins(picture, enc_hook=as_builtin),
    }
    return Drawn(
        _LETTERS.sub("-", name),
        named,
        say(picture.says, language) if picture.says else "",
        _as_html(shown) + _as_html(fold),
        msgspec.json.format(msgspec.json.encode(whole), indent=1).decode(),
        "" if title.language_of(language) == language else html_language(title.language_of(language)),
    )


def _table(table: Table, label: str) -> ElementTree.Element:
    box = ElementTree.Element("div", {"class": "cl-scroll", "role": "region", "aria-label": label, "tabindex": "0"})
    made = ElementTree.SubElement(box, "table", {"class": "docutils cl-data"})
    head = ElementTree.SubElement(ElementTree.SubElement(made, "thead"), "tr")
    for word in table.head:
        ElementTree.SubElement(head, "th", {"scope": "col"}).text = word
    body = ElementTree.SubElement(made, "tbody")
    for row in table.rows:
        line = ElementTree.SubElement(body, "tr")
        for text in row:
            ElementTree.SubElement(line, "td").text = text.replace("`", "")
    return box


def _as_html(element: ElementTree.Element) -> str:
    # An empty element without an end tag would swallow what follows it, if it is HTML's.
    return ElementTree.tostring(element, encoding="unicode", short_empty_elements=False)


def figure(drawn: Drawn, language: Language) -> Figure:
    lang = [f"language-{drawn.lang}"] if drawn.lang else []
    children = [nodes.paragraph("", "", *titled(drawn.title), classes=["cl-picture-title", *lang])]
    if drawn.says:
        children.append(nodes.paragraph("", "", *titled(drawn.says), classes=["cl-picture-says", *lang]))
    return Figure("", *children, drawn=drawn, language=language)


def add_figures(app: Sphinx) -> None:
    app.add_node(Figure, html=(_visit, _depart))
    app.add_css_file("pictures.css")


def _visit(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "figure", CLASS="cl-picture"))
    self.body.append("<figcaption>")


def _depart(self: HTML5Translator, node: nodes.Element) -> None:
    drawn: Drawn = node["drawn"]
    address = f"{FOLDER}/{drawn.name}.json"
    here = self.builder.get_target_uri(self.docnames[-1])
    _keep(Path(self.builder.outdir) / address, drawn.data)
    link: dict[str, Any] = {"class": "cl-picture-data", "href": relative_uri(here, address), "download": ""}
    data = ElementTree.Element("a", link)
    data.text = say(DATA, node["language"])
    self.body.append(f"</figcaption>{drawn.body}{_as_html(data)}</figure>\n")


def _keep(path: Path, data: str) -> None:
    """The file is there. What is unchanged keeps its time."""
    if not path.is_file() or path.read_text(encoding="utf-8") != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data, encoding="utf-8")
