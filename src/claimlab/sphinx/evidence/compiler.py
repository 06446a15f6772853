"""How the compiler's own words are shown: its decisions, the calls in its assembly, and syntax trees around walk."""

from collections.abc import Iterable, Mapping

from docutils import nodes

from claimlab.instruments.diagnostics import Typed
from claimlab.instruments.diagnostics_text import Call, Diagnostic, Tree
from claimlab.sphinx.elements import listing, paragraph
from claimlab.sphinx.evidence.alike import Shown, clipped, in_tabs, rows_of


def diagnostics(seen: Mapping[str, Mapping[str, Diagnostic]]) -> list[nodes.Node]:
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        lambda found: rows_of("The compiler's decisions", _HEAD, map(_diagnostic, found)),
    )


_HEAD = ("Place", "Decision", "In the compiler's words", "Said by")


def _diagnostic(one: Diagnostic) -> list[Shown]:
    why = [f"{f'line {flow.line}: ' if flow.line else ''}{flow.message}" for flow in one.flow]
    return [f"{one.file}:{one.line}:{one.column}", one.kind, (one.message, *why), " and ".join(one.witnesses)]


def calls(seen: Mapping[str, Mapping[str, Call]]) -> list[nodes.Node]:
    return in_tabs({name: list(found.values()) for name, found in seen.items()}, _calls, _essence)


def _essence(found: Iterable[Call]) -> list[list[str]]:
    """Without the offsets, which differ where the call is the same."""
    return [[one.function, _words(one), f"{one.file}:{one.line}"] for one in found]


def _words(one: Call) -> str:
    # A call through a register or memory has no name, so the instruction is shown as it is.
    return f"{one.instruction} {one.target or one.text.partition(one.instruction)[2].strip()}"


def _calls(found: Iterable[Call]) -> list[nodes.Node]:
    return rows_of("Calls in the compiler's assembly", ("In function", "Call", "Place"), _essence(found))


def trees(seen: Mapping[str, Tree]) -> list[nodes.Node]:
    return in_tabs(seen, lambda tree: _tree(tree, 2 * len(seen)))


def _tree(tree: Tree, sharers: int) -> list[nodes.Node]:
    content: list[nodes.Node] = []
    for words, text in ((f"{tree.function} before walk", tree.before), (f"{tree.function} after walk", tree.after)):
        content += [paragraph(nodes.Text(words)), listing(clipped(text, sharers), "text", "cl-transcript")]
    return content


def typed(seen: Mapping[str, Typed]) -> list[nodes.Node]:
    return in_tabs(seen, _typed, lambda one: [one.command, one.exit_code, one.complaint, _essence(one.calls)])


def _typed(one: Typed) -> list[nodes.Node]:
    ended = f"It ended with exit code {one.exit_code}."
    content: list[nodes.Node] = [listing(f"$ {one.command}", "console"), paragraph(nodes.Text(ended))]
    if one.complaint:
        content.append(listing(clipped(one.complaint)))
    return [*content, *(_calls(one.calls) if one.calls else [])]
