"""claimlab against a plain shell script that does the same steps, one `docker run` after the other."""

import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from claimlab import instruments
from claimlab.benches.bench import Command, go_environment
from claimlab.benches.container import FOLDER, GOROOT, WARM_CACHE
from claimlab.benches.docker_engine import DockerEngine
from claimlab.cli.speed_rows import Row, claimlab
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.ledger import Ledger

SCRIPTS: Final = Path(instruments.__file__).parent / "inside"
LIMIT: Final = 0.7


def run(project: Project, lab_name: str, say: Callable[[str], None]) -> Iterator[Row]:
    """The lab on every plain release: claimlab, then the script; and what a toolchain that is added costs."""
    engine = DockerEngine(project)
    engine.check()
    ledger = Ledger(Laboratory(project, engine))
    lab = next((found for found in ledger.labs if found.name == lab_name), None)
    if lab is None:
        raise EnvironmentMissing(f"There is no lab {lab_name}.", f"Labs: {[found.name for found in ledger.labs]}.")
    releases = [toolchain for toolchain in ledger.toolchains if not toolchain.variant]
    names = [word for toolchain in releases for word in ("--go", toolchain.name)]
    say("1. images ready, and one recorded trial of each release to take the steps from")
    _measured(lab, names)
    say("2. nothing recorded: claimlab, then the plain script")
    ours_s = _timed(lambda: _measured(lab, [*names, "--fresh"]))
    with tempfile.TemporaryDirectory(prefix=f"claimlab-{current_run()}-plain-") as scratch:
        script = Path(scratch) / "plain.sh"
        script.write_text(plain_script(lab, releases, ledger), encoding="utf-8")
        plain_s = _timed(lambda: subprocess.run(["sh", script], cwd=scratch, check=True, stdout=subprocess.DEVNULL))
    what = f"{lab.name} on {len(releases)} releases, nothing recorded, in plain scripts"
    yield Row("script", what, ours_s / plain_s, "", LIMIT, f"claimlab {ours_s:.0f} s, script {plain_s:.0f} s")
    added = releases[-1]
    shutil.rmtree(ledger.record.root / lab.name / added.name)
    lines = _measured(lab, names).stderr.splitlines()
    measured = [line.split()[1] for line in lines if line.startswith(("✔", "✘"))]
    what = f"{lab.name}: trials that are run where one toolchain was added"
    yield Row("script", what, len(measured), "", 1, ", ".join(measured))


def plain_script(lab: LabFolder, releases: Sequence[Toolchain], ledger: Ledger) -> str:
    """What one would write by hand: for each release, its recorded steps as `docker run`, one after the other."""
    lines = ["set -eu"]
    engine, needs = DockerEngine(ledger.project), Shared(lab).needs
    for toolchain in releases:
        observation = ledger.observation(lab, toolchain)
        if observation is None:
            raise EnvironmentMissing(f"{lab.name} on {toolchain.name} has no observation.", "Run the lab first.")
        folder = f"work-{toolchain.name}"
        name = lab.name
        lines += [
            f"mkdir -m 777 {folder} {folder}/{name}.src",
            f"cp {shlex.quote(str(lab.path))}/*.go {folder}/{name}.src/",
            f"printf 'module claimlab/{name}\\n\\ngo {toolchain.language}\\n' > {folder}/{name}.src/go.mod",
            f"cp {shlex.quote(str(SCRIPTS))}/*.py {folder}/",
            f"chmod -R a+rwX {folder}",
        ]
        image = engine.image(toolchain, needs)
        steps = [step for step in observation.provenance.commands if step.step != "housekeeping"]
        lines += [_docker_run(step, image, folder, toolchain) for step in steps]
    return "\n".join(lines) + "\n"


def _docker_run(step: Command, image: str, folder: str, toolchain: Toolchain) -> str:
    env = go_environment(toolchain, GOROOT, f"{FOLDER}/.gocache", FOLDER) | step.env
    settings = " ".join(f"-e {shlex.quote(f'{name}={value}')}" for name, value in env.items())
    command = shlex.join(step.argv)
    if step.step == "build":
        command = f"cp -rs {WARM_CACHE} .gocache && {command}"
    options = f'--user 65534:65534 --network none -v "$PWD/{folder}:{FOLDER}" -w {FOLDER}'
    return f"docker run --rm {options} {settings} {image} sh -c {shlex.quote(command)}"


def _measured(lab: LabFolder, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return claimlab(lab.project.root, f"lab.{lab.name}", "--engine", "docker", *arguments, may_differ=True)


def _timed(action: Callable[[], object]) -> float:
    print(end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    action()
    return time.monotonic() - started
