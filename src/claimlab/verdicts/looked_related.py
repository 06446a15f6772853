"""Judges of claims that are data, and relate the layouts of releases to each other."""

from collections.abc import Callable
from typing import Final

from claimlab.project.outcome import Outcome
from claimlab.questions.claimed import SURE_TYPE, LayoutLook
from claimlab.questions.layouts import LayoutSeen, Place
from claimlab.verdicts.judge import Control, Judging
from claimlab.verdicts.related import Related, less_than, more_than, same_in_all
from claimlab.verdicts.releases import Releases
from claimlab.verdicts.value import Value

_CONTROL: Final = f"the offsets of the first and the last field of {SURE_TYPE}, as if of one field in two releases"


def related(look: LayoutLook, what: str, place_in: Callable[[LayoutSeen], Place | None]) -> Judging:
    """The judge of a figure that is the same in all releases that have it, or less or more than on one of them."""
    name = f"the {look.related} of {what}"

    def figure(seen: LayoutSeen) -> Value | None:
        place = place_in(seen)
        number = None if place is None else place.offset if look.related == "offset" else place.size
        return None if number is None else Value(number, "B")

    def sees(on: Releases) -> Related:
        there = {release: figure(seen) for release, seen in on.by_name().items()}
        return Related(figure(on.here), there, not look.than or on.is_after(look.than))

    def opposite(on: Releases) -> Related:
        first, *_, last = (Value(one.offset, "B") for one in on.here.others[SURE_TYPE].fields)
        return Related(last, {"one": first}) if look.less else Related(first, {"one": last, "other": first})

    control = Control(_CONTROL, opposite, Outcome.FAILS)
    if look.same:
        reading = f"T{name[1:]} is the same in every release that has it, by the DWARF of a program that has it."
        return reading, same_in_all(name), sees, control
    decide, word = (less_than, "less") if look.less else (more_than, "more")
    reading = f"In releases after {look.than} {name} is {word} than in {look.than}, by the DWARF of programs."
    return reading, decide(name), sees, control
