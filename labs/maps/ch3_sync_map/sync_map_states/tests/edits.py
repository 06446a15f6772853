"""What sync-map-states recorded, and ways to change one thing in it."""

from collections.abc import Callable
from typing import Any

from claimlab import Outcome, change, kept

LAB = kept(__file__)
WITH, WITHOUT = "1.23.9", "1.27.3"
TOUR, NIL = "shared tour", "shared nil"
Edit = Callable[[Any], Any]


def ruled(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def cut(seen: Any, walk: str, first: int, last: int) -> Any:
    """The walk was only these steps."""
    return change(seen, walks={**seen.walks, walk: seen.walks[walk][first:last]})


def at(seen: Any, walk: str, operation: str, edit: Edit) -> Any:
    """Each step of that name is another."""
    steps = [edit(step) if step.operation == operation else step for step in seen.walks[walk]]
    return change(seen, walks={**seen.walks, walk: steps})


def everywhere(seen: Any, walk: str, edit: Edit) -> Any:
    return change(seen, walks={**seen.walks, walk: [edit(step) for step in seen.walks[walk]]})


def with_writes(edit: Edit) -> Edit:
    """A step whose writes to `read` are others."""
    return lambda step: change(step, writes=[edit(one) if one.word == "read" else one for one in step.writes])


def with_state(**fields: Any) -> Edit:
    """A step after which both instruments read something else."""
    names = {"Amended": "amended", "Misses": "misses", "ReadMap": "read_map", "Dirty": "dirty"}

    def edit(step: Any) -> Any:
        state = change(step.after, **fields)
        words = change(step.words, **{names[field]: value for field, value in fields.items() if field in names})
        words = change(words, dirty_len=len(state.DirtyKeys), read_len=len(state.ReadKeys))
        known = {
            key: what if what in ("nil", "expunged") else "value" for key, what in state.DirtyKeys + state.ReadKeys
        }
        return change(step, after=state, words=change(words, entries=known))

    return edit


def without_lock(step: Any) -> Any:
    """An operation that neither waited for the mutex nor wrote to it."""
    return change(step, waited=False, writes=[one for one in step.writes if one.word != "mu"])


def with_lock(step: Any) -> Any:
    writes = [one for one in LAB.seen(WITH).walks[TOUR][2].writes if one.word == "mu"]
    return change(step, waited=True, writes=writes)
