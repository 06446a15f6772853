"""What the observations of leak-profile say of the claim 1.27-h."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import EXPERIMENTS, PROFILES, Profile, Seen

judges = Judges()

LEAKED: Final = 5
"""So many the program leaves behind."""


@dataclass(frozen=True)
class There:
    """A profile, and an experiment that might be wanted for it."""

    profile: Profile
    is_known: bool
    """The go command knows the experiment."""


def there(profile: int, experiment: int) -> Callable[[Seen], There]:
    return lambda seen: There(seen.profiles[profile], seen.known[EXPERIMENTS[experiment]])


@judges.of(
    "1.27-h",
    sees=there(0, 0),
    control=(
        Control(f"the profile `{PROFILES[1]}`, and a name that is no experiment", there(1, 2), Outcome.HOLDS),
        Control(f"the profile `{PROFILES[2]}`, and an experiment that every release knows", there(2, 1), Outcome.FAILS),
    ),
)
def it_is_there(found: There) -> Finding:
    """A program that is built plainly has the profile, with the five goroutines in it that were left behind; and the go
    command does not know the experiment."""
    counted = re.search(r"total (\d+)", found.profile.Total)
    if found.profile.Exists and (counted is None or int(counted[1]) < LEAKED):
        return unclear("the profile has less goroutines than were left behind", found.profile.Total)
    words = f"the profile is {'there' if found.profile.Exists else 'not there'}, and the go command "
    words += f"{'knows' if found.is_known else 'does not know'} the experiment"
    return decided(found.profile.Exists and not found.is_known, words, found.profile.Total)
