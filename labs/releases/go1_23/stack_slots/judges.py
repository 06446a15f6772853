"""Whether variables share their place: the claim 1.23-c."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided

from .lab import APART, TOGETHER, VARIABLE_BYTES

judges = Judges()


@dataclass(frozen=True)
class Frames:
    """Of functions with two variables each."""

    frames: dict[str, int]
    without: dict[str, int] | None = None
    """Where sharing is switched off."""


@judges.of(
    "1.23-c",
    sees=lambda seen: Frames({name: seen.frames[name] for name in APART}, seen.without),
    control=Control(
        "a function that uses both variables at the same time",
        lambda seen: Frames({TOGETHER: seen.frames[TOGETHER]}),
        Outcome.FAILS,
    ),
)
def they_share(found: Frames) -> Finding:
    """The frame of some function with two variables, of which one is in use at a time, is smaller than both.

    The variables are arrays that are indexed or sliced, and structs whose address is taken, in two branches or one
    after the other. Beside it stands what a flag does that switches the sharing off.
    """
    both = 2 * VARIABLE_BYTES
    shared = [name for name, size in found.frames.items() if size < both]
    words = f"of {len(found.frames)} functions with two variables of {VARIABLE_BYTES} bytes {len(shared)} have a frame"
    words += f" of less than {both}: {', '.join(shared) or 'none'}"
    if found.without is not None:
        off = [name for name in found.frames if found.without[name] < both]
        words += f"; with -d=mergelocals=0: {', '.join(off) or 'none'}"
    return decided(bool(shared), words, "\n".join(f"{name}: {size} bytes" for name, size in found.frames.items()))
