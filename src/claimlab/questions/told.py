"""What toolchains have told, and where they agree: pure, for the terminal, for programs and for pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, Literal

import msgspec

from claimlab.project.errors import BadData
from claimlab.questions.question import Answer, Row
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.record import Provenance

SCHEMA: Final = 1
Status = Literal["answered", "refused", "broken", "missing"]
"""``refused``: the sources do not build. ``broken``: nobody knows. ``missing``: nothing is recorded as things are."""
_SAID: Final = {"refused": "does not build: ", "broken": "nobody knows: ", "missing": ""}
"""Before the words of what has no answer."""


@dataclass(frozen=True)
class Told:
    """What one toolchain has told of one architecture."""

    toolchain: Toolchain
    arch: str
    status: Status
    answer: Answer | None = None
    words: str = ""
    """What the compiler said, or what broke."""
    notes: Sequence[str] = ()
    provenance: Provenance | None = None

    @property
    def rows(self) -> list[Row]:
        if self.answer is not None:
            return self.answer.rows()
        first = self.words.strip().splitlines() or [""]
        shown = next((line for line in first if not line.startswith("#")), first[0])
        return [Row("", f"{_SAID[self.status]}{shown if self.status == 'refused' else first[0]}")]

    @property
    def key(self) -> object:
        """Two that have the same agree."""
        return self.status, self.words if self.answer is None else self.answer.key()

    def as_data(self) -> dict[str, Any]:
        return {
            "toolchain": self.toolchain.name,
            "arch": self.arch,
            "status": self.status,
            "answer": self.answer.as_data() if self.answer is not None else None,
            "words": self.words,
            "notes": list(self.notes),
            "provenance": msgspec.to_builtins(self.provenance) if self.provenance else None,
        }


@dataclass(frozen=True)
class Group:
    """Toolchains that agree."""

    all: tuple[Told, ...]
    axis: Sequence[str] = ()
    """All releases that there are, oldest first: between two that agree there may be one that was not asked."""

    @property
    def rows(self) -> list[Row]:
        first, *others = self.all
        if first.answer is None:
            return first.rows
        return first.answer.rows_with([one.answer for one in others if one.answer is not None])

    @property
    def listing(self) -> list[str]:
        answer = self.all[0].answer
        return answer.listing() if answer is not None else []

    @property
    def label(self) -> str:
        """``1.21.13 – 1.22.10``; with commas where what lies between was not asked, and for variants."""
        parts: list[list[str]] = []
        for one in self.all:
            name = one.toolchain.name
            if parts and self._follows(parts[-1][-1], name):
                parts[-1].append(name)
            else:
                parts.append([name])
        return ", ".join(part[0] if len(part) == 1 else f"{part[0]} – {part[-1]}" for part in parts)

    def _follows(self, before: str, name: str) -> bool:
        return {before, name} <= set(self.axis) and self.axis.index(name) == self.axis.index(before) + 1


def groups(told: Iterable[Told], axis: Sequence[str]) -> list[Group]:
    """Runs of releases that agree, oldest first; then the variants that do not say what their release says."""
    ordered = sorted(told, key=lambda one: one.toolchain.order)
    plain = [one for one in ordered if not one.toolchain.variant]
    says = {one.toolchain.release.name: one.key for one in plain}
    variants = [one for one in ordered if one.toolchain.variant and says.get(one.toolchain.release.name) != one.key]
    runs = (list(run) for _, run in groupby(plain, key=lambda one: one.key))
    return [Group(tuple(one), axis) for one in (*runs, *_by_variant(variants))]


def _by_variant(variants: Iterable[Told]) -> list[list[Told]]:
    found: dict[object, list[Told]] = {}
    for one in variants:
        found.setdefault((one.toolchain.variant, one.key), []).append(one)
    return list(found.values())


# --- as data, and compared with earlier data ---


class _Kept(msgspec.Struct, frozen=True):
    toolchain: str
    arch: str
    status: Status
    answer: Any
    words: str = ""


class _File(msgspec.Struct, frozen=True):
    schema: Literal[1]
    question: dict[str, Any]
    answers: list[_Kept]


def as_data(question: Mapping[str, Any], told: Iterable[Told]) -> dict[str, Any]:
    """What ``--json`` prints: one object for each toolchain and architecture."""
    return {"schema": SCHEMA, "question": dict(question), "answers": [one.as_data() for one in told]}


@dataclass(frozen=True)
class Compared:
    """An answer beside an earlier one."""

    changed: list[str]
    """A sentence each."""
    unknown: list[str]
    """Toolchains that the earlier one does not know."""
    unasked: list[str]
    """Toolchains that only the earlier one knows."""


def same(one: Answer, other: Answer) -> bool:
    """They agree, and so they stand together where answers are shown."""
    return one.key() == other.key()


def compared(
    earlier: bytes,
    where: str,
    question: Mapping[str, Any],
    told: Sequence[Told],
    agree: Callable[[Answer, Answer], bool] = same,
) -> Compared:
    """The answer beside the one in a file that ``--json`` wrote; :class:`BadData` if that is none, or of another
    question. What had not been measured then is unknown to it."""
    try:
        file = msgspec.json.decode(earlier, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadData(where, f"it is no answer that --json has written: {error}") from None
    if file.question != msgspec.json.decode(msgspec.json.encode(question)):
        raise BadData(where, "it holds the answer to another question: " + msgspec.json.encode(file.question).decode())
    before = {(one.toolchain, one.arch): one for one in file.answers if one.status != "missing"}
    now = {(one.toolchain.name, one.arch): one for one in told}
    if not file.answers or (before and not before.keys() & now.keys()):
        holds = ", ".join(_names(before.keys())) or "no answer at all"
        raise BadData(where, f"it holds nothing of what was asked: it has {holds}")
    changed = []
    for place, was in before.items():
        if found := now.get(place):
            kept = _answer(was, told, where)
            if was.status != found.status or (kept and found.answer and not agree(kept, found.answer)):
                earlier_one = replace(found, status=was.status, answer=kept, words=was.words)
                words = "an answer" if was.status == "answered" and kept is None else _in_short(earlier_one.rows)
                changed.append(f"{' '.join(place)}: was {words}; is {_in_short(found.rows)}")
    return Compared(changed, _names(now.keys() - before.keys()), _names(before.keys() - now.keys()))


def _answer(was: _Kept, told: Sequence[Told], where: str) -> Answer | None:
    """The answer in the file, of the kind that the new ones are of."""
    kind = next((type(one.answer) for one in told if one.answer is not None), None)
    if was.answer is None or kind is None:
        return None
    try:
        return msgspec.convert(was.answer, kind)
    except msgspec.ValidationError as error:
        raise BadData(where, f"its answer for {was.toolchain} is none of this kind: {error}") from None


def _in_short(rows: Sequence[Row]) -> str:
    return "; ".join(f"{row.label} {row.text}".strip() for row in rows)


def _names(places: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(" ".join(place) for place in places)
