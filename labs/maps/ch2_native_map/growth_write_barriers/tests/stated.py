"""Figures of the corrections that no judge says: parts of what was counted, and what all releases have in common."""

from typing import Any

from ..judges_barriers import copies_by_itself, copies_entries, entries, executions, growth, passes


def copied(seen: Any) -> list[int]:
    """Executions for the entries that growth copies."""
    parts = growth(seen).parts
    return [sum(sum(executions(parts, belongs).values()) for belongs in (copies_entries, copies_by_itself))]


def of(seen: Any, operation: str) -> int:
    name = operation.partition(" ")[0]
    return sum(executions([seen.done(operation, marking=True)], passes([name])).values())


def assigned(seen: Any) -> list[int]:
    return [of(seen, operation) for operation in ("main.assignText new", "main.assignPointer new")]


stated = {
    "2.4-a": {"16": copied},
    "2.4-d": {"20 to 44": lambda seen: [sum(executions(entries(seen).parts, copies_entries).values())]},
    "2.4-e": {
        "more than 2,300": lambda seen: [n] if (n := seen.landings.present.all + seen.landings.fresh.all) else []
    },
    "2.4-h": {
        "twice": assigned,
        "once": lambda seen: [of(seen, "main.assignByNumber new"), of(seen, "main.assignCount new")],
    },
}
