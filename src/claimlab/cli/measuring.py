"""What the record lacks is measured; where it lacks nothing, that costs next to nothing."""

from collections.abc import Sequence

from rich.console import Console

from claimlab.questions.laboratory import Laboratory
from claimlab.trials.trial import Trial


def measure_missing(
    ours: Laboratory,
    trials: Sequence[Trial],
    console: Console,
    *,
    fresh: bool = False,
    workers: int = 0,
    quiet: bool = False,
) -> dict[str, str] | None:
    """The trials that are not recorded, with `fresh` all, have been tried: see
    :func:`claimlab.running.session.measure`, whose answer this is. None if there were none."""
    missing = [trial for trial in trials if fresh or trial.recorded(ours.record) is None]
    if not missing:
        return None
    from claimlab.running.session import measure  # pytest is slow to import and seldom needed

    return measure(ours.project, missing, fresh=fresh, workers=workers, console=console, quiet=quiet)
