"""The flags that Go programs are built with."""

from typing import Final, Literal

Flags = Literal["plain", "race", "arm64"]

FLAG_SETS: Final[dict[Flags, tuple[tuple[str, ...], dict[str, str]]]] = {
    "plain": (("-trimpath", "-buildvcs=false"), {"CGO_ENABLED": "0"}),
    "race": (("-trimpath", "-buildvcs=false", "-race"), {"CGO_ENABLED": "1"}),
    "arm64": (("-trimpath", "-buildvcs=false"), {"CGO_ENABLED": "0", "GOARCH": "arm64"}),
}
"""-trimpath makes a binary the same in every folder. The race detector's run-time library is C, hence cgo.
A binary for arm64 is there to be read; on amd64 it cannot run."""
