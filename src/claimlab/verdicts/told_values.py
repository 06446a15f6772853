"""Values as an answer to a question: shown, grouped, printed as data and compared as those of ``look`` are. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from claimlab.project.outcome import Outcome
from claimlab.questions.question import Answer, Row
from claimlab.questions.told import Status, Told
from claimlab.toolchains.toolchain import Toolchain
from claimlab.verdicts.in_words import where_in_words
from claimlab.verdicts.value import Value, shown
from claimlab.verdicts.values import Valued

_STATUS: Final[Mapping[Outcome, Status]] = {
    Outcome.BROKEN: "broken",
    Outcome.MISSING: "missing",
    Outcome.VOID: "refused",
}


class Than(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value beside that of another release."""

    difference: float
    ratio: float | None
    """None where the other is 0."""

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f", ×{self.ratio:.3f}"
        return f"({'+' if self.difference > 0 else ''}{shown(self.difference)}{ratio})"


class ValuesAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The figures of one toolchain, by name."""

    values: dict[str, Value]
    than: dict[str, Than] = msgspec.field(default_factory=dict)
    """Those that the release has too that they are compared with."""

    def key(self) -> object:
        return tuple(self.values.items()), tuple(self.than.items())

    def rows(self) -> list[Row]:
        rows = [
            Row(name, f"{one} {self.than[name]}" if name in self.than else str(one))
            for name, one in self.values.items()
        ]
        return rows or [Row("", "there are no values")]


def answer(values: Mapping[str, Value], base: Mapping[str, Value]) -> ValuesAnswer:
    """The figures, and how they stand to those of the same name and unit in `base`."""
    both = {name: (one, base[name]) for name, one in values.items() if name in base and base[name].unit == one.unit}
    return ValuesAnswer(dict(values), {name: _than(one.number, other.number) for name, (one, other) in both.items()})


def _than(number: float, other: float) -> Than:
    return Than(number - other, number / other if other else None)


def told(toolchain: Toolchain, arch: str, found: Valued, base: Mapping[str, Value]) -> Told:
    """What there is to say of one toolchain. The journal of its commands is left out: the record has it."""
    whole = found.observation.provenance if found.observation else None
    provenance = msgspec.structs.replace(whole, commands=[], beside={}) if whole else None
    where = measured_elsewhere(found)
    notes = [where] if where else []
    if found.absent is not None:
        words = "\n".join(filter(None, (found.absent.because, found.absent.shows)))
        return Told(toolchain, arch, _STATUS[found.absent.outcome], None, words, notes, provenance)
    return Told(toolchain, arch, "answered", answer(found.values, base), "", notes, provenance)


def measured_elsewhere(found: Valued) -> str:
    """Where, if that is not this host as it is now; else nothing."""
    measured = found.measured
    return (
        "" if measured is None or measured.is_here else f"measured on {where_in_words(measured.host, measured.place)}"
    )


def agree(one: Answer, other: Answer) -> bool:
    """Both name the same figures, and each may be what the other has: see :meth:`Value.agrees`."""
    assert isinstance(one, ValuesAnswer) and isinstance(other, ValuesAnswer), "these are answers of `values`"
    return one.values.keys() == other.values.keys() and all(
        value.agrees(other.values[name]) for name, value in one.values.items()
    )


CSV_HEAD: Final = ("toolchain", "arch", "value", "number", "unit", "low", "high", "difference", "ratio")


def csv_rows(all_told: Iterable[Told]) -> list[Sequence[object]]:
    """A line for each figure of each toolchain, as CSV_HEAD has it; what is None stays empty."""
    return [
        (
            one.toolchain.name,
            one.arch,
            name,
            value.number,
            value.unit,
            value.low,
            value.high,
            *_columns(one.answer, name),
        )
        for one in all_told
        if isinstance(one.answer, ValuesAnswer)
        for name, value in one.answer.values.items()
    ]


def _columns(found: ValuesAnswer, name: str) -> tuple[float | None, float | None]:
    than = found.than.get(name)
    return (than.difference, than.ratio) if than else (None, None)
