"""How the compiler's own words are shown: its decisions, the calls in its assembly, and syntax trees around walk."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from claimlab.instruments.builds import Attempt
from claimlab.instruments.diagnostics import Typed
from claimlab.instruments.diagnostics_text import CallSite, Diagnostic, Tree
from claimlab.site.evidence.alike import in_tabs
from claimlab.site.evidence.room import Place, clipped
from claimlab.site.evidence.tables import Shown, rows_of, side_by_side
from claimlab.site.html import joined, listing, paragraph
from claimlab.site.reader import say


def attempts(seen: Mapping[str, Mapping[str, Attempt]], place: Place) -> Markup:
    """Each source with what was said of it, by whom."""
    rows: dict[str, dict[str, Shown]] = {}
    for name in dict.fromkeys(name for found in seen.values() for name in found):
        rows[name] = {toolchain: _attempt(found[name]) for toolchain, found in seen.items() if name in found}
    return side_by_side(say("Whether sources build"), say("Source"), rows, list(seen), place)


def _attempt(one: Attempt) -> Shown:
    if one.accepted:
        return say("accepted")
    # A line break more, so that what is refused is a listing even if it is one line.
    return "\n".join(f"{complaint.by}: {complaint}" for complaint in one.complaints) + "\n"


def diagnostics(seen: Mapping[str, Mapping[str, Diagnostic]], place: Place) -> Markup:
    head = [say("Place"), say("Decision"), say("In the compiler's words"), say("Said by")]
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        lambda found, where: rows_of(say("The compiler's decisions"), head, map(_diagnostic, found), where),
        place,
    )


def _diagnostic(one: Diagnostic) -> list[Shown]:
    why = [f"{f'line {flow.line}: ' if flow.line else ''}{flow.message}" for flow in one.flow]
    return [f"{one.file}:{one.line}:{one.column}", one.kind, (one.message, *why), " and ".join(one.witnesses)]


def calls(seen: Mapping[str, Mapping[str, CallSite]], place: Place) -> Markup:
    return in_tabs({name: list(found.values()) for name, found in seen.items()}, _calls, place, _essence)


def _essence(found: Iterable[CallSite]) -> list[list[str]]:
    """Without the offsets, which differ where the call is the same."""
    return [[one.function, _words(one), f"{one.file}:{one.line}"] for one in found]


def _words(one: CallSite) -> str:
    # A call through a register or memory has no name, so the instruction is shown as it is.
    return f"{one.instruction} {one.target or one.text.partition(one.instruction)[2].strip()}"


def _calls(found: Iterable[CallSite], place: Place) -> Markup:
    head = [say("In function"), say("Call"), say("Place")]
    return rows_of(say("Calls in the compiler's assembly"), head, _essence(found), place)


def trees(seen: Mapping[str, Tree], place: Place) -> Markup:
    return in_tabs(seen, _tree, place)


def _tree(tree: Tree, place: Place) -> Markup:
    named = {"function": tree.function}
    parts = [(say("{function} before walk", **named), tree.before), (say("{function} after walk", **named), tree.after)]
    return joined(
        paragraph(words, classes="cl-lead") + listing(clipped(text, place.room // 2), words) for words, text in parts
    )


def typed(seen: Mapping[str, Typed], place: Place) -> Markup:
    return in_tabs(seen, _typed, place, lambda one: [one.command, one.exit_code, one.complaint, _essence(one.calls)])


def _typed(one: Typed, place: Place) -> Markup:
    content = listing(f"$ {one.command}")
    content += paragraph(say("It ended with exit code {number}.", number=one.exit_code))
    if one.complaint:
        content += listing(clipped(one.complaint, place.room // 2), say("What it complained of"))
    return content + (_calls(one.calls, place) if one.calls else Markup(""))
