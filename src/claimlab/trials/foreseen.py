"""What a lab's benches are to have compiled beforehand, read in its sources. What is not foreseen costs time only."""

from collections.abc import Iterable

from claimlab.toolchains.needs import PLAIN, Needs
from claimlab.trials.reading import told


def needs_in(sources: Iterable[str]) -> Needs:
    """The needs of these modules, by the flags that they build with and the tools that they call."""
    return PLAIN.union(*(told(source.encode()).needs for source in sources))
