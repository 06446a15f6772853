"""What the observations of growth-write-barriers say of the claims 2.4-a, c, d, e and h."""

from claimlab import Judges

from . import judges_barriers, judges_buckets

judges = Judges([*judges_barriers.judges.all, *judges_buckets.judges.all])
