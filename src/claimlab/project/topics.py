"""Topics: the questions that readers come with, each with a sentence and the claims that bear it out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.article import NAME, Article
from claimlab.project.claim import Text, words_of
from claimlab.project.errors import BadData
from claimlab.project.languages import Language, Words
from claimlab.project.outcome import Outcome
from claimlab.project.toml import checked, read_toml

RESTS_ON: Final = (Outcome.HOLDS, Outcome.FAILS, Outcome.VOID)
"""What a sentence can rest on."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A question, and its answer for the newest release that is asked."""

    id: str
    question: Words
    answer: Words
    rests_on: dict[str, Outcome]
    """By the project-wide names of claims, the outcome on that release without which the answer does not stand."""


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    question: Text
    answer: Text
    claims: dict[str, Outcome]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds that ``topics`` in claimlab.toml names."""

    topic: tuple[_Row, ...] = ()


def load_topics(path: Path, articles: Sequence[Article], languages: tuple[Language, ...]) -> list[Topic]:
    """In the order of the file; :class:`BadData` says what is wrong with it."""
    claims = [claim for article in articles for claim in article.claims]
    refs = {claim.ref: claim.ref for claim in claims}
    ids = Counter(claim.id for claim in claims)
    refs |= {claim.id: claim.ref for claim in claims if ids[claim.id] == 1}
    try:
        found = [_topic(row, refs, languages) for row in checked(read_toml(path), _File).topic]
    except BadData:
        raise
    except ValueError as error:
        raise BadData(str(path), str(error)) from None
    if twice := sorted(one for one, count in Counter(topic.id for topic in found).items() if count > 1):
        raise BadData(str(path), f"topics stand twice: {', '.join(twice)}")
    return found


def _topic(row: _Row, refs: dict[str, str], languages: tuple[Language, ...]) -> Topic:
    if not NAME.fullmatch(row.id):
        raise ValueError(f"{row.id!r} is no name for a topic: small letters, digits and hyphens")
    if not row.claims:
        raise ValueError(f"topic {row.id}: an answer rests on one claim at least")
    if strangers := [name for name in row.claims if name not in refs]:
        raise ValueError(f"topic {row.id}: there is no claim {strangers[0]}, or there are several")
    if vague := [name for name, outcome in row.claims.items() if outcome not in RESTS_ON]:
        raise ValueError(f"topic {row.id}: nothing can rest on {vague[0]} being {row.claims[vague[0]]}")
    rests_on = {refs[name]: outcome for name, outcome in row.claims.items()}
    return Topic(row.id, words_of(row.question, languages), words_of(row.answer, languages), rests_on)
