"""What is held against a trial: workers and schedulers that were lost while they had it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

ELSEWHERE: Final = 2
"""So many times a trial that a host cannot measure is tried again, on another one if there is one, before it is
broken."""
NO_HOST: Final = "no host could measure it; the last one said"
KILLS: Final = 50
"""So many workers may end under a trial; if another does, it is broken. Where hosts come and go, a long trial is hit
again and again and is sound. One that ends its workers itself costs others little: see :data:`SUSPECT`."""
SUSPECT: Final = 3
"""A trial under which so many workers have ended waits until those are measured that less is held against."""
LOSSES: Final = 3
"""So many schedulers may be lost while they have a trial; if another is, it is broken."""


@dataclass
class Losses:
    """Of the trials of one run, by their names."""

    struck: Counter[str] = field(default_factory=Counter)
    """How often a worker ended while it measured one."""
    _lost: Counter[str] = field(default_factory=Counter)
    """How often one was lost with its scheduler."""
    _lacked: Counter[str] = field(default_factory=Counter)
    """How often a host lacked what one needs."""
    _lacking: dict[str, str] = field(default_factory=dict)
    """What that was last, in words."""
    _under_way: set[str] = field(default_factory=set)
    """A worker has begun with them, and has said no more of them."""

    def began(self, name: str) -> bool:
        """A worker has begun with it; whether that is because another one ended in its midst."""
        is_struck = self.struck_now(name)
        self._under_way.add(name)
        return is_struck

    def struck_now(self, name: str) -> bool:
        """Its worker has ended; whether it had begun with it. Dask names those too that only waited there."""
        if name not in self._under_way:
            return False
        self._under_way.remove(name)
        self.struck[name] += 1
        return True

    def is_under_way(self, name: str) -> bool:
        return name in self._under_way

    def left(self, name: str) -> None:
        """Its worker has said what became of it, or was asked to leave it."""
        self._under_way.discard(name)

    def lacked(self, name: str, words: str) -> None:
        """Its host lacked that. Dask counts it too, as long as the trial is not taken from it."""
        self.left(name)
        self._lacked[name] += 1
        self._lacking[name] = words

    def lost(self, name: str) -> None:
        """It was lost with its scheduler."""
        self.left(name)
        self._lost[name] += 1

    def is_suspect(self, name: str) -> bool:
        return self.struck[name] >= SUSPECT

    def too_many(self, name: str) -> str:
        """Why it is not tried again, in words; empty if it is."""
        if self.struck[name] > KILLS:
            return f"{self.struck[name]} times the worker that measured it was killed, or left"
        if self._lacked[name] > ELSEWHERE:
            return f"{NO_HOST}: {self._lacking[name]}"
        if self._lost[name] > LOSSES:
            return f"{self._lost[name]} times the scheduler was lost while it was measured"
        return ""
