"""The trials of questions, which lie in the cache, in a project whose cache lies elsewhere."""

import os
import subprocess
import sys

import pytest
from tests.asker import ON_ONE, Asker
from tests.bench_fixtures import NEWEST
from tests.tiny_lab import clean_environment

pytest_plugins = ["tests.asker", "tests.bench_fixtures"]
pytestmark = pytest.mark.gdb  # the local engine needs it


def test_a_question_in_a_cache_outside_of_the_project_is_prepared_for(asker: Asker) -> None:
    """Its trials have the question's path in their ids: without it nobody finds what they need, and makes it ready."""
    cache = asker.cache / "claimlab"
    asker.write("claimlab.toml", f'title = "x"\narticles = []\ncache = "{cache}"\n')
    kept = set(cache.glob("questions/**/*.json"))
    asker.said("layout", "runtime.m", "--field", "curg", on=ON_ONE)
    (question,) = set(cache.glob("questions/**/*.json")) - kept
    options = [
        "-c",
        os.devnull,
        "--rootdir",
        str(asker.folder),
        "-p",
        "claimlab.running.plugin",
        "--collect-only",
        "-q",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(question), "--engine", "local", "--go", NEWEST],
        cwd=asker.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{question}::look-layout-" in done.stdout, done.stdout + done.stderr
