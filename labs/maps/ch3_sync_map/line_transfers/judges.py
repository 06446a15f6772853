"""What the observations of line-transfers say of the claims 3.2-b, i and j, and 3.3-g, h, i and k."""

from claimlab import Judges

from . import judges_copies, judges_cycles

judges = Judges([*judges_copies.judges.all, *judges_cycles.judges.all])
