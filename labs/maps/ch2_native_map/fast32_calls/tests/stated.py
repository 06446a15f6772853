"""Figures of the corrections that no judge says: how large values are, and how much was done."""

from ..lab import SIZES, TIMES

stated = {
    "2.2-b": {"20": lambda seen: [TIMES] if seen.reflecting else []},
    "2.2-e": {"136": lambda seen: SIZES if seen.hashed else []},
}
