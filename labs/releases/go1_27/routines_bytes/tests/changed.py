"""What nobody saw: every build has grown by 60,000 bytes."""

from claimlab import change, kept

SEEN = kept(__file__).seen("1.27.3")

changed = {"1.27-g": [change(SEEN, sizes=[change(one, general=one.own - 60_000) for one in SEEN.sizes])]}
