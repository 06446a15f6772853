"""What no toolchain shows."""

from claimlab import change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")

changed = {"1.25-j/2": [change(SEEN, at_work=[change(one, cleanups=2) for one in SEEN.at_work])]}
