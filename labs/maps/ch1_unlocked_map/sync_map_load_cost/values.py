"""The figures of sync-map-load-cost: how many times as long a Load takes."""

from claimlab import Ratio, Value

from .lab import Seen


def values(seen: Seen) -> dict[str, Value]:
    """The ratios that rounds enough were clean for, with their intervals."""
    found = {
        "loads of two cores: one map / a map each": seen.one_map,
        "loads from one map: two cores / one core": seen.one_core,
        "counts of two cores: one line / a line each": seen.one_line,
    }
    return {name: _value(one) for name, one in found.items() if one is not None}


def _value(one: Ratio) -> Value:
    return Value(one.ratio, low=one.low, high=one.high)
