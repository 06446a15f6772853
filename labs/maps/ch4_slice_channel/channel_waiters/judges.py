"""What the observations of channel-waiters say of the claims 4.2-a, b, e, f, h/1, h/2 and i."""

from claimlab import Judges

from . import judges_order, judges_states, judges_words

judges = Judges([*judges_words.judges.all, *judges_order.judges.all, *judges_states.judges.all])
