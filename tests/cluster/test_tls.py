"""A cluster that only those reach who have a certificate, with the settings of the page "Many hosts"."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.ours import ROOT
from tests.tiny_lab import Checkout, write_lab
from tests.two_hosts import Cluster, with_small_toolchain

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab", "tests.two_hosts"]
pytestmark = pytest.mark.gdb
PAGE = (ROOT / "docs" / "many-hosts.md").read_text(encoding="utf-8")


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def settings_in(folder: Path) -> dict[str, str]:
    """What the page has hosts set, as if this were their folder."""
    settings = re.findall(r"^(DASK_\w+)=(.*)$", PAGE, re.MULTILINE)
    return {name: value.replace("/etc/claimlab", str(folder)) for name, value in settings}


def certified(folder: Path) -> dict[str, str]:
    """Those settings, with an authority and a certificate in the folder."""
    folder.mkdir()
    key = ("-newkey", "rsa:2048", "-nodes")
    openssl(folder, "req", "-x509", *key, "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, "req", *key, "-subj", "/CN=lab", "-keyout", "host.key", "-out", "host.csr")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    openssl(folder, "x509", "-req", "-in", "host.csr", *signed, "-out", "host.pem")
    return settings_in(folder)


def test_who_has_a_certificate_measures_and_nobody_else(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(with_small_toolchain(checkout))
    with monkeypatch.context() as settings:
        for name, value in certified(tmp_path / "mine").items():
            settings.setenv(name, value)
        cluster.serve(protocol="tls")
        cluster.work("one")
        write_lab(checkout.labs, script="echo 42")
        done = cluster.inv("lab.tiny")
        assert done.returncode == 0, done.stdout + done.stderr
        assert cluster.hosts() == {"tiny": "one"}
    write_lab(checkout.labs, "other", script="echo 42")
    for command in (["lab.other", "--cluster", cluster.address], ["cluster.worker", cluster.address]):
        without = checkout.inv(*command)
        assert without.returncode == 2, without.stdout + without.stderr
        assert "Dask knows no certificate of a " in without.stderr
    theirs = certified(tmp_path / "theirs")
    done = checkout.started.finish(cluster.start("lab.other", **theirs))
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"No scheduler answers at {cluster.address}" in done.stderr
    assert "Traceback" not in done.stderr
    assert cluster.hosts() == {"tiny": "one"}


def test_certificates_that_cannot_be_read_are_named(checkout: Checkout, tmp_path: Path) -> None:
    commands = {"scheduler": ["cluster.scheduler", "--protocol", "tls"], "worker": ["cluster.worker", "tls://lab:8786"]}
    for role, command in commands.items():
        done = checkout.inv(*command, **settings_in(tmp_path / "nowhere"))
        assert done.returncode == 2, done.stdout + done.stderr
        assert f"Dask's certificate of a {role} for TLS cannot be read" in done.stderr
