"""docs/ask.md: each of its commands prints what stands there. These are questions of public reports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.asker import Asker
from tests.bench_fixtures import silent
from tests.ours import OUR, PINS
from tests.tiny_lab import clean_environment
from tests.tutorial import Command, File, difference, steps

from claimlab.benches.docker_engine import DockerEngine

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
PAGE = OUR.docs / "ask.md"


@pytest.mark.docker
def test_every_command_of_the_page_prints_what_stands_there(
    docker_engine: DockerEngine, asking_cache: Path, tmp_path: Path
) -> None:
    docker_engine.prepare(PINS.releases, silent)
    asker = Asker(tmp_path, asking_cache)
    programs = tmp_path / "bin"
    asker.write("bin/claimlab", f'#!/bin/sh\nexec "{sys.executable}" -m claimlab.cli "$@"\n').chmod(0o755)
    env = clean_environment(XDG_CACHE_HOME=str(asking_cache), PATH=f"{programs}:{os.environ['PATH']}")
    wrong = []
    for step in steps(PAGE):
        if isinstance(step, File):
            asker.write(step.name, step.content)
            continue
        done = subprocess.run(
            ["sh", "-c", step.text],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, step.text + done.stdout + done.stderr
        if found := difference(step.prints, done.stdout):
            wrong.append(f"{PAGE.name}, line {step.line}: $ {step.text}\n{found}")
    assert not wrong, "\n".join(wrong)


def test_the_page_asks_with_every_command() -> None:
    typed = {step.text.split()[1] for step in steps(PAGE) if isinstance(step, Command)}
    assert typed == {"look.layout", "look.code", "look.compiler", "look.run"}
