"""Releases are fetched while others compile: a download waits for a network, and a compiler for processors."""

import contextlib
import threading
from collections.abc import Iterable, Sequence
from typing import Final

from claimlab.benches import host
from claimlab.benches.engine import Say
from claimlab.project.errors import ClaimlabError
from claimlab.project.project import Project
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.toolchain import Release
from claimlab.trials.trial import Trial

_PATIENCE_S: Final = 3.0
"""For the release that is just being fetched when the session ends; what is left of it the next run takes away."""


class FetchAhead:
    """A thread that fetches what the engine of these trials lacks for them, one release after the other."""

    def __init__(self, trials: Sequence[Trial], say: Say) -> None:
        self._over = threading.Event()
        lacking = [release for one in trials for release in one.engine.lacks(one.wanted)]
        more = (dict.fromkeys(lacking), trials[0].lab.project, say)
        self._thread = threading.Thread(target=self._fetch, args=more, daemon=True)
        self._thread.start()

    def _fetch(self, releases: Iterable[Release], project: Project, say: Say) -> None:
        for release in releases:
            # Whoever needs a release that cannot be had meets the same trouble, and tells of it.
            with contextlib.suppress(ClaimlabError, OSError), host.share():
                if self._over.is_set():
                    return
                ensure(release, project, say, looked="contents")

    def end(self) -> None:
        """No further release is fetched."""
        self._over.set()
        self._thread.join(_PATIENCE_S)
