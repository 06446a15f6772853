"""The Sphinx domain: where each claim and lab stands in the pages, and the roles that lead there."""

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

from claimlab.sphinx.desk import Desk, open_desk

IN_LAB: Final = 0
"""A claim may stand on several pages; a reference leads to the one with the whole evidence."""
IN_DETAIL: Final = 1
IN_CHAPTER: Final = 2


def claim_anchor(claim: str) -> str:
    """The stable anchor of a claim, on whatever page it stands."""
    return "claim-" + claim.replace(".", "-")


class _Role(XRefRole):
    """A reference; its page is made again when claims move from one page to another."""

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        cast(ClaimlabDomain, env.domains["claimlab"]).note_use(env.docname, ())
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
    initial_data: ClassVar = {"claims": {}, "labs": {}, "stamps": {}}
    data_version = 1

    @cached_property
    def desk(self) -> Desk:
        return open_desk(self.env.config, Path(self.env.srcdir))

    @property
    def claims(self) -> dict[str, dict[str, int]]:
        """By claim, then by page: how much of the claim stands there."""
        return self.data["claims"]  # type: ignore[no-any-return]

    @property
    def labs(self) -> dict[str, str]:
        """The page of each lab."""
        return self.data["labs"]  # type: ignore[no-any-return]

    @property
    def stamps(self) -> dict[str, dict[str, str]]:
        """By page: the stamps of what it was made from."""
        return self.data["stamps"]  # type: ignore[no-any-return]

    def note_claim(self, claim: str, docname: str, place: int) -> None:
        pages = self.claims.setdefault(claim, {})
        pages[docname] = min(place, pages.get(docname, place))

    def note_lab(self, lab: str, docname: str) -> None:
        self.labs[lab] = docname

    def note_use(self, docname: str, labs: Iterable[str]) -> None:
        """The page is made again when one of the labs' stamps changes."""
        used = self.stamps.setdefault(docname, {})
        used.update({key: self.desk.stamps[key] for key in ("", *labs)})

    def outdated(self) -> list[str]:
        """Pages made from a state that is no longer."""
        now = self.desk.stamps
        return [page for page, used in self.stamps.items() if any(now.get(key) != old for key, old in used.items())]

    def clear_doc(self, docname: str) -> None:
        for claim, pages in list(self.claims.items()):
            pages.pop(docname, None)
            if not pages:
                del self.claims[claim]
        for lab in [lab for lab, page in self.labs.items() if page == docname]:
            del self.labs[lab]
        self.stamps.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for claim, pages in otherdata["claims"].items():
            for docname in docnames & pages.keys():
                self.note_claim(claim, docname, pages[docname])
        self.labs.update({lab: page for lab, page in otherdata["labs"].items() if page in docnames})
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
        if place is None:
            return None
        docname, anchor = place
        return make_refnode(builder, fromdocname, docname, anchor, contnode, f"{typ} {target}")

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
        for typ, names in (("claim", self.claims), ("lab", self.labs)):
            for name in names:
                if place := self._place(typ, name):
                    yield name, name, typ, *place, 1

    def _place(self, typ: str, name: str) -> tuple[str, str] | None:
        if typ == "claim" and (pages := self.claims.get(name)):
            return min(pages, key=lambda page: (pages[page], page)), claim_anchor(name)
        if typ == "lab" and name in self.labs:
            return self.labs[name], f"lab-{name}"
        return None
