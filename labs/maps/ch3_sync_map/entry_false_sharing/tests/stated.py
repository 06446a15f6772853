"""Figures of the corrections that no judge says: what all releases have in common."""

stated = {
    "3.2-a/2": {
        "1.2 to 2.0": lambda seen: [seen.entries.ratio] if seen.siblings is None else [],
        "1.3 to 2.0": lambda seen: [seen.siblings.ratio] if seen.siblings else [],
    }
}
