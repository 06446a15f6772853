"""The Sphinx domain: the roles that lead to claims and labs, and which state of things each page was made from."""

from collections.abc import Iterable, Iterator, Set
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from claimlab.project.files import digest
from claimlab.site.data import SITE, SiteData, open_site_data
from claimlab.site.log import Told
from claimlab.site.messages import words_of_judges
from claimlab.site.reader import claim_anchor, claim_page, lab_page_name
from claimlab.verdicts.ledger import Row

LOGGED: Final = "log"
"""The stamp of the log of verdicts."""


class _Role(XRefRole):
    """A reference; its page is made again when claims come or go."""

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        domain_of(env).note_use(env.docname, ())
        return title, target


class ClaimlabDomain(Domain):
    """Claims and labs as objects of the documentation."""

    name = "claimlab"
    label = "claimlab"
    object_types: ClassVar = {"claim": ObjType("claim", "claim"), "lab": ObjType("lab", "lab")}
    roles: ClassVar = {"claim": _Role(warn_dangling=True), "lab": _Role(warn_dangling=True)}
    dangling_warnings: ClassVar = {
        "claim": "there is no claim %(target)s",
        "lab": "there is no lab %(target)s",
    }
    initial_data: ClassVar = {"stamps": {}}
    data_version = 2

    @cached_property
    def site(self) -> SiteData:
        return open_site_data(self.env.config, Path(self.env.srcdir))

    told: Told
    """The log of verdicts, as of this build."""

    def stamp(self, key: str) -> str:
        """As that of the site, or of the log; the site's words are in it too."""
        if key == LOGGED:
            return self.told.digest
        return f"{self.site.stamp(key)} {self._words}" if key == SITE else self.site.stamp(key)

    @cached_property
    def _words(self) -> str:
        path = words_of_judges(Path(self.env.srcdir), self.env.config)
        return digest(path.read_bytes()) if path else ""

    @property
    def stamps(self) -> dict[str, dict[str, str]]:
        """By page: the stamps of what it was made from."""
        return self.data["stamps"]  # type: ignore[no-any-return]

    def note_use(self, docname: str, keys: Iterable[str]) -> None:
        """The page is made again when one of these stamps of the site changes."""
        used = self.stamps.setdefault(docname, {})
        used.update({key: self.stamp(key) for key in (SITE, *keys)})

    def outdated(self) -> list[str]:
        """Pages made from a state that is no longer."""
        return [page for page, used in self.stamps.items() if any(self.stamp(key) != old for key, old in used.items())]

    def clear_doc(self, docname: str) -> None:
        self.stamps.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        self.stamps.update({page: used for page, used in otherdata["stamps"].items() if page in docnames})

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        place = self._place(typ, target)
        return make_refnode(builder, fromdocname, *place, contnode, f"{typ} {target}") if place else None

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        found = {
            typ: self.resolve_xref(env, fromdocname, builder, typ, target, node, contnode) for typ in self.object_types
        }
        return [(f"claimlab:{typ}", reference) for typ, reference in found.items() if reference is not None]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for row in self.site.rows.values():
            yield row.label, row.label, "claim", *_place_of(row, self.site.main), 1
        for lab in self.site.labs:
            yield lab, lab, "lab", lab_page_name(lab), f"lab-{lab}", 1

    def _place(self, typ: str, name: str) -> tuple[str, str] | None:
        if typ == "claim" and (row := self.site.row(name)):
            return _place_of(row, self.site.main)
        if typ == "lab" and name in self.site.labs:
            return lab_page_name(name), f"lab-{name}"
        return None


def domain_of(env: BuildEnvironment) -> ClaimlabDomain:
    return cast(ClaimlabDomain, env.domains["claimlab"])


def _place_of(row: Row, main: str) -> tuple[str, str]:
    return claim_page(row.claim, main), claim_anchor(row.claim.id)
