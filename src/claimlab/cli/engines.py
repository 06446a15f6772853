"""engine.*: the Docker daemon."""

from invoke.context import Context
from invoke.tasks import task

from claimlab.benches import daemon
from claimlab.cli.speaking import or_exit, project_of, say


@task
@or_exit
def up(c: Context) -> None:
    """Install Docker from Debian's packages and start its daemon (as root on Debian).

    Does nothing where a daemon answers already.

    claimlab engine.up
    """
    daemon.up(project_of(c), say)


@task
@or_exit
def down(c: Context) -> None:
    """Stop the daemon that engine.up started, and no other.

    claimlab engine.down
    """
    daemon.down(project_of(c), say)
