"""What the observations of sync-map-store say of the claims 1-k, 1-q, 1-r, 1-s and 1-t4/1."""

from claimlab import Judges

from . import judges_counts, judges_words

judges = Judges([*judges_words.judges.all, *judges_counts.judges.all])
