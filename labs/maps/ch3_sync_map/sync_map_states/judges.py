"""What the observations of sync-map-states say of the claims of section 3.1 about sync.Map's state machine."""

from claimlab import Judges

from . import judges_states, judges_structure, judges_switch

judges = Judges([*judges_structure.judges.all, *judges_switch.judges.all, *judges_states.judges.all])
