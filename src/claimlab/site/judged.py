"""What judges say, in the reader's language.

Judges write in one language, with what was measured in the sentence. A project's catalogue of their sentences has the
same clause once, whatever was measured: its figures, and what stands between backticks, are gaps ``{1}``, ``{2}`` in
it. So one translation serves every release and every later run, and never states a figure itself.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

JUDGES: Final = "claimlab-judges"
"""The name of a project's catalogues of what its judges say, among those of its pages."""
BETWEEN: Final = "; "
"""What stands between the clauses of a judge's sentence."""
_CODE: Final = r"`[^`]*`"
_FIGURE: Final = r"(?<![\w.])(?:0x[0-9a-f]+|\d{1,3}(?: \d{3})+|\d+(?:[.,]\d+)*)(?!\w)"


def _list_of(part: str) -> str:
    """Several in a row, which make the same sentence however many they are; two with a comma may be of two things."""
    return rf"{part}(?:(?:, {part})+,? and {part}|(?:, {part}){{2,}})"


_GAP: Final = re.compile(f"{_list_of(_CODE)}|{_CODE} and {_CODE}|{_CODE}|{_list_of(_FIGURE)}|{_FIGURE}")
_WHOLE: Final = re.compile(rf"{_CODE}|“[^”]*”|\([^()]*\)")
"""No clause ends within these."""
_FILLED: Final = re.compile(r"\{(\d+)\}")
_JOINED: Final = re.compile(r"(?:,? and )(?=[`\d])|(?<=`), (?=`)")


def clauses(text: str) -> Iterator[tuple[str, list[str]]]:
    """The clauses of a sentence as messages of a catalogue, each with what fills its gaps, in their order."""
    inside = _WHOLE.sub(lambda whole: whole[0].replace(BETWEEN, "\0"), text)
    for clause in inside.split(BETWEEN):
        gaps: list[str] = []
        yield _GAP.sub(partial(_gap, gaps), clause.replace("\0", BETWEEN)), gaps


def _gap(gaps: list[str], found: re.Match[str]) -> str:
    gaps.append(found[0])
    return f"{{{len(gaps)}}}"


def in_other_words(text: str, known: Callable[[str], str], say: Callable[[str], str]) -> str | None:
    """The sentence as the catalogue's translators have it; None unless they have each of its clauses, with all gaps."""
    said = []
    for message, gaps in clauses(text):
        words = known(message)
        lacks = words == message and re.search("[A-Za-z]", message)
        if lacks or sorted(_FILLED.findall(words)) != sorted(_FILLED.findall(message)):
            return None
        said.append(_FILLED.sub(partial(_filling, [_listed(gap, say) for gap in gaps]), words))
    return say(BETWEEN).join(said)


def _filling(gaps: list[str], found: re.Match[str]) -> str:
    return gaps[int(found[1]) - 1]


def _listed(gap: str, say: Callable[[str], str]) -> str:
    """What stands between the parts of a list in the reader's language; figures keep their commas."""
    inside = _JOINED.sub(lambda found: say(", ") if found[0] == ", " else say(" and "), gap)
    return gap if gap.count("`") == 2 else inside
