"""What a Go says of itself: its version, the experiments that it was built with, the commit that it was built from."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.runs import current_run

_PRINTED: Final = re.compile(r"go version (.+) \w+/\w+")
_VERSION: Final = re.compile(r"(?P<go>.*?)(?:[ -]X:(?P<experiments>\S+))?")
"""Since 1.26 the experiments of a release follow a hyphen (https://go.dev/issue/75953), otherwise a space."""
_RELEASE: Final = re.compile(r"go(?P<version>[1-9][0-9]*\.[0-9]+(?:\.[0-9]+)?(?:(?:rc|beta)[0-9]+)?)\b")
_COMMIT: Final = re.compile(r"(?:-devel_|^devel go[0-9.]+-)(?P<commit>[0-9a-f]{7,40})\b")
"""cmd/dist/build.go: ``go1.28-devel_0123456789 …``; ``devel go1.24-0123456789 …`` up to 1.24."""
_ANSWER_S: Final = 60


@dataclass(frozen=True)
class Said:
    """A version as the runtime has it, such as ``go1.27.3`` or ``go1.28-devel_0123456789 Mon Nov 23 10:00:00 2026``."""

    go: str
    """Without the experiments."""
    experiments: frozenset[str] = frozenset()
    """Those that are not the release's own."""

    @property
    def version(self) -> str:
        """As releases are ordered: ``1.27.3``, ``1.28rc1``; ``1.28.dev0`` for what becomes 1.28; empty if none is
        said."""
        found = _RELEASE.search(self.go)
        if found is None:
            return ""
        return found["version"] + (".dev0" if "devel" in self.go else "")

    @property
    def commit(self) -> str:
        """Of Go's own repository; empty for a release."""
        found = _COMMIT.search(self.go)
        return found["commit"] if found else ""


def read_said(text: str) -> Said:
    """What was said, taken apart."""
    found = _VERSION.fullmatch(text)
    assert found is not None, "it matches every line"
    experiments = found["experiments"]
    return Said(found["go"], frozenset(experiments.split(",")) if experiments else frozenset())


def printed(text: str) -> str:
    """The version in what ``go version`` prints; empty if there is none."""
    found = _PRINTED.fullmatch(text.strip())
    return found[1] if found else ""


def ask(goroot: Path) -> str:
    """What the Go in that folder says that it is. It has been run, without any settings of the user's.

    :class:`EnvironmentMissing` if it does not run here, or says nothing that a release can be known by.
    """
    with tempfile.TemporaryDirectory(prefix=f"claimlab-{current_run()}-ask-") as home:
        env = {"GOROOT": str(goroot), "HOME": home, "PATH": os.defpath, "GOTOOLCHAIN": "local", "GOENV": "off"}
        try:
            done = subprocess.run(
                [goroot / "bin" / "go", "version"],
                env=env | {"GOTELEMETRY": "off", "GOFLAGS": ""},
                cwd=home,
                capture_output=True,
                text=True,
                check=False,
                encoding="utf-8",
                errors="replace",
                timeout=_ANSWER_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            why = error.strerror if isinstance(error, OSError) else f"no answer within {_ANSWER_S} s"
            raise _no_go(goroot, str(why)) from None
    said = printed(done.stdout)
    if not read_said(said).version:
        told = (done.stdout + done.stderr).strip().splitlines()
        raise _no_go(goroot, f"it says {told[-1] if told else 'nothing'!r}")
    return said


def _no_go(goroot: Path, why: str) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"{goroot}/bin/go does not say which Go it is: {why}.",
        "Give a Go that is built for this machine: `go version` prints its version there.",
    )
