"""Who stops reading ends the command without a word."""

import subprocess
import sys

import pytest
from tests.ours import ROOT
from tests.tiny_lab import NOWHERE, clean_environment

from claimlab.project.errors import EXIT_UNREAD


@pytest.mark.parametrize("command", ["--list", "--help", "verdicts", "verdicts --json", "toolchains.list"])
def test_nobody_reads_what_is_printed(command: str) -> None:
    inv = [sys.executable, "-m", "claimlab.cli", "--search-root", str(ROOT), *command.split()]
    with subprocess.Popen(
        inv, env=clean_environment(DOCKER_HOST=NOWHERE), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read().decode()
    assert (process.returncode, said) == (EXIT_UNREAD, "")
