"""What the observations of gdb-panic say of the claims 2.3-a … 2.3-n."""

from claimlab import Judges

from . import judges_check, judges_counts, judges_stops

judges = Judges([*judges_counts.judges.all, *judges_stops.judges.all, *judges_check.judges.all])
