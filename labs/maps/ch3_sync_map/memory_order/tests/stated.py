"""Figures of the corrections that no judge says: what all releases have in common."""

stated = {
    "3.1-i/2": {
        "22 to 98": lambda seen: [100 * seen.litmus.plain.neither / seen.litmus.plain.iterations],
        "100 000": lambda seen: [round(seen.litmus.plain.iterations, -3)],
    }
}
