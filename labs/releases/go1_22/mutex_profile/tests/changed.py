"""A runtime that says of no contention where it was, whatever the setting: no release has one."""

from typing import Any

from claimlab import change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def lost(seen: Any, *settings: str) -> Any:
    """With these settings everything is under the function for what is lost."""
    inside = {
        name: change(
            one, Records=[change(record, Frames=["runtime._LostContendedRuntimeLock"]) for record in one.Records]
        )
        for name, one in seen.inside.items()
    }
    return change(seen, inside={name: inside[name] if name in settings else one for name, one in seen.inside.items()})


changed = {"1.22-l": [lost(LAB.seen(NEW), *LAB.seen(NEW).inside)]}
