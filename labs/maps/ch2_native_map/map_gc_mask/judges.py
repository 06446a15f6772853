"""What the observations of map-gc-mask say of the claims 2.5-c … 2.5-g and 2.5-j."""

from claimlab import Judges

from . import judges_layout, judges_mask

judges = Judges([*judges_layout.judges.all, *judges_mask.judges.all])
