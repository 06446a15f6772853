"""Templates to HTML: the pages' own shapes are in `templates/`, what they show comes from the views."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from docutils import nodes
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.site.cells import plain_cells
from claimlab.site.reader import Reader, claim_anchor, html_language, judged
from claimlab.verdicts.changes import Move
from claimlab.verdicts.in_words import variant_in_words
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import Variant

SIGNS: Final = {
    Outcome.HOLDS: "✓",
    Outcome.FAILS: "✗",
    Outcome.VOID: "∅",
    Outcome.UNCLEAR: "?",
    Outcome.BROKEN: "!",
    Outcome.MISSING: "–",
}
DECISIVE: Final = "=>"
"""Begins the lines of an excerpt that decide, as gdb marks the instruction a program stands at."""


def render(template: str, reader: Reader, **context: Any) -> Markup:
    return Markup(_environment().get_template(template).render(reader=reader, say=reader.say, **context))


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def titled(text: str) -> list[nodes.Node]:
    """The text as docutils has it, with what stands between backticks set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [nodes.Text(text)]
    return [nodes.literal(part, part) if number % 2 else nodes.Text(part) for number, part in enumerate(parts) if part]


def said_in(words: Words, reader: Reader) -> list[nodes.Node]:
    """As :func:`titled`, of a text in the reader's language; screen readers are told if it is in another."""
    text = titled(reader.of(words))
    # What docutils makes of such a class is the attribute `lang`.
    return [nodes.inline("", "", *text, classes=[f"language-{lang}"])] if (lang := reader.lang(words)) else text


def prose(text: str) -> Markup:
    """The text, with what stands between backticks set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def excerpt(text: str) -> Markup:
    """Machine text line by line, the decisive lines marked."""
    lines = [
        Markup('<mark class="cl-decisive">{}</mark>').format(line) if line.startswith(DECISIVE) else escape(line)
        for line in text.splitlines()
    ]
    return Markup("\n").join(lines)


def toolchains_in_words(names: Sequence[str], reader: Reader, row: Row) -> str:
    if len(names) == len(row.rulings) > 1:
        return reader.say("all {count} toolchains", count=len(names))
    return reader.say(", ").join(reader.say("without Go") if name == "-" else name for name in names)


def _outcomes_in_words(row: Row, reader: Reader) -> str:
    return reader.say(", ").join(f"{cell.range} {reader.say(str(cell.outcome))}".strip() for cell in plain_cells(row))


def _in_language(words: Words, reader: Reader) -> str:
    return reader.of(words)


def _said(words: Words, reader: Reader) -> Markup:
    """The text as the reader reads it; where it is in no language of the page, screen readers are told in which."""
    text, lang = prose(reader.of(words)), reader.lang(words)
    return Markup('<span lang="{}">{}</span>').format(lang, text) if lang else text


def _judged(text: str, reader: Reader, written: str) -> Markup:
    """What a judge says as the reader reads it, or else as it is `written`, of which screen readers are told."""
    if said := judged(text):
        return prose(said)
    lang = "" if written == html_language(reader.language) else written
    return Markup('<span lang="{}">{}</span>').format(lang, prose(text)) if lang else prose(text)


def _in_words(row: Row, reader: Reader) -> str:
    return row.words(reader.say, reader.language)


def _told(row: Row, reader: Reader) -> Markup:
    """The verdict in words, as a part of a page: why a claim cannot be tested is in the article's own words."""
    return _said(row.claim.untestable, reader) if row.claim.untestable else prose(_in_words(row, reader))


def _machines(row: Row, reader: Reader) -> str:
    """The machines that the verdict rests on, where it may be another one elsewhere; nothing otherwise."""
    found = row.machines(reader.say)
    if not found:
        return ""
    if len(found) == 1:
        said = reader.say("Seen on one machine: {host}", host=found[0])
    else:
        said = reader.say("Seen on {count} machines: {hosts}", count=len(found), hosts=reader.say("; ").join(found))
    others = reader.say(", ").join(reader.say(str(one)) for one in row.other_hosts)
    return said + reader.say(". On others it may come out as: {outcomes}", outcomes=others) if others else said


def _variant_words(variant: Variant, reader: Reader) -> str:
    return variant_in_words(variant, reader.say)


def _variants_that_differ(row: Row) -> dict[str, Outcome]:
    """The variants whose outcome is not their release's."""
    plain = row.plain
    return {
        name: outcome
        for name, outcome in row.outcomes.items()
        if name not in plain and outcome is not plain.get(name.partition("+")[0])
    }


def _flips(row: Row) -> str:
    """The releases in which the outcome is another one than before."""
    return " ".join(span.first for span in row.verdict.spans[1:])


def _move_in_words(move: Move, reader: Reader) -> str:
    if move.instead:
        return reader.say("In the place of {type}: {size} bytes.", type=move.instead, size=move.now.size)
    if not move.was.present:
        return reader.say("New: {size} bytes.", size=move.now.size)
    if not move.now.present:
        return reader.say("Gone; it had {size} bytes.", size=move.was.size)
    return reader.say("{was} bytes before, {now} bytes now.", was=move.was.size, now=move.now.size)


def css_class(value: str) -> str:
    """What an outcome or a verdict is called in style sheets."""
    return f"cl-{value.replace(' ', '-')}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("claimlab.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["SIGNS"] = SIGNS
    made.filters |= {
        "css_class": css_class,
        "prose": prose,
        "excerpt": excerpt,
        "toolchains": toolchains_in_words,
        "outcomes_in_words": _outcomes_in_words,
        "plain_cells": plain_cells,
        "in_language": _in_language,
        "said": _said,
        "in_words": _in_words,
        "told": _told,
        "judged": _judged,
        "machines": _machines,
        "variant_words": _variant_words,
        "variants_that_differ": _variants_that_differ,
        "anchor": claim_anchor,
        "flips": _flips,
        "move_in_words": _move_in_words,
    }
    return made
