"""What the observations of sync-map-fields say of the claims 1-i, j and 1-l … 1-p."""

from claimlab import Judges

from . import judges_fields, judges_means

judges = Judges([*judges_fields.judges.all, *judges_means.judges.all])
