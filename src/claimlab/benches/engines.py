"""The engines there are, and the choice between them."""

from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.engine import Engine
from claimlab.benches.local_engine import LocalEngine
from claimlab.project.errors import EnvironmentMissing


def choose(name: str = "auto") -> Engine:
    """The engine of that name; ``auto`` is docker where a daemon answers, else local."""
    if name == "local":
        return LocalEngine()
    if name == "docker":
        return DockerEngine()
    if name != "auto":
        raise EnvironmentMissing(f"There is no engine {name!r}.", "Use --engine docker, local or auto.")
    return DockerEngine() if daemon_answers() else LocalEngine()


def sweep_all() -> None:
    """Neither engine has anything running that this session started."""
    for name in ("local", "docker"):
        engine = choose(name)
        try:
            engine.sweep()
        except EnvironmentMissing:
            continue
        finally:
            engine.close()
