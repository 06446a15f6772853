"""Figures of the corrections that no judge says: what all releases have in common."""

stated = {"1-b": {"99 to 100": lambda seen: [seen.counts["recover/2"].count("concurrent map", exit_code=2)]}}
