"""Images are made from toolchains that are as they were unpacked."""

from pathlib import Path

import pytest
from tests.bench_fixtures import silent
from tests.wheel_mirror import make_wheel

from claimlab.benches import images
from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.recipe import Tools
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.toolchains import origins
from claimlab.toolchains.toolchain import Release, this_platform

pytest_plugins = ["tests.bench_fixtures", "tests.wheel_mirror"]
TOOLS = Tools("recipe", "a1" * 32)


@pytest.mark.docker
def test_no_image_is_made_from_a_toolchain_that_was_written_to(
    docker_engine: DockerEngine, mirror: Path, apart: Project
) -> None:
    """The build itself goes no further than the tools image, which is not there."""
    release = Release("1.30.1", {this_platform(): origins.sha256_of(make_wheel(mirror, "1.30.1"))})
    source = origins.ensure(release, apart, silent) / "src" / "runtime" / "map.go"
    whole = source.read_bytes()
    source.chmod(0o644)
    source.write_bytes(b"poison")
    said: list[str] = []
    with pytest.raises(EnvironmentMissing, match=r"The image Go 1\.30\.1 does not build"):
        images.ensure_release(docker_engine.client, apart, release, TOOLS, said.append)
    assert "is not as it was unpacked, changed: src/runtime/map.go: it is replaced" in said[0]
    assert source.read_bytes() == whole
