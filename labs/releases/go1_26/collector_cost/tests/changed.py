"""What no toolchain shows."""

from claimlab import change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")
TREE = SEEN.ratios["Tree"]
SLOWER = change(SEEN.vectors.ratios["Tree"], low=1.1, high=1.2)

changed = {
    "1.26-b/2": [change(SEEN, ratios=dict.fromkeys(SEEN.ratios, TREE))],
    "1.26-c/2": [change(SEEN, vectors=change(SEEN.vectors, ratios={**SEEN.vectors.ratios, "Tree": SLOWER}))],
}
