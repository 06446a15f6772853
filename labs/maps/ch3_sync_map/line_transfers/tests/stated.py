"""Figures of the corrections that no judge says: what a failing compare-and-swap takes in the core's own cache."""

stated = {
    "3.3-g": {
        "9": lambda seen: [seen.costs["own-fail"].median],
        "93": lambda seen: [seen.costs["own-fail-pause"].median],
    }
}
