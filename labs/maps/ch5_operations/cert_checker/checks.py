"""Makes certificates, puts them into stand-ins of a namespace, runs the checks on each, prints JSON. Stdlib only.

Runs inside the bench, beside kubectl, pipeline.sh and checkend.sh.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
NUMBERS = count()
CA_CONFIG = """
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
unique_subject = no
policy = any
x509_extensions = authority
[authority]
basicConstraints = critical, CA:true
[any]
commonName = supplied
"""
"""openssl-ca(1) takes the dates to the second; the options of openssl-x509(1) count days before OpenSSL 3.4."""
CHECKS = {"three": ["pipeline.sh"], "whole": ["pipeline.sh", "whole"], "checkend": ["checkend.sh"]}
SHELLS = {"sh": ["sh"], "bash -eo pipefail": ["bash", "-eo", "pipefail"]}
"""The second only where there is one certificate: what is reported does not depend on the shell."""


def on_day(day: int) -> timedelta:
    """How long until that day of a month which is over a month away, at noon."""
    found = (NOW + 32 * DAY).replace(hour=12, minute=0, second=0)
    while found.day != day:
        found += DAY
    return found - NOW


Secrets = Mapping[str, Sequence[timedelta]]
PLAIN: dict[str, Secrets] = {
    "expired yesterday": {"cacerts/ca.crt": [-DAY]},
    "in 1 hour": {"cacerts/ca.crt": [timedelta(hours=1)]},
    "in 23 hours": {"cacerts/ca.crt": [timedelta(hours=23)]},
    "in 25 hours": {"cacerts/ca.crt": [timedelta(hours=25)]},
    "on a 5th": {"cacerts/ca.crt": [on_day(5)]},
    "on a 25th": {"cacerts/ca.crt": [on_day(25)]},
}
"""One secret with one certificate, under the key that is asked for: by when it expires."""
MANIFOLD: dict[str, Secrets] = {
    "second of two secrets": {"cacerts/ca.crt": [30 * DAY], "cacerts-next/ca.crt": [timedelta(hours=1)]},
    "second of a bundle": {"cacerts/ca.crt": [30 * DAY, timedelta(hours=1)]},
    "under ca-cert.pem": {"cacerts/ca-cert.pem": [timedelta(hours=1)], "cacerts/root-cert.pem": [30 * DAY]},
}
"""What a namespace may hold besides; the last is how Istio documents cacerts (Plug in CA Certificates)."""


def run(argv: Sequence[str], **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def must(*argv: str) -> str:
    done = run(argv)
    if done.returncode != 0:
        sys.exit(f"{argv}: {done.stderr}")
    return done.stdout


def prepare() -> None:
    Path("ca.cnf").write_text(CA_CONFIG)
    Path("index.txt").touch()
    request = ["-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj", "/CN=istio-ca"]
    must("openssl", "req", "-config", "ca.cnf", *request, "-keyout", "key.pem", "-out", "request.pem")


def make(until: datetime) -> str:
    """A self-signed certificate that ends then."""
    dates = ["-startdate", f"{min(NOW, until) - 30 * DAY:%Y%m%d%H%M%SZ}", "-enddate", f"{until:%Y%m%d%H%M%SZ}"]
    signing = ["-config", "ca.cnf", "-batch", "-notext", "-selfsign", "-keyfile", "key.pem", "-in", "request.pem"]
    must("openssl", "ca", *signing, *dates, "-out", "made.pem")
    return Path("made.pem").read_text()


def parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The tags and contents of the elements that follow each other here (X.690: definite lengths)."""
    while der:
        tag, size, start = der[0], der[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[2:start], "big")
        yield tag, der[start : start + size]
        der = der[start + size :]


def end_of(pem: str) -> datetime:
    """notAfter as it stands in the certificate (RFC 5280, 4.1), read without openssl."""
    der = base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))
    _, certificate = next(parts(der))
    _, signed = next(parts(certificate))
    version, _serial, _algorithm, _issuer, (_, validity), *_ = parts(signed)
    assert version[0] == 0xA0
    _, (tag, after) = parts(validity)
    form = "%y%m%d%H%M%SZ" if tag == 0x17 else "%Y%m%d%H%M%SZ"
    return datetime.strptime(after.decode(), form).replace(tzinfo=UTC)


@cache
def certificate(left: timedelta) -> tuple[str, dict[str, object]]:
    pem = make(NOW + left)
    Path("asked.pem").write_text(pem)
    found = end_of(pem)
    asked = run(["openssl", "x509", "-noout", "-enddate", "-checkend", "86400", "-in", "asked.pem"])
    return pem, {
        "asked_for": f"{NOW + left:%Y-%m-%d %H:%M:%S}",
        "found": f"{found:%Y-%m-%d %H:%M:%S}",
        "left_s": round((found - datetime.now(UTC)).total_seconds()),
        "openssl_says": asked.stdout.partition("\n")[0],
        "due_by_openssl": asked.returncode != 0,
    }


def namespace(secrets: Secrets) -> dict[str, object]:
    folder = Path(f"cluster-{next(NUMBERS)}").absolute()
    certificates = []
    for where, lives in secrets.items():
        made = [certificate(left) for left in lives]
        certificates += [{"where": where, **found} for _, found in made]
        path = folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(pem for pem, _ in made))
    settings = {"CLUSTER": str(folder), "PATH": f"{Path.cwd()}:{os.environ['PATH']}"}
    plain = secrets in PLAIN.values()
    checks = {}
    for name, words in CHECKS.items():
        for shell, start in SHELLS.items():
            if plain or shell == "sh":
                done = run([*start, *words], **settings)
                alerts = sum(line.startswith("ALERT") for line in done.stdout.splitlines())
                checks[f"{name}, {shell}"] = {"exit_code": done.returncode, "alerts": alerts, "stderr": done.stderr}
    return {"plain": plain, "certificates": certificates, "checks": checks}


def taken(form: str) -> dict[str, object]:
    """How many dates of that form GNU date takes: each hour of each day of the month, for ten years."""
    lines = [
        form.format(day=day, time=f"{hour:02}:00:00", year=year)
        for year in range(NOW.year, NOW.year + 10)
        for day in range(1, 32)
        for hour in range(24)
    ]
    Path("dates.txt").write_text("\n".join(lines) + "\n")
    done = run(["date", "--file=dates.txt", "+%s"])
    return {"example": lines[0], "tried": len(lines), "taken": len(done.stdout.split())}


def main() -> None:
    prepare()
    situations = {**PLAIN, **MANIFOLD}
    seen = {
        "versions": [must("openssl", "version").strip(), must("date", "--version").splitlines()[0]],
        "dates": [taken("{day} {time} {year}"), taken("Jan {day:2} {time} {year} GMT")],
        "namespaces": {name: namespace(secrets) for name, secrets in situations.items()},
    }
    json.dump(seen, sys.stdout)


main()
