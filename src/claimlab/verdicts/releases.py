"""What a judge across releases is given: what its own trial saw, beside what the lab saw on other releases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claimlab.toolchains.toolchain import Toolchain, one_release


@dataclass(frozen=True, slots=True)
class Releases:
    """One trial among the others of its lab, each with an observation of its own."""

    here: Any
    """What the trial saw whose outcome is asked for."""
    toolchain: Toolchain
    """The trial's."""
    seen: Mapping[Toolchain, Any]
    """What was seen on each plain release that the judge looks at, oldest first."""

    def __getitem__(self, release: str) -> Any:
        """What was seen on ``1.23``; :class:`KeyError` if that is no release that the judge looks at."""
        return self.seen[self._named(release)]

    def is_after(self, release: str) -> bool:
        """The trial's release is newer than ``1.23``."""
        return self.toolchain.go > self._named(release).go

    def by_name(self) -> dict[str, Any]:
        """As :attr:`seen`, by the names of the toolchains."""
        return {toolchain.name: seen for toolchain, seen in self.seen.items()}

    def _named(self, release: str) -> Toolchain:
        found = one_release(release, list(self.seen))
        if found is None:
            raise KeyError(f"{release}: the judge looks at {', '.join(self.by_name())}")
        return found
