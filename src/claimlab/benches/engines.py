"""The engines there are, and the choice between them."""

import os

from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.engine import Engine
from claimlab.benches.local_engine import LocalEngine
from claimlab.project import extensions
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project


def choose(project: Project, name: str = "") -> Engine:
    """The engine of that name, or the project's.

    ``auto`` is docker where a daemon answers, or where DOCKER_HOST names one, else local.
    """
    name = name or project.settings.engine
    if name == "local":
        return LocalEngine(project)
    if name == "docker":
        return DockerEngine(project)
    if name == "auto":
        # Whoever names a daemon wants that one: where it does not answer, its engine says so when it is to measure.
        is_named = bool(os.environ.get("DOCKER_HOST"))
        return DockerEngine(project) if is_named or daemon_answers() else LocalEngine(project)
    make = extensions.named(project, "engines", name)
    if make is None:
        raise EnvironmentMissing(f"There is no engine {name!r}.", f"Use --engine {', '.join(names(project))} or auto.")
    made: Engine = make(project)
    return made


def names(project: Project) -> list[str]:
    """Of all that there are: observations are filed under these."""
    return ["docker", "local", *extensions.names(project, "engines")]


def sweep_all(project: Project) -> None:
    """No engine has anything running that this session started."""
    for name in names(project):
        engine = choose(project, name)
        try:
            engine.sweep()
        except (EnvironmentMissing, OSError):
            continue  # it answers no more, so nothing can be ended there; containers end by themselves
        finally:
            engine.close()
