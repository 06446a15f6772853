"""What a program can do about sync.Map's layout: the claims 1-l and 1-p."""

import re
from dataclasses import dataclass

import msgspec

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear

from .lab import Attempt, Directed, Seen, Variant

judges = Judges()

LINE_BYTES = 64
"""What the article wants between the two fields."""


@judges.of(
    "1-l",
    sees=lambda seen: seen.snippet,
    control=Control("the same program with a struct of its own package", lambda seen: seen.snippet_ours, Outcome.HOLDS),
)
def the_snippet_shows_offsets(snippet: Attempt) -> Finding:
    """A program that asks for `unsafe.Offsetof` of both fields compiles, and prints a number for each."""
    complaints = [line for line in snippet.complaints.splitlines() if not line.startswith("#")]
    about = [line for line in complaints if re.search(r"\b(mu|read)\b", line)]
    if snippet.exit_code and about:
        said = re.sub(r"^[^ ]* ", "", about[0])
        return fails(f"the compiler refuses it with exit code {snippet.exit_code}: {said}", "\n".join(complaints))
    printed = dict(re.findall(r"^(mu|read) (\d+)$", snippet.printed, re.MULTILINE))
    if not snippet.exit_code and len(printed) == 2:
        return holds(f"it prints {printed['mu']} for `mu` and {printed['read']} for `read`", snippet.printed.strip())
    return unclear(f"the build ended with exit code {snippet.exit_code}", snippet.complaints + snippet.printed)


@dataclass(frozen=True)
class Measures:
    """Structs in which something has been done to keep the fields apart, beside one without."""

    exit_code: int
    complaints: str
    bare: Variant | None
    tried: list[Variant]
    starts: list[int]
    """Of variables with the directive."""


def measures(seen: Seen, by_hand: bool) -> Measures:
    attempt = seen.directive
    if attempt.exit_code:
        return Measures(attempt.exit_code, attempt.complaints, None, [], [])
    directed = msgspec.json.decode(attempt.printed, type=Directed)
    bare = next(variant for variant in directed.Variants if variant.Name == "bare")
    tried = [one for one in directed.Variants if one is not bare and (one.Name == "byHand") == by_hand]
    return Measures(0, attempt.complaints, bare, tried, [] if by_hand else directed.Starts)


def shape(variant: Variant) -> tuple[int, int, int, int]:
    return variant.Size, variant.Align, variant.MuOffset, variant.ReadOffset


@judges.of(
    "1-p",
    sees=lambda seen: measures(seen, by_hand=False),
    control=Control("padding written by hand", lambda seen: measures(seen, by_hand=True), Outcome.HOLDS),
)
def the_directive_keeps_them_apart(tried: Measures) -> Finding:
    """With the directive `go:align 64`, in some place or spelling, `mu` and `read` are 64 bytes apart.

    That padding by hand does it is the control; what is judged is the directive. The fields are those of a struct of
    ours, since nobody can write a directive into sync.Map.
    """
    if tried.bare is None:
        return fails(f"the compiler refuses the directive with exit code {tried.exit_code}", tried.complaints)
    lines = [
        f"{one.Name:13} size {one.Size:3}  align {one.Align:2}  mu {one.MuOffset}  read {one.ReadOffset:2}"
        f"  at multiples of 64: {one.OnStarts} of {one.Objects}"
        for one in [tried.bare, *tried.tried]
    ]
    shown = "\n".join([*lines, *([f"variables: {tried.starts} modulo 64"] if tried.starts else [])])
    apart = [one for one in tried.tried if one.ReadOffset - one.MuOffset >= LINE_BYTES]
    if apart:
        return holds(f"in `{apart[0].Name}` the two are {apart[0].ReadOffset - apart[0].MuOffset} bytes apart", shown)
    on_lines = [one for one in tried.tried if one.OnStarts == one.Objects]
    moved = [one for one in tried.tried if shape(one) != shape(tried.bare)]
    if moved or on_lines or (tried.starts and not any(tried.starts)):
        return unclear("the directive changes something, but the two are not kept apart", shown)
    said = "says nothing" if not tried.complaints else f"says: {tried.complaints.strip()}"
    words = (
        f"the compiler {said}, and with the directive in {len(tried.tried)} places and spellings size, alignment and"
    )
    return fails(f"{words} offsets stay those of the struct without it: `read` at {tried.bare.ReadOffset}", shown)
