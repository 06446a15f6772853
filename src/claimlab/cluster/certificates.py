"""What Dask is told of TLS: checked before anybody is spoken to, since Dask itself says it late and at length."""

from typing import Final, Literal

from distributed.security import Security

from claimlab.project.errors import EnvironmentMissing

_SEE: Final = 'Set Dask\'s distributed.comm.tls; the page "Many hosts" shows how.'


def refuse_without_certificates(address: str, role: Literal["client", "worker", "scheduler"]) -> None:
    """What it takes to speak in that role to an address of TLS can be read; :class:`EnvironmentMissing` otherwise."""
    if not address.startswith("tls"):
        return
    try:
        known = Security().get_connection_args(role)["ssl_context"]
    except OSError as error:  # of ssl too
        raise EnvironmentMissing(f"Dask's certificate of a {role} for TLS cannot be read: {error}.", _SEE) from None
    if known is None:
        raise EnvironmentMissing(f"Dask knows no certificate of a {role}, which TLS takes.", _SEE)
