"""Words, signs and colours: how an outcome, a verdict, a toolchain and a sentence look on every page."""

from collections.abc import Sequence
from typing import Final

from docutils import nodes
from sphinx import addnodes

from claimlab.outcome import Outcome
from claimlab.sphinx.elements import paragraph, span
from claimlab.toolchain import NO_AXIS
from claimlab.verdict import Kind
from claimlab.words import Words

SIGNS: Final = {
    Outcome.HOLDS: "✓",
    Outcome.FAILS: "✗",
    Outcome.VOID: "∅",
    Outcome.UNCLEAR: "?",
    Outcome.BROKEN: "!",
    Outcome.MISSING: "–",
}
MEANINGS: Final = {
    Outcome.HOLDS: "the claim is true there",
    Outcome.FAILS: "the claim is false there",
    Outcome.VOID: "what the claim speaks of does not exist there",
    Outcome.UNCLEAR: "the evidence does not suffice",
    Outcome.BROKEN: "the lab failed, so nothing is known",
    Outcome.MISSING: "not measured, or out of date",
}
CHINESE: Final = "language-zh-CN"
"""docutils turns this class into the HTML attribute ``lang``."""


def prose(text: str) -> list[nodes.Node]:
    """The text, with what stands between backticks set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [nodes.Text(text)]
    return [nodes.literal(part, part) if number % 2 else nodes.Text(part) for number, part in enumerate(parts) if part]


def both(words: Words, *classes: str) -> list[nodes.Node]:
    """The sentence in English, and below it in Chinese."""
    return [
        paragraph(*prose(words.en), classes=["cl-en", *classes]),
        paragraph(*prose(words.zh), classes=["cl-zh", CHINESE]),
    ]


def outcome_mark(outcome: Outcome) -> nodes.inline:
    """A sign and a word, coloured: any one of the three suffices."""
    sign, word = nodes.Text(SIGNS[outcome]), nodes.Text(str(outcome))
    return span(
        span(sign, classes=["cl-sign"]),
        nodes.Text(" "),
        span(word, classes=["cl-word"]),
        classes=["cl-mark", f"cl-{outcome}"],
    )


def badge(kind: Kind) -> nodes.inline:
    return span(nodes.Text(str(kind)), classes=["cl-badge", f"cl-{kind}"])


def toolchain_label(name: str) -> nodes.inline:
    """The release, and below it the experiment it was built with."""
    release, plus, experiment = name.partition("+")
    if name == NO_AXIS:
        release = "without Go"
    inside: list[nodes.Node] = [span(nodes.Text(release), classes=["cl-release"])]
    if plus:
        inside += [nodes.Text(" "), span(nodes.Text(f"+{experiment}"), classes=["cl-experiment"])]
    return span(*inside, classes=["cl-toolchain"])


def toolchains_in_words(names: Sequence[str], among: int) -> str:
    if len(names) == among and among > 1:
        return f"all {among} toolchains"
    return ", ".join(names)


def to_claim(claim: str, *content: nodes.Node) -> addnodes.pending_xref:
    return _reference("claim", claim, *(content or [nodes.Text(claim)]))


def to_lab(lab: str, *content: nodes.Node) -> addnodes.pending_xref:
    return _reference("lab", lab, *(content or [nodes.Text(lab)]))


def _reference(kind: str, target: str, *content: nodes.Node) -> addnodes.pending_xref:
    # Sphinx keeps only the first child of a reference when it resolves it.
    return addnodes.pending_xref(
        "",
        span(*content),
        refdomain="claimlab",
        reftype=kind,
        reftarget=target,
        refexplicit=True,
        refwarn=True,
    )
