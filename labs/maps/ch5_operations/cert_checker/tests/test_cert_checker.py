"""The judges of cert-checker on a recorded observation, and on it with one thing changed."""

import base64
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
ruling = LAB.ruling
SHELLS = ("sh", "bash -eo pipefail")
DUE = {"expired yesterday", "in 1 hour", "in 23 hours"}


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def with_check(seen: Any, name: str, check: str, **changes: Any) -> Any:
    """One check said something else of one namespace, in every shell in which it was run."""
    found = seen.namespaces[name]
    checks = {key: change(one, **changes) if key.startswith(f"{check}, ") else one for key, one in found.checks.items()}
    return change(seen, namespaces={**seen.namespaces, name: change(found, checks=checks)})


def with_certificate(seen: Any, name: str, **changes: Any) -> Any:
    found = seen.namespaces[name]
    certificates = [change(found.certificates[0], **changes), *found.certificates[1:]]
    return change(seen, namespaces={**seen.namespaces, name: change(found, certificates=certificates)})


def as_if_mended(seen: Any) -> Any:
    """The pipeline as described said what ours says."""
    for name, found in seen.namespaces.items():
        right = found.checks["checkend, sh"]
        seen = with_check(seen, name, "three", exit_code=right.exit_code, alerts=right.alerts, stderr="")
    return seen


@pytest.mark.parametrize("claim", LAB.judges)
def test_a_pipeline_that_says_what_ours_says_would_hold(claim: str, seen: Any) -> None:
    assert ruling(claim, as_if_mended(seen)).outcome is Outcome.HOLDS


def test_a_missed_and_a_false_alert_each_refute(seen: Any) -> None:
    mended = as_if_mended(seen)
    assert ruling("5-e", with_check(mended, "in 23 hours", "three", alerts=0)).outcome is Outcome.FAILS
    assert ruling("5-e", with_check(mended, "in 25 hours", "three", alerts=1)).outcome is Outcome.FAILS


def test_a_release_let_through_and_one_stopped_for_nothing_each_refute(seen: Any) -> None:
    mended = as_if_mended(seen)
    assert ruling("5-f", with_check(mended, "in 1 hour", "three", exit_code=0)).outcome is Outcome.FAILS
    assert ruling("5-f", with_check(mended, "on a 5th", "three", exit_code=123)).outcome is Outcome.FAILS


def test_one_shell_in_which_it_stops_the_right_ones_is_enough(seen: Any) -> None:
    mended = as_if_mended(seen)
    for name, found in mended.namespaces.items():
        checks = {**found.checks, "three, sh": change(found.checks["three, sh"], exit_code=0)}
        mended = change(mended, namespaces={**mended.namespaces, name: change(found, checks=checks)})
    assert ruling("5-f", mended).outcome is Outcome.HOLDS


@pytest.mark.parametrize("claim", LAB.judges)
@pytest.mark.parametrize("doubt", [{"asked_for": "1999-12-31 23:59:59"}, {"due_by_openssl": False}, {"left_s": 90_000}])
def test_a_certificate_of_uncertain_expiry_decides_nothing(claim: str, doubt: dict[str, Any], seen: Any) -> None:
    assert LAB.finding(claim, with_certificate(seen, "in 1 hour", **doubt)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", LAB.judges)
def test_certificates_of_one_kind_only_decide_nothing(claim: str, seen: Any) -> None:
    only_due = {name: found for name, found in seen.namespaces.items() if name in DUE}
    assert LAB.finding(claim, change(seen, namespaces=only_due)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", LAB.judges)
def test_a_check_of_ours_that_misses_one_breaks_the_judge(claim: str, seen: Any) -> None:
    assert ruling(claim, with_check(seen, "in 1 hour", "checkend", alerts=0, exit_code=0)).outcome is Outcome.BROKEN


# --- what the recorded trial saw ---------------------------------------------------------------------------


def test_three_witnesses_agree_on_every_expiry(seen: Any) -> None:
    for found in seen.namespaces.values():
        for one in found.certificates:
            assert one.found == one.asked_for
            assert one.due_by_openssl is (one.left_s < 86_400)


def test_no_date_without_its_month_is_taken_and_every_one_with_it(seen: Any) -> None:
    without, with_month = seen.dates
    assert (without.taken, with_month.taken) == (0, with_month.tried)
    assert without.tried == 31 * 24 * 10


@pytest.mark.parametrize("shell", SHELLS)
def test_with_the_whole_date_plain_namespaces_are_reported_but_nothing_is_stopped(shell: str, seen: Any) -> None:
    for name, found in seen.namespaces.items():
        if found.plain:
            check = found.checks[f"whole, {shell}"]
            assert (check.alerts > 0, check.exit_code) == (name in DUE, 0)


def test_with_the_whole_date_only_the_first_certificate_under_one_key_is_seen(seen: Any) -> None:
    manifold = [found for found in seen.namespaces.values() if not found.plain]
    assert len(manifold) == 3
    assert [found.checks["whole, sh"].alerts for found in manifold] == [0, 0, 0]
    assert [found.checks["checkend, sh"].alerts for found in manifold] == [1, 1, 1]


def test_the_table_has_a_row_for_every_namespace_of_the_shell(seen: Any) -> None:
    assert len(ruling("5-e", seen).finding.shows.splitlines()) == 1 + len(seen.namespaces)
    assert "in 1 hour (due): 0/123 | 1/0 | 1/1" in ruling("5-f", seen).finding.shows


# --- the stand-in for kubectl ------------------------------------------------------------------------------


def kubectl(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    argv = ["sh", str(LAB.folder.path / "kubectl"), *words]
    return subprocess.run(argv, env={**os.environ, "CLUSTER": str(folder)}, capture_output=True, text=True, check=False)


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    (tmp_path / "cacerts").mkdir()
    (tmp_path / "cacerts" / "ca.crt").write_bytes(bytes(range(100)))
    return tmp_path


def test_the_stand_in_prints_a_table_with_a_head(cluster: Path) -> None:
    lines = kubectl(cluster, "get", "secrets", "-n", "istio-system").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["NAME", "cacerts"]


def test_the_stand_in_prints_a_value_in_base64_on_no_line(cluster: Path) -> None:
    done = kubectl(cluster, "-n", "istio-system", "get", "secret", "cacerts", "-o", r"jsonpath={.data.ca\.crt}")
    assert base64.b64decode(done.stdout) == bytes(range(100))
    assert "\n" not in done.stdout


def test_the_stand_in_knows_what_is_missing(cluster: Path) -> None:
    asked = ("--namespace", "istio-system", "--output", r"jsonpath={.data.tls\.crt}", "get", "secret")
    key, secret, namespace = (
        kubectl(cluster, *asked, "cacerts"),
        kubectl(cluster, *asked, "absent"),
        kubectl(cluster, "get", "secrets"),
    )
    assert (key.returncode, key.stdout) == (0, "")
    assert (secret.returncode, secret.stdout) == (1, "")
    assert 'secrets "absent" not found' in secret.stderr
    assert (namespace.returncode, namespace.stdout) == (0, "")
