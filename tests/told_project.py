"""A page that tells its reader to make a project, followed step by step in a folder of a test's own."""

import shlex
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.ours import OUR
from tests.tiny_lab import Started, clean_environment
from tests.tutorial import Command, File, difference, steps

LOCAL: Final = 'engine = "local"\n'


def follow(page: Path, root: Path, started: Started) -> dict[str, str]:
    """Every file of the page is in the folder, and every command has printed what the page shows; their environment.

    Trials run on this machine, as one line more in the settings says. Toolchains and compiled libraries are the ones
    there are.
    """
    programs, cache = root.parent / "bin", root / ".claimlab"
    programs.mkdir()
    cache.mkdir(parents=True)
    (programs / "claimlab").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m claimlab.cli "$@"\n')
    (programs / "claimlab").chmod(0o755)
    for name in ("toolchains", "warm"):
        (cache / name).symlink_to(OUR.cache / name)
    paths = f"{programs}:{Path(sys.executable).parent}:/usr/bin:/bin"
    env = clean_environment(PATH=paths, TMPDIR=str(root.parent), PYTHONDONTWRITEBYTECODE="1")
    for step in steps(page):
        if isinstance(step, File):
            write(root, step)
        else:
            printed = run(step, root, started, env)
            if found := difference(step.prints, printed):
                pytest.fail(f"{page.name}, line {step.line}: $ {step.text}\n{found}", pytrace=False)
    return env


def write(root: Path, step: File) -> None:
    (root / step.name).parent.mkdir(parents=True, exist_ok=True)
    (root / step.name).write_text(f"{LOCAL}{step.content}" if step.name == "claimlab.toml" else step.content)


def run(step: Command, root: Path, started: Started, env: dict[str, str]) -> str:
    done = started.start(["sh", "-c", f"{step.text} 2>&1"], root, env)
    return started.finish(done).stdout
