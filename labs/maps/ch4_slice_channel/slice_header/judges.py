"""What the observations of slice-header say of the claims 4.1-a, b, f, g, h and j."""

from claimlab import Judges

from . import judges_array, judges_words

judges = Judges([*judges_words.judges.all, *judges_array.judges.all])
