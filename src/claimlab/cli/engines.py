"""engine.*: the Docker daemon."""

from invoke.context import Context
from invoke.tasks import task

from claimlab.benches import daemon
from claimlab.cli.speaking import or_exit, say


@task
@or_exit
def up(c: Context) -> None:
    """Install Docker from Debian's packages and start its daemon (as root on Debian).

    Does nothing where a daemon answers already.

    ./inv engine.up
    """
    daemon.up(say)


@task
@or_exit
def down(c: Context) -> None:
    """Stop the daemon that engine.up started, and no other.

    ./inv engine.down
    """
    daemon.down(say)
