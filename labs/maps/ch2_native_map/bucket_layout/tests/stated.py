"""Figures of the corrections that no judge says: of the bucket of a `map[string]int`, where there is one."""

from typing import Any

TEXTS = 1
"""Its place among the maps."""


def overflow(seen: Any) -> list[int]:
    bucket = seen.buckets[TEXTS]
    return [bucket.field("overflow").offset] if bucket.present else []


stated = {
    "2.1-c": {"208": lambda seen: [seen.buckets[TEXTS].size]},
    "2.1-e": {"200": overflow},
    "2.1-j": {"200": overflow},
}
