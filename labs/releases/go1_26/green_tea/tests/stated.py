"""The figure of a correction that no judge says."""

from typing import Any

from ..judges import ARENA_BITS


def arena(_: Any) -> list[int]:
    return [2**ARENA_BITS // 2**20]


stated = {"1.26-f": {"64": arena}}
