"""What the observations of select-order say of the claims 4.4-a … 4.4-j."""

from claimlab import Judges

from . import judges_choice, judges_figures, judges_scan, judges_waking

judges = Judges(
    [
        *judges_scan.judges.all,
        *judges_choice.judges.all,
        *judges_figures.judges.all,
        *judges_waking.judges.all,
    ]
)
