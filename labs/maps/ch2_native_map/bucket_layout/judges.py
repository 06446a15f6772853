"""What the observations of bucket-layout say of the claims 2.1-c … 2.1-j and 2.1-n."""

from claimlab import Judges

from . import judges_parts, judges_tophash

judges = Judges([*judges_parts.judges.all, *judges_tophash.judges.all])
