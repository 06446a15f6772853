"""What killed runs left: containers, processes and folders of benches, and scratch files, end before others measure."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimlab.benches import cgroup, host
from claimlab.benches.container import LABEL
from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.engine import Engine
from claimlab.benches.place import MARK, end_processes
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import RUN, is_dead, is_over, run_in


@contextmanager
def the_machine_to_oneself(project: Project, engine: Engine) -> Iterator[None]:
    """Nothing of claimlab runs on this machine: no trial, no preparing, nor what a run left that was killed.

    While it is so no trial of this run is under way either: what still carries its name is a crashed worker's.
    """
    with host.alone():
        try:
            engine.sweep()
        except OSError as error:
            raise EnvironmentMissing(f"The engine {engine.name} answers no more: {error}", "See to it.") from None
        end_dead(project)
        yield


def end_dead(project: Project) -> int:
    """Nothing is left of runs whose process is no more, as far as this user may end it; the count of what was.

    What another run uses is left alone, whoever's it is.
    """
    # Workers first: one that outlives its session would take the end of its bench for the end of its program.
    ended = end_processes(lambda names: is_dead(names.get(MARK, "")) or is_dead(names.get(RUN, "")))
    ended += _remove_folders(project) + _remove_containers(project)
    cgroup.sweep()
    return ended


def _remove_folders(project: Project) -> int:
    """Of benches, and of builds of images and toolchains: their names have the run's in them."""
    places = [Path(tempfile.gettempdir()).glob("claimlab-*")]
    places += [project.cache.glob("scratch-*"), (project.cache / "toolchains").glob("fetch-*")]
    left = [path for place in places for path in place if is_over(run_in(path.name))]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return sum(not path.exists() for path in left)


def _remove_containers(project: Project) -> int:
    if not daemon_answers():
        return 0
    import docker.errors  # docker costs a quarter of a second to import

    engine = DockerEngine(project)
    removed = 0
    try:
        client = engine.client
        for found in client.api.containers(all=True, filters={"label": LABEL}):
            if is_dead(found["Labels"][LABEL]):
                with contextlib.suppress(docker.errors.NotFound, docker.errors.APIError):
                    client.api.remove_container(found["Id"], force=True)
                removed += 1
    except (EnvironmentMissing, docker.errors.DockerException, OSError):
        pass  # no daemon, so no container either; who needs one is told so elsewhere
    finally:
        engine.close()
    return removed
