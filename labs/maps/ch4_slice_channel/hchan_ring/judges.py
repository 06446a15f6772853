"""What the observations of hchan-ring say of the claims 4.3-a to f, g/1 and g/2."""

from claimlab import Judges

from . import judges_indexes, judges_memory, judges_ring

judges = Judges([*judges_ring.judges.all, *judges_memory.judges.all, *judges_indexes.judges.all])
