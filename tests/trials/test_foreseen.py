"""What a lab's benches need is read in its sources, and nothing of them is imported."""

from collections.abc import Callable

import pytest
from tests.ours import OUR

from claimlab.questions.labs import all_labs
from claimlab.toolchains.needs import PLAIN
from claimlab.trials.fingerprint import Shared
from claimlab.trials.foreseen import needs_in
from claimlab.trials.lab import LabFolder

NEEDS = {
    'build(bench, name="x", flags="race")': {"race"},
    'build(bench, flags="arm64" if it else "plain")': {"arm64"},
    'FLAG_SETS["race"]': {"race"},
    'flags.FLAG_SETS["arm64"]': {"arm64"},
    'bench.run(["go", "tool", "objdump", "-S", *words], step="run")': {"objdump"},
    'ARGV = ("env", "A=b", "go", "tool", "objdump")': {"objdump"},
    'build(bench, flags="race"); build(bench, flags="arm64")': {"race", "arm64"},
    "build(bench, sources, benchmarks=True)": {"testing"},
    "packages.build(bench, files, tests=is_test(files))": {"testing"},
    "build(bench, benchmarks=False)": set(),
    "build(bench)": set(),
    'build(bench, flags="plain")': set(),
    'build(bench, flags="nosuch")': set(),
    'FLAG_SETS[name]; other["race"]': set(),
    'print("race", race="race")': set(),
    '["go", "tool", "nm"]': set(),
    '["objdump", "-d", "go", "tool"]': set(),
    "no Python": set(),
    'flags="race"\0': set(),
}


@pytest.mark.parametrize("source", NEEDS)
def test_needs_are_read_in_a_source(source: str) -> None:
    assert needs_in([source]) == PLAIN | NEEDS[source]


def test_several_modules_need_what_any_of_them_does() -> None:
    assert needs_in([]) == PLAIN
    assert needs_in(NEEDS) == {"plain", "testing", "race", "arm64", "objdump"}


def test_a_module_of_the_project_counts_where_it_is_imported_and_judges_do_not(
    make_lab: Callable[..., LabFolder],
) -> None:
    lab = make_lab(lab='"""A lab."""\nimport racing\nfrom claimlab import Lab\nlab = Lab("toy")\nraise SystemExit')
    (lab.path / "judges.py").write_text('build(flags="arm64")')
    (lab.project.root / "beside.py").write_text('build(flags="arm64")')
    (lab.project.root / "racing.py").write_text('build(flags="race")')
    assert Shared(lab).needs == {"plain", "race"}


def test_our_own_labs_need_what_they_build_and_call() -> None:
    needs = {lab.name: set(Shared(lab).needs - PLAIN) for lab in all_labs(OUR)}
    assert {name: found for name, found in needs.items() if found} == {
        "channel-line-cost": {"testing"},
        "entry-false-sharing": {"testing"},
        "line-transfers": {"testing"},
        "look-goid-arm64": {"arm64"},
        "look-range-allocates": {"testing"},
        "map-fast32-locks": {"arm64"},
        "map-race": {"race"},
        "mapassign-code": {"objdump"},
        "memory-order": {"arm64", "race"},
        "sync-map-load-cost": {"testing"},
        "sync-map-store": {"race"},
    }
