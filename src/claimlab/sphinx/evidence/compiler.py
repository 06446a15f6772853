"""How the compiler's own words are shown: its decisions, the calls in its assembly, and syntax trees around walk."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup
from sphinx.locale import get_translation

from claimlab.instruments.diagnostics import Typed
from claimlab.instruments.diagnostics_text import Call, Diagnostic, Tree
from claimlab.sphinx.evidence.alike import in_tabs
from claimlab.sphinx.evidence.room import Place, clipped
from claimlab.sphinx.evidence.tables import Shown, rows_of
from claimlab.sphinx.html import joined, listing, paragraph

_ = get_translation("claimlab")


def diagnostics(seen: Mapping[str, Mapping[str, Diagnostic]], place: Place) -> Markup:
    head = [_("Place"), _("Decision"), _("In the compiler's words"), _("Said by")]
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        lambda found, where: rows_of(_("The compiler's decisions"), head, map(_diagnostic, found), where),
        place,
    )


def _diagnostic(one: Diagnostic) -> list[Shown]:
    why = [f"{f'line {flow.line}: ' if flow.line else ''}{flow.message}" for flow in one.flow]
    return [f"{one.file}:{one.line}:{one.column}", one.kind, (one.message, *why), " and ".join(one.witnesses)]


def calls(seen: Mapping[str, Mapping[str, Call]], place: Place) -> Markup:
    return in_tabs({name: list(found.values()) for name, found in seen.items()}, _calls, place, _essence)


def _essence(found: Iterable[Call]) -> list[list[str]]:
    """Without the offsets, which differ where the call is the same."""
    return [[one.function, _words(one), f"{one.file}:{one.line}"] for one in found]


def _words(one: Call) -> str:
    # A call through a register or memory has no name, so the instruction is shown as it is.
    return f"{one.instruction} {one.target or one.text.partition(one.instruction)[2].strip()}"


def _calls(found: Iterable[Call], place: Place) -> Markup:
    head = [_("In function"), _("Call"), _("Place")]
    return rows_of(_("Calls in the compiler's assembly"), head, _essence(found), place)


def trees(seen: Mapping[str, Tree], place: Place) -> Markup:
    return in_tabs(seen, _tree, place)


def _tree(tree: Tree, place: Place) -> Markup:
    named = {"function": tree.function}
    parts = [(_("%(function)s before walk") % named, tree.before), (_("%(function)s after walk") % named, tree.after)]
    return joined(
        paragraph(words, classes="cl-lead") + listing(clipped(text, place.room // 2), words) for words, text in parts
    )


def typed(seen: Mapping[str, Typed], place: Place) -> Markup:
    return in_tabs(seen, _typed, place, lambda one: [one.command, one.exit_code, one.complaint, _essence(one.calls)])


def _typed(one: Typed, place: Place) -> Markup:
    content = listing(f"$ {one.command}")
    content += paragraph(_("It ended with exit code %(number)d.") % {"number": one.exit_code})
    if one.complaint:
        content += listing(clipped(one.complaint, place.room // 2), _("What it complained of"))
    return content + (_calls(one.calls, place) if one.calls else Markup(""))
