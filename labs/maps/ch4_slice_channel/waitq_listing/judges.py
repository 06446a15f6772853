"""What the observations of waitq-listing say of the claims 4.2-c, d, g/1, g/2, g/3 and g/4."""

from claimlab import Judges

from . import judges_steps, judges_types

judges = Judges([*judges_types.judges.all, *judges_steps.judges.all])
