"""What the observations of entry-false-sharing say of the claims 3.2-a, 3.2-c and 3.2-d."""

from claimlab import Judges

from . import judges_figures, judges_slower

judges = Judges([*judges_slower.judges.all, *judges_figures.judges.all])
