"""``values`` on the command line: a lab is measured on two releases, and its figures are printed, compared, watched."""

import csv
import json
from collections.abc import Iterator

import pytest
from tests.tiny_lab import Checkout, Started, write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
OLD, UNMEASURED, NEW = "1.21.13", "1.22.10", "1.27.3"
ON_LOCAL = ("--engine", "local")
VALUES = """from claimlab import Value


def values(seen):
    return {"minor release": Value(seen.number), "in bytes": Value(seen.number * 8, "B")}
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A lab whose number is 21 and 27, measured on these two releases."""
    started = Started()
    checkout = Checkout(tmp_path_factory.mktemp("values") / "checkout", started)
    checkout.pin(OLD, UNMEASURED, NEW)
    lab = write_lab(checkout.labs, script="go env GOVERSION | cut -d. -f2", expected=None)
    (lab / "values.py").write_text(VALUES)
    checkout.inv("lab.tiny", "--go", OLD, "--go", NEW, *ON_LOCAL)
    yield checkout
    started.end()


def test_figures_are_printed_for_every_release(measured: Checkout) -> None:
    done = measured.inv("values", "tiny", "--go", OLD, "--go", NEW, *ON_LOCAL)
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()] == [
        [OLD, NEW],
        ["minor", "release", "21", "27*"],
        ["in", "bytes", "168", "B", "216", "B*"],
    ]


def test_figures_stand_beside_those_of_one_release(measured: Checkout) -> None:
    done = measured.inv("values", "tiny", "--go", NEW, "--compare", "1.21", *ON_LOCAL)
    assert "in bytes       216 B (+48, ×1.286)" in done.stdout
    missing = measured.inv("values", "tiny", "--compare", "1.22", *ON_LOCAL)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "There is nothing to compare with on 1.22.10: not measured yet." in missing.stderr
    assert "./inv lab.tiny --go 1.22.10 --engine local" in missing.stderr


def test_what_is_missing_is_said_and_has_no_figures(measured: Checkout) -> None:
    done = measured.inv("values", "tiny", "--json", *ON_LOCAL)
    assert done.returncode == 0, done.stderr
    answers = {one["toolchain"]: one for one in json.loads(done.stdout)["answers"]}
    assert {name: one["status"] for name, one in answers.items()} == {
        OLD: "answered",
        UNMEASURED: "missing",
        NEW: "answered",
    }
    assert answers[UNMEASURED] | {"arch": ""} == {
        "toolchain": UNMEASURED,
        "arch": "",
        "status": "missing",
        "answer": None,
        "words": "not measured yet",
        "notes": [],
        "provenance": None,
    }
    assert answers[NEW]["answer"] == {
        "values": {"minor release": {"number": 27}, "in bytes": {"number": 216, "unit": "B"}}
    }
    assert answers[NEW]["provenance"]["commands"] == []
    assert "1.22.10 has no values: not measured yet" in done.stderr
    assert "Measure what is missing: ./inv lab.tiny" in done.stderr


def test_lines_for_a_spreadsheet(measured: Checkout) -> None:
    done = measured.inv("values", "tiny", "--csv", "--compare", OLD, "--plain", *ON_LOCAL)
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [(row["toolchain"], row["value"], row["number"], row["ratio"]) for row in rows][2:] == [
        (NEW, "minor release", "27", "1.2857142857142858"),
        (NEW, "in bytes", "216", "1.2857142857142858"),
    ]
    assert {row["toolchain"] for row in rows} == {OLD, NEW}


def test_a_file_watches_them(measured: Checkout) -> None:
    on = ("values", "tiny", "--go", NEW, *ON_LOCAL)
    file = measured.root / "tiny.json"
    file.write_text(measured.inv(*on, "--json").stdout)
    same = measured.inv(*on, "--expect", str(file))
    assert (same.returncode, "nothing that" in same.stderr) == (0, True)
    file.write_text(file.read_text().replace("216", "217"))
    other = measured.inv(*on, "--expect", str(file))
    assert other.returncode == 1
    assert "was minor release 27; in bytes 217 B; is minor release 27; in bytes 216 B" in other.stderr


def test_what_is_stale_has_no_figures(measured: Checkout) -> None:
    lab = measured.labs / "ch9_things" / "tiny"
    (lab / "main.go").write_text("package main\n")
    try:
        done = measured.inv("values", "tiny", *ON_LOCAL)
    finally:
        (lab / "main.go").unlink()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Nothing is recorded of tiny as things are now." in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nosuch"], "There is no lab nosuch."),
        (["tiny", "--json", "--csv"], "There is one output: --json or --csv."),
        (["tiny", "--compare", "1"], "--compare 1 does not name one release."),
        (["tiny", "--expect", "nosuch.json", "--go", NEW], "nosuch.json cannot be read"),
        (["plain"], "plain names no values."),
    ],
)
def test_what_cannot_be_is_refused(measured: Checkout, words: list[str], says: str) -> None:
    if not (measured.labs / "ch8_things").exists():
        write_lab(measured.labs, "plain", chapter=8)
    done = measured.inv("values", *words, *ON_LOCAL)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
