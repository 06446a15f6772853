"""What the observations of load-or-store-cas say of the claims 3.3-a, b, d, e, f and l."""

from claimlab import Judges

from . import judges_failure, judges_listing, judges_swap

judges = Judges([*judges_swap.judges.all, *judges_failure.judges.all, *judges_listing.judges.all])
