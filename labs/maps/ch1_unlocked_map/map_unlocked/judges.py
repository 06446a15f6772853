"""What the observations of map-unlocked say of the claims 1-a, b, c, g, h, t1, t2, t3 and u."""

from claimlab import Judges

from . import judges_check, judges_counts, judges_header, judges_mark

judges = Judges(
    [
        *judges_counts.judges.all,
        *judges_check.judges.all,
        *judges_header.judges.all,
        *judges_mark.judges.all,
    ]
)
