"""How far the local engine can isolate here and elsewhere, and that it says so, wherever somebody asks or reads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST
from tests.ordinary import path_without, where_none_can_be_made
from tests.ours import ROOT
from tests.tiny_lab import Checkout, clean_environment, write_lab

from claimlab.benches.namespace import find_isolation

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]


def test_without_bubblewrap_unshare_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", path_without(tmp_path / "programs", "bwrap"))
    found = find_isolation()
    assert found.kind == "unshare"
    assert found.version[0].isdigit()
    assert found.lacking == "bwrap is not installed"


def test_without_the_programs_there_is_no_isolation_and_each_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", path_without(tmp_path / "programs", "nsenter", "unshare"))
    found = find_isolation()
    assert str(found) == "none"
    assert found.lacking.endswith("nsenter is not installed; unshare, nsenter is not installed")


ON_A_BENCH = """
import sys, time
from pathlib import Path
from claimlab.benches.folder import open_folder
from claimlab.benches.namespace import isolation
from tests.bench_fixtures import NEWEST, pinned
print(isolation().kind, isolation().lacking)
with open_folder(Path(sys.argv[1]), list(map(Path, sys.argv[2:])), pinned(NEWEST), "no-namespace", 60) as bench:
    print(bench.run(["go", "version"], step="run").or_broken("no go").text().split()[2])
    daemon = "env -i setsid --fork sh -c 'echo $$ > daemon; exec sleep 300' > /dev/null 2>&1"
    bench.run(["sh", "-c", daemon + "; until [ -s daemon ]; do sleep 0.02; done"], step="run").or_broken("no daemon")
    print(Path("/proc", bench.get("daemon").decode().strip()).exists())
"""


def test_where_no_namespace_can_be_made_it_goes_on_without(goroot_and_caches: tuple[Path, list[Path]]) -> None:
    done = subprocess.run(
        where_none_can_be_made(
            [sys.executable, "-c", ON_A_BENCH, *map(str, (goroot_and_caches[0], *goroot_and_caches[1]))]
        ),
        env=clean_environment(PYTHONPATH=f"{ROOT}/src:{ROOT}"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    isolation, *rest = done.stdout.splitlines()
    assert isolation.startswith("none ")
    assert "bwrap: " in isolation
    assert "unshare: " in isolation
    assert rest == [f"go{NEWEST}", "False"]


def test_evidence_and_words_say_how_a_trial_was_isolated(checkout: Checkout) -> None:
    """Twice measured: once as it is here, once where no namespace can be made; and neither stands for the other."""
    write_lab(checkout.labs)
    command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(checkout.root)]
    lab = ["lab.tiny", "--engine", "local"]
    isolated = checkout.inv(*lab)
    assert isolated.returncode == 0, isolated.stderr
    assert "isolated" not in isolated.stdout + isolated.stderr
    start = checkout.started.start
    bare = checkout.started.finish(
        start(where_none_can_be_made([*command, *lab]), checkout.root, checkout.environment())
    )
    assert bare.returncode == 0, bare.stderr
    assert bare.stderr.count("bounded but not isolated from it") == 1
    records = [json.loads(path.read_text()) for path in sorted(checkout.record.rglob("local-*.json"))]
    places = {str(record["provenance"]["place"]["isolation"]) for record in records}
    assert places == {str(find_isolation()), "none"}

    told = checkout.started.finish(
        start(where_none_can_be_made([*command, "doctor", "--json"]), checkout.root, checkout.environment())
    )
    local = json.loads(told.stdout)["engines"]["local"]
    assert (local["state"], local["isolation"]) == ("ready", "none")
    assert "apt-get install bubblewrap" in local["remedy"]
