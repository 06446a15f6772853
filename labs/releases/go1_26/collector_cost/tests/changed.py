"""What no toolchain shows."""

from claimlab import change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")
TREE = SEEN.ratios["Tree"]

changed = {"1.26-b/2": [change(SEEN, ratios=dict.fromkeys(SEEN.ratios, TREE))]}
