"""What the observations of fast32-registers say of the claims 2.2-f … 2.2-m."""

from claimlab import Judges

from . import judges_entry, judges_result

judges = Judges([*judges_entry.judges.all, *judges_result.judges.all])
