"""Figures of the corrections that no judge says: what all releases have in common."""

stated = {"4.2-g/1": {"more than 100,000": lambda seen: [seen.holding("two CAS, between them").other_touched]}}
