"""Machine code as text that can be read, selected and searched: set by the page, not drawn."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from claimlab.pictures import Code, Line, Listing, On, Skip
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import runs_of
from claimlab.site.drawing.kind import Kind, Table
from claimlab.site.drawing.words import closed, interface, joined, say, sentence, told_of


def draw(picture: Code, language: Language, label: str) -> list[Element]:
    """One for all widths: listings stand beside each other where there is room. It needs no words in its place."""
    shown = Element("div", {"class": "cl-listings"})
    for listing in picture.listings:
        shown.append(_listing(listing, language))
    return [shown]


def _listing(listing: Listing, language: Language) -> Element:
    box = Element("div", {"class": "cl-listing"})
    head = SubElement(box, "p", {"class": "cl-listing-head"})
    SubElement(head, "strong").text = words.whose(listing.whose, language)
    SubElement(head, "code").text = listing.function
    numbered = any(isinstance(one, Line) and ":" in one.source for one in listing.lines)
    if numbered and isinstance(listing.whose, On) and len(listing.whose.toolchains) > 1:
        plain = [name for name in listing.whose.toolchains if "+" not in name]
        newest = (plain or listing.whose.toolchains)[-1]
        says = sentence(f"lines as in {newest}", f"行号取自 {newest}", language)
        SubElement(head, "span", {"class": "cl-lines-of"}).text = says
    placed = any(isinstance(one, Line) and one.offset is not None for one in listing.lines)
    lines = SubElement(box, "ol", {} if placed else {"class": "cl-without-offsets"})
    file = number = ""
    for one in listing.lines:
        if isinstance(one, Skip):
            left_out = sentence(f"{one.count} more", f"另有 {one.count} 条指令", language)
            SubElement(lines, "li", {"class": "cl-skipped"}).text = f"… {left_out}"
            continue
        here, _, place = one.source.partition(":")
        if here != file:
            SubElement(lines, "li", {"class": "cl-file"}).text = here
        lines.append(_line(one, place if (here, place) != (file, number) else "", language))
        file, number = here, place
    if listing.note:
        _prose(SubElement(box, "p", {"class": "cl-listing-note"}), say(listing.note, language))
    return box


def _line(line: Line, number: str, language: Language) -> Element:
    """An instruction, and below it what is to be said of it; beside it the number of its source line, if that is
    another than before."""
    box = Element("li", {"class": "cl-instruction cl-pen"} if line.marked else {"class": "cl-instruction"})
    SubElement(box, "span", {"class": "cl-source"}).text = number
    SubElement(box, "span", {"class": "cl-offset"}).text = f"+{line.offset:x}" if line.offset is not None else ""
    code = SubElement(box, "code")
    code.text = line.text
    if line.means:
        code.text += "  "
        SubElement(code, "span", {"class": "cl-means"}).text = f"<{line.means}>"
    if line.note:
        _prose(SubElement(box, "strong", {"class": "cl-remark"}), say(line.note, language))
    return box


def _prose(element: Element, text: str) -> None:
    for run in runs_of(text):
        SubElement(element, "code" if run.mono else "span").text = run.text


def tell(picture: Code, language: Language) -> str:
    told = []
    for listing in picture.listings:
        marked = [one for one in listing.lines if isinstance(one, Line) and one.marked]
        told.append(told_of(words.whose(listing.whose, language), listing.function, language))
        for one in marked:
            note = f" – {say(one.note, language)}" if one.note else ""
            source = f" ({one.source})" if one.source else ""
            told.append(closed(f"{one.text}{source}{note}", language))
        if listing.note:
            told.append(say(listing.note, language))
    return joined(told, language)


def tabulate(picture: Code, language: Language) -> Table:
    head = {
        "en": ("Whose", "Function", "Offset", "Instruction", "Means", "Source", "Note"),
        "zh": ("来源", "函数", "偏移", "指令", "所指", "源码", "说明"),
    }[interface(language)]
    rows = []
    for listing in picture.listings:
        owner = words.whose(listing.whose, language)
        for one in listing.lines:
            if isinstance(one, Line):
                offset = f"+{one.offset:#x}" if one.offset is not None else ""
                note = say(one.note, language) if one.note else ""
                rows.append((owner, listing.function, offset, one.text, one.means, one.source, note))
    return Table(head, rows)


CODE: Final = Kind(draw, tell, tabulate)
