"""Figures in corrections, and whether what was seen bears them out. Pure.

A figure is what a judge says of what was seen, or what the lab's ``tests/stated.py`` reads there: by claim and figure,
as the correction writes it, a function of one observation. ``22 to 98`` and ``more than 2,300`` have to cover all that
was seen; any other figure is what something that was seen rounds to.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from claimlab.trials.lab import LabFolder
from claimlab.verdicts.kept_observations import TESTS

NUMBER: Final = re.compile(r"(?<![\w.])\d{1,3}(?:[ ,]\d{3})+(?![\d])|(?<![\w.])\d+(?:\.\d+)?(?!\w)")
NO_FIGURES: Final = (
    r"`[^`]*`",
    r"\b1\.(?:19|2\d)(?:\.\d+)?\b(?! 亿)",
    r"\b\d\.\d-\w(?:/\d)?",
    r"\b\d-\w+(?:/\d)?",
    r"Zen \d",
    r"C\d+",
)
"""Code, releases, claims, a processor, a language."""
WORDS: Final = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTS: Final = {"once": 1, "twice": 2} | {f"{word} times": count for count, word in enumerate(WORDS, start=3)}
COUNT: Final = re.compile(rf"(?<!at )\b(?:{'|'.join(COUNTS)})\b")
"""How often, in words."""
RANGE: Final = re.compile(r"(\S+) to (\S+)")
MORE: Final = "more than "
Stated = Mapping[str, Callable[[Any], Iterable[float]]]
"""By figure, as the correction writes it, what was seen in one observation."""


def without_names(text: str) -> str:
    """What is left has numbers only where they say how many or how much."""
    for pattern in NO_FIGURES:
        text = re.sub(pattern, "…", text)
    return text


def figures(text: str) -> list[str]:
    """As an English text writes them, counts in words among them."""
    plain = without_names(text)
    return list(dict.fromkeys(NUMBER.findall(plain) + COUNT.findall(plain)))


def number(figure: str) -> Decimal:
    return Decimal(COUNTS.get(figure) or re.sub(r"[ ,](?=\d{3})", "", figure))


def places(figure: Decimal) -> int:
    """Digits behind its point."""
    return -int(figure.as_tuple().exponent)


def rounds_to(seen: Iterable[Decimal], figure: str) -> bool:
    wanted = number(figure)
    return any(round(one, places(wanted)) == wanted for one in seen)


def unseen(text: str, stated: Stated, seen: Iterable[Any], judged: str, says: str) -> list[str]:
    """Figures of an English correction that neither `judged`, what a judge said, has, nor `says`, the claim, nor
    anything that was `seen`."""
    everything = list(seen)
    missing = [one for one in stated if one not in text or not is_seen(one, stated[one], everything)]
    covered = {part for figure in stated for part in figures(figure)}
    known = [number(one) for one in NUMBER.findall(judged) + COUNT.findall(judged) + figures(says)]
    return missing + [one for one in figures(text) if one not in covered and not rounds_to(known, one)]


def is_seen(figure: str, read: Callable[[Any], Iterable[float]], seen: Iterable[Any]) -> bool:
    values = [Decimal(str(value)) for one in seen for value in read(one)]
    if figure.startswith(MORE):
        least = number(figure.removeprefix(MORE))
        return bool(values) and all(value > least for value in values)
    if ends := RANGE.fullmatch(figure):
        low, high = map(number, ends.groups())
        return bool(values) and all(low <= round(value, places(high)) <= high for value in values)
    return rounds_to(values, figure)


def stated_of(lab: LabFolder) -> Mapping[str, Stated]:
    """What the lab's tests read in an observation, by claim; nothing if they have no `stated.py`."""
    there = (lab.path / TESTS / "stated.py").is_file()
    return lab.declaration("stated", dict, TESTS) if there else {}
