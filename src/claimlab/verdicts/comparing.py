"""Two releases beside each other: what was true and is no longer, what is gone, what lies elsewhere. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec
from packaging.version import Version

from claimlab.instruments.layout import TypeLayout
from claimlab.project.languages import Language, Translate, in_english
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.imports import instruments_of
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.changes import Flip, Laid, Move, change_between, flips_by_reason, laid_out, moves, reasons_of
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.verdict import DECIDED

SCHEMA: Final = 1


class Turn(StrEnum):
    """How a claim stands on the newer release to what it was on the older one. The first is read first."""

    LOST = "true before, false now"
    WON = "false before, true now"
    GONE = "exists no longer"
    CAME = "exists only now"

    @classmethod
    def of(cls, flip: Flip) -> "Turn":
        if flip.now is Outcome.VOID:
            return cls.GONE
        if flip.was is Outcome.VOID:
            return cls.CAME
        return cls.LOST if flip.was is Outcome.HOLDS else cls.WON


class Came(StrEnum):
    """What became of a claim about a release, seen from an older release."""

    NEW = "true now, and not before"
    ALREADY = "true before, too"
    NOT = "not true now"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Noted:
    """A claim that an article makes about a release between the two."""

    row: Row
    was: Outcome | None
    """None where nobody asks."""
    now: Outcome | None

    @property
    def came(self) -> Came:
        if not {self.was, self.now} <= DECIDED:
            return Came.UNKNOWN
        if self.now is not Outcome.HOLDS:
            return Came.NOT
        return Came.ALREADY if self.was is Outcome.HOLDS else Came.NEW


@dataclass(frozen=True, slots=True)
class Relaid:
    """Types that are not as they were for the same reason: what went lies beside what came."""

    reason: str
    """Empty where no variant shows one."""
    went: list[Move]
    came: list[Move]
    moved: list[Move]

    @property
    def left(self) -> list[tuple[TypeLayout, Move | None]]:
        """What lies on the side of the earlier release: what went, and whatever else something was found instead of."""
        gone = {move.name for move in self.went}
        others = {move.instead: move.was for move in self.came if move.instead and move.instead not in gone}
        return [(move.was, move) for move in self.went] + [(one, None) for one in others.values()]

    @property
    def right(self) -> list[tuple[TypeLayout, Move | None]]:
        return [(move.now, move) for move in self.came]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is another way on a release than on an earlier one."""

    before: Toolchain
    release: Toolchain
    flips: tuple[Flip, ...]
    notes: Mapping[str, Sequence[Noted]]
    """By release from after the older one to the newer one, what is claimed about it."""
    moves: Sequence[Move]
    unknown: Sequence[Row]
    """Asked on both, and undecided on one of them at least."""
    same: int
    """How many have the same outcome on both."""

    @property
    def outcomes_unknown(self) -> set[Outcome]:
        """Those of the claims that are not known on both."""
        return {row.outcomes[tool.name] for row in self.unknown for tool in (self.before, self.release)}

    @property
    def known(self) -> bool:
        """Something is decided on both."""
        return bool(self.flips) or self.same > 0

    @property
    def noted(self) -> list[Noted]:
        return [one for ones in self.notes.values() for one in ones]

    def turned(self, turn: Turn) -> list[Flip]:
        """The claims that turned so. What an article says of the releases between is told there, and not twice, but for
        what is true no longer."""
        told = set() if turn is Turn.LOST else {one.row.claim.ref for one in self.noted}
        return [flip for flip in self.flips if Turn.of(flip) is turn and flip.row.claim.ref not in told]

    def by_reason(
        self, turn: Turn, translate: Translate = in_english, language: Language = "en"
    ) -> dict[str, list[Flip]]:
        return flips_by_reason(self.turned(turn), translate, language)

    def notes_by_fate(self, release: str) -> dict[Came, list[Noted]]:
        """What is claimed about a release, under what became of it."""
        found = {came: [one for one in self.notes[release] if one.came is came] for came in Came}
        return {came: ones for came, ones in found.items() if ones}

    def relaid(self, language: Language = "en") -> list[Relaid]:
        """The types under what made them other; those of which nothing shows that come last."""
        groups: dict[str, list[Move]] = {}
        for move in self.moves:
            groups.setdefault(", ".join(one.of(language) for one in reasons_of(move.undone)), []).append(move)
        return [
            Relaid(
                reason,
                [move for move in found if not move.now.present],
                [move for move in found if move.instead or not move.was.present],
                [move for move in found if move.lines],
            )
            for reason, found in sorted(groups.items(), key=lambda group: not group[0])
        ]

    def as_data(self) -> dict[str, Any]:
        """What ``claimlab compare --json`` prints."""
        about = {one.row.claim.ref: release for release, ones in self.notes.items() for one in ones}
        return {
            "schema": SCHEMA,
            "older": self.before.name,
            "newer": self.release.name,
            "turned": [_flip_as_data(flip) for turn in Turn for flip in self.flips if Turn.of(flip) is turn],
            "notes": [
                {
                    "claim": one.row.claim.ref,
                    "about": about[one.row.claim.ref],
                    "was": one.was,
                    "now": one.now,
                    "came": one.came,
                }
                for one in self.noted
            ],
            "layouts": [_move_as_data(move) for move in self.moves],
            "unknown": [
                {"claim": row.claim.ref, "was": row.outcomes[self.before.name], "now": row.outcomes[self.release.name]}
                for row in self.unknown
            ],
            "same": self.same,
        }


def _flip_as_data(flip: Flip) -> dict[str, Any]:
    claim = flip.row.claim
    return {
        "claim": claim.ref,
        "says": dict(claim.says),
        "turn": Turn.of(flip),
        "was": flip.was,
        "now": flip.now,
        "because": [one.first for one in flip.reasons],
        "correction": dict(claim.correction) if claim.correction else None,
    }


def _move_as_data(move: Move) -> dict[str, Any]:
    because = [one.first for one in reasons_of(move.undone)]
    instead = {"instead_of": move.instead} if move.instead else {}
    return {"type": move.name, "was": _layout(move.was), "now": _layout(move.now), "because": because, **instead}


def _layout(one: TypeLayout) -> dict[str, Any] | None:
    fields = [{"name": field.name, "offset": field.offset, "size": field.size} for field in one.fields]
    return {"size": one.size, "fields": fields} if one.present else None


def labs_with_layouts(ledger: Ledger) -> list[LabFolder]:
    """Those that look at how types lie in memory."""
    return [lab for lab in ledger.labs if "layout" in instruments_of(lab)]


def layouts_of(ledger: Ledger) -> Laid:
    """What these labs saw, as the record has it."""
    return laid_out(
        {
            lab.name: {
                trial.toolchain.name: msgspec.json.decode(observation.seen, type=lab.lab.seen_type)
                for trial in ledger.trials(lab)
                if (observation := trial.answer(ledger.record))
            }
            for lab in labs_with_layouts(ledger)
        }
    )


def compare(ledger: Ledger, laid: Laid, before: Toolchain, release: Toolchain) -> Comparison:
    """The claims of all articles, and the runtime's types, on an older and a newer release."""
    names = (before.name, release.name)
    asked = [row for row in ledger.rows if row.outcomes.keys() >= set(names)]
    unknown = [row for row in asked if not {row.outcomes[name] for name in names} <= DECIDED]
    flips = change_between(asked, before, release).flips
    return Comparison(
        before,
        release,
        flips,
        _notes(ledger, before, release),
        moves(laid, before, release, ledger.toolchains),
        unknown,
        len(asked) - len(unknown) - len(flips),
    )


def _notes(ledger: Ledger, before: Toolchain, release: Toolchain) -> dict[str, list[Noted]]:
    """What chapters about the releases after `before`, up to `release`, claim of them."""
    rows = {row.claim.ref: row for row in ledger.rows}
    found: dict[str, list[Noted]] = {}
    for chapter in (chapter for article in ledger.project.articles for chapter in article.chapters):
        if chapter.go and Version(before.language) < Version(chapter.go) <= Version(release.language):
            for row in (rows[claim.ref] for claim in chapter.claims()):
                noted = Noted(row, row.outcomes.get(before.name), row.outcomes.get(release.name))
                found.setdefault(chapter.go, []).append(noted)
    return dict(sorted(found.items(), key=lambda one: Version(one[0])))
