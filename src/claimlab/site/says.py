"""Sentences of an author's own text that are claims: each with its verdict, where it stands.

``claimlab:says`` is a role and a directive: see :mod:`claimlab.project.prose`, which reads the same pages for what they
claim. What is shown is the author's text as it is; the verdict is put after it.
"""

from typing import Any, Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from claimlab.project.article import FILE
from claimlab.project.marked import marked_as
from claimlab.site.domain import domain_of
from claimlab.site.reader import Reader, claim_anchor, reader_of
from claimlab.site.render import raw, render, titled
from claimlab.verdicts.ledger import Row

AFTER_TRANSLATION: Final = 30
"""Sphinx puts translated paragraphs in place at 20."""
_log = logging.getLogger(__name__)


class SaysRole(SphinxRole):
    """A sentence within a paragraph."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            one = marked_as(self.text, self.lineno)
        except ValueError as error:
            _warn(str(error), self.get_location())
            return [nodes.Text(self.text)], []
        row = _row(self.env, one.id, self.get_location())
        said = nodes.inline("", "", *titled(one.says), classes=["cl-marked"])
        if row is None:
            return [said], []
        _name(said, row, self.env)
        return [said, *_badge(row, self.env)], []


class SaysDirective(SphinxDirective):
    """A sentence, or several, by themselves."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        row = _row(self.env, self.arguments[0], self.get_location())
        said = nodes.container("", classes=["cl-marked"])
        self.state.nested_parse(self.content, self.content_offset, said)
        if row is None:
            return list(said.children)
        said["claimlab_row"] = row.claim.ref
        return [said]


class PutBadges(SphinxTransform):
    """A directive's badge stands in its last paragraph, after the paragraph was translated."""

    default_priority = AFTER_TRANSLATION

    def apply(self, **kwargs: Any) -> None:
        for said in list(self.document.findall(nodes.container)):
            if ref := said.attributes.pop("claimlab_row", ""):
                row = domain_of(self.env).site.rows[ref]
                _name(said, row, self.env)
                last = said.children[-1] if said.children else None
                if isinstance(last, nodes.paragraph):
                    last += _badge(row, self.env)
                else:
                    said.append(nodes.paragraph("", "", *_badge(row, self.env)))


def add_says(app: Sphinx) -> None:
    app.add_role_to_domain("claimlab", "says", SaysRole())
    app.add_directive_to_domain("claimlab", "says", SaysDirective)
    app.add_transform(PutBadges)


def _row(env: BuildEnvironment, claim: str, location: str) -> Row | None:
    """The claim of that id in the article that this page is of; the page is made again when its outcome changes."""
    domain = domain_of(env)
    article = domain.site.marked_by.get(env.docname)
    domain.note_use(env.docname, ())
    if article is None:
        name = env.doc2path(env.docname, base=False)
        _warn(
            f'this page is in no article, so nothing is known of {claim}: put it into an {FILE}, pages = ["{name}"]',
            location,
        )
        return None
    row = domain.site.rows.get(f"{article}:{claim}")
    if row is None:
        _warn(
            f"the article {article} has no claim {claim}: claims are found in the page's own text, and not in what "
            "is included or generated",
            location,
        )
        return None
    domain.note_use(env.docname, [f"row {row.claim.ref}"])
    return row


def _name(said: nodes.Element, row: Row, env: BuildEnvironment) -> None:
    """Links to the claim lead here, and screen readers know the language where it is not that of the page."""
    said["ids"].append(claim_anchor(row.claim.id))
    lang = _reader(env).lang(row.claim.says)
    # What a translator put in its place is in the page's language.
    if lang and _words(said.astext()) == _words(row.claim.says.first):
        said["classes"].append(f"language-{lang}")  # docutils makes an attribute of it


def _words(text: str) -> list[str]:
    return text.replace("`", "").split()


def _badge(row: Row, env: BuildEnvironment) -> list[nodes.Node]:
    return [nodes.Text(" "), raw(render("says.html", _reader(env), row=row))]


def _reader(env: BuildEnvironment) -> Reader:
    return reader_of(env.app, env, domain_of(env).site.main)


def _warn(words: str, location: str) -> None:
    _log.warning("%s", words, type="claimlab", subtype="unknown", location=location)
