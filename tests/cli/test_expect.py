"""--expect: what was measured becomes what is expected, after it has been shown; and --plain."""

import tomllib

import pytest
from tests.bench_fixtures import NEWEST, VARIANT, silent, wanted
from tests.claim_rows import ON_DOCKER, ON_LOCAL
from tests.tiny_lab import Checkout, write_lab

from claimlab.benches.docker_engine import DockerEngine

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
OLDER = "1.24.11"


def expected(checkout: Checkout) -> object:
    (row,) = tomllib.loads((checkout.labs / "ch9_things" / "claims.toml").read_text())["claim"]
    return row["expected"]


def test_what_was_measured_is_written_after_it_has_been_shown(checkout: Checkout) -> None:
    write_lab(checkout.labs, expected="fails")
    path = checkout.labs / "ch9_things" / "claims.toml"
    before = path.read_text()
    first = checkout.inv("lab.tiny", *ON_LOCAL, "--expect")
    assert first.returncode == 0, first.stderr
    assert "9.1-a on Go 1.27.3: expected fails, measured holds" in first.stdout
    assert "--expect" not in first.stdout
    assert '9.1-a: expected = "holds"' in first.stderr
    assert "what is expected of 1 claim is now what was measured" in first.stderr
    assert path.read_text() == before.replace('expected = "fails"', 'expected = "holds"')
    second = checkout.inv("lab.tiny", *ON_LOCAL, "--expect")
    assert second.returncode == 0, second.stdout
    assert "is now what was measured" not in second.stderr


def test_nothing_is_written_for_what_broke(checkout: Checkout) -> None:
    write_lab(checkout.labs, script="exit 7", expected="fails")
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--expect")
    assert done.returncode == 1
    assert f"9.1-a: nothing is written, nothing was measured on {NEWEST}" in done.stderr
    assert expected(checkout) == "fails"


def test_what_depends_on_the_host_is_left_to_people(checkout: Checkout) -> None:
    lab = write_lab(checkout.labs, expected="fails")
    path = checkout.labs / "ch9_things" / "claims.toml"
    path.write_text(
        path.read_text().replace('expected = "fails"', 'expected = [{ outcome = "fails", other_hosts = ["unclear"] }]')
    )
    entry = lab / "lab.py"
    entry.write_text(entry.read_text().replace("Lab(", "Lab(host_matters=True, ", 1))
    before = path.read_text()
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--expect")
    assert done.returncode == 1, done.stdout
    assert "9.1-a: nothing is written, it depends on the host" in done.stderr
    assert path.read_text() == before


def test_where_only_some_toolchains_were_asked_nothing_can_be_expected_of_the_others(checkout: Checkout) -> None:
    checkout.pin(OLDER, NEWEST)
    write_lab(checkout.labs, expected="fails")
    done = checkout.inv("lab.tiny", *ON_LOCAL, "--go", NEWEST, "--expect")
    assert done.returncode == 2
    assert "--expect wants every pinned toolchain, and only some were asked." in done.stderr
    assert done.stdout == ""
    assert expected(checkout) == "fails"


@pytest.mark.docker  # its image is there, where locally nobody else wants the variants' libraries compiled
def test_plain_leaves_variants_out(checkout: Checkout, docker_engine: DockerEngine) -> None:
    docker_engine.prepare([wanted(OLDER)], silent)
    checkout.pin(OLDER)
    write_lab(checkout.labs)
    assert VARIANT.startswith(OLDER)
    done = checkout.inv("lab.tiny", *ON_DOCKER, "--plain")
    assert done.returncode == 0, done.stderr
    assert f"outcomes, in this order: {OLDER}\n" in done.stdout
    nothing = checkout.inv("lab.tiny", *ON_DOCKER, "--plain", "--go", VARIANT)
    assert nothing.returncode == 2
    assert "Only variants were selected. Leave out --plain or --go." in nothing.stderr
