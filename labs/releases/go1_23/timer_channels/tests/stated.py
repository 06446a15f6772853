"""The figure of a correction that the judge reckons with: the fewest objects left that count as nearly all."""

from typing import Any

from ..judges import ALMOST_ALL
from ..lab import MADE


def nearly_all(_: Any) -> list[int]:
    return [round(MADE * ALMOST_ALL)]


stated = {"1.23-i": {"18,000": nearly_all}}
