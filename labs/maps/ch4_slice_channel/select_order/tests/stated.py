"""Figures of the corrections that no judge says: how much was counted."""

THREE = [0, 1, 2]

stated = {
    "4.4-c": {"60 000": lambda seen: [sum(one.total for one in seen.counts("select") if one.ready == THREE)]},
}
