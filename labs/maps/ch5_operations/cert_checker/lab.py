"""Does the certificate pipeline report what expires within a day?

Chapter 5 shows a script that is to be hooked into CI/CD. It is run against real certificates of known expiry, with a
stand-in for kubectl in place of a cluster; so is the same script with the month left in the date, and a check of ours
that leaves the comparison to openssl.

A pipeline is stopped by the exit status of the script, so each is run as CI systems do: by a plain shell, whose status
is that of the last command, and with errexit and pipefail, as GitHub Actions does for ``shell: bash`` and as GitLab's
runner does.
"""

import msgspec

from claimlab import Bench, Lab, processes

lab = Lab(has_axis=False, asks={"zh": "这条证书流水线能报出一天之内到期的证书吗？"})

FILES = ("checks.py", "kubectl", "pipeline.sh", "checkend.sh")


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One certificate, and three witnesses of when it expires."""

    where: str
    """Secret and key, such as ``cacerts/ca.crt``."""
    asked_for: str
    """What openssl was told when it made the certificate."""
    found: str
    """What a reader of ours found in its bytes."""
    left_s: int
    """From then on, by that reader."""
    openssl_says: str
    due_by_openssl: bool
    """``openssl x509 -checkend 86400`` says that it expires within a day."""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One run of one check."""

    exit_code: int
    alerts: int
    """Lines of standard output that report an expiry."""
    stderr: str


class Namespace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lies in ``istio-system``, and what the checks said of it."""

    plain: bool
    """One secret with one certificate, under the key that the pipeline asks for."""
    certificates: list[Certificate]
    checks: dict[str, Check]
    """By check (``three`` fields of the date, the ``whole`` date, ``checkend``) and shell: ``three, sh``.
    Where more than one certificate lies, under ``sh`` only."""


class Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many dates of one form GNU date takes: each hour of each day of a month, for ten years."""

    example: str
    tried: int
    taken: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    versions: list[str]
    dates: list[Dates]
    """As the pipeline passes them on, and with month and time zone."""
    namespaces: dict[str, Namespace]


@lab.observe
def observe(bench: Bench) -> Seen:
    bench.put({name: bench.files[name] for name in FILES})
    return processes.answer(bench, [bench.python, "-I", "checks.py"], Seen, gomaxprocs=None, timeout_s=120)
