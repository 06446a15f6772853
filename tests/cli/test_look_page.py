"""docs/ask.md and docs/stop.md: each of their commands prints what stands there."""

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
from claimlab.toolchains.needs import Wanted

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
PAGES = (OUR.docs / "ask.md", OUR.docs / "stop.md")


@pytest.mark.docker
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_the_page_prints_what_stands_there(
    docker_engine: DockerEngine, asking_cache: Path, tmp_path: Path, page: Path
) -> None:
    docker_engine.prepare(map(Wanted, PINS.toolchains), silent)
    asker = Asker(tmp_path, asking_cache)
    programs = tmp_path / "bin"
    asker.write("bin/claimlab", f'#!/bin/sh\nexec "{sys.executable}" -m claimlab.cli "$@"\n').chmod(0o755)
    env = clean_environment(XDG_CACHE_HOME=str(asking_cache), PATH=f"{programs}:{os.environ['PATH']}")
    wrong = []
    for step in steps(page):
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
            wrong.append(f"{page.name}, line {step.line}: $ {step.text}\n{found}")
    assert not wrong, "\n".join(wrong)


def test_the_pages_ask_with_every_command() -> None:
    typed = {step.text.split()[1] for page in PAGES for step in steps(page) if isinstance(step, Command)}
    assert typed == {"look.layout", "look.code", "look.compiler", "look.run", "look.bench", "look.stop"}
