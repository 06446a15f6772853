"""What the observations of memory-order say of the claims 3.1-h, 3.1-i/1, 3.1-i/2 and 3.1-n."""

from claimlab import Judges

from . import judges_publishing, judges_strength

judges = Judges([*judges_strength.judges.all, *judges_publishing.judges.all])
