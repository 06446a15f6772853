"""Trials with programs of two releases: which releases stand together, and a lab that has them, on real toolchains."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.ours import TOOLCHAINS, toolchain
from tests.tiny_lab import Checkout, Started, write_lab

from claimlab.project.errors import BadData, Refused
from claimlab.trials.across import across

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
OLD, NEW = "1.23.9", "1.27.3"
OLDEST = "1.21.13"  # which other tests have compiled too
ON_LOCAL = ("--engine", "local")
PLAIN = [one for one in TOOLCHAINS if not one.variant]


def beside(wanted: str | tuple[str, ...], *names: str) -> dict[str, list[str]]:
    """By toolchain of the axis, those beside it."""
    found = across(wanted, [toolchain(name) for name in names], TOOLCHAINS)
    return {one.name: [other.name for other in others] for one, others in found}


def test_without_a_wish_nothing_is_beside() -> None:
    assert beside("", OLD, NEW) == {OLD: [], NEW: []}


def test_the_release_before_is_the_newest_older_one_of_all_that_are_known() -> None:
    assert beside("previous", NEW, OLD) == {NEW: ["1.26.6"], OLD: ["1.22.10"]}
    assert beside("previous", PLAIN[0].name) == {PLAIN[0].name: []}


def test_before_a_variant_stands_its_release() -> None:
    assert beside("previous", "1.24.11+noswissmap") == {"1.24.11+noswissmap": ["1.24.11"]}


def test_a_named_release_stands_beside_all_but_itself() -> None:
    assert beside("1.23", OLD, NEW, "1.24.11+noswissmap") == {OLD: [], NEW: [OLD], "1.24.11+noswissmap": [OLD]}


def test_several_names_are_one_trial() -> None:
    assert beside((OLD, NEW), OLD, NEW) == {NEW: [OLD]}


def test_a_setting_that_all_programs_would_see_is_refused() -> None:
    with pytest.raises(Refused, match="would give its GODEBUG to the programs of all"):
        beside((OLD, f"{OLD}+asynctimerchan=1"), OLD, f"{OLD}+asynctimerchan=1")


@pytest.mark.parametrize("wanted", ["1.99", "1"])
def test_what_names_no_single_release_is_refused(wanted: str) -> None:
    with pytest.raises(BadData, match=f"across='{wanted}': it names no single pinned release: .*1\\.23"):
        beside(wanted, NEW)


MAIN = """// Prints the release that made it.
package main

import "runtime"

func main() { println(runtime.Version()) }
"""
LAB = '''"""Which releases made the programs?"""

import msgspec

from claimlab import Bench, Lab, gobuild

lab = Lab("{name}", across="{across}")


class Seen(msgspec.Struct):
    own: str
    beside: dict[str, str]


@lab.observe
def observe(bench: Bench) -> Seen:
    own = gobuild.build(bench)
    beside = {{
        name: gobuild.brought(bench, one, gobuild.build(one), f"on-{{name}}") for name, one in bench.beside.items()
    }}
    return Seen(says(bench, own.name), {{name: says(bench, program.name) for name, program in beside.items()}})


def says(bench: Bench, program: str) -> str:
    return bench.run([f"./{{program}}"], step="run").stderr.decode().strip()
'''
JUDGES = '''
from claimlab import Control, Finding, Judges, Outcome, decided, void

from .lab import Seen

judges = Judges()


@judges.of(
    "{claim}",
    sees=lambda seen: seen,
    control=Control("its own program twice", lambda seen: Seen(seen.own, {{"itself": seen.own}}), Outcome.FAILS),
)
def they_differ(seen: Seen) -> Finding:
    """Another release made the program beside it."""
    if not seen.beside:
        return void("nothing is beside it")
    return decided(seen.own not in seen.beside.values(), f"{{seen.own}} beside {{', '.join(seen.beside.values())}}")
'''
ACROSS = {"before": "previous", "to-old": "1.21", "to-new": "1.27.3"}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A lab for each way to say it, on both of the releases that are pinned."""
    started = Started()
    checkout = Checkout(tmp_path_factory.mktemp("across") / "checkout", started)
    checkout.pin(OLDEST, NEW)
    for number, (name, wanted) in enumerate(ACROSS.items()):
        folder = write_lab(checkout.labs, name.replace("-", "_"))
        (folder / "main.go").write_text(MAIN)
        (folder / "lab.py").write_text(LAB.format(name=name, across=wanted))
        (folder / "judges.py").write_text(JUDGES.format(claim=f"9.1-{'abc'[number]}"))
    done = checkout.inv("lab.all", *ON_LOCAL)
    assert done.returncode == 1, done.stdout + done.stderr  # where nothing is beside a release, not all is as expected
    yield checkout
    started.end()


def observation(checkout: Checkout, lab: str, name: str) -> dict[str, Any]:
    (path,) = (checkout.record / lab / name).glob("local-*.json")
    return dict(json.loads(path.read_bytes()))


needs_toolchains = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]


class TestOnRealToolchains:
    """One checkout serves them all."""

    pytestmark = needs_toolchains

    @pytest.mark.parametrize(
        ("lab", "own", "other"), [("before", NEW, OLDEST), ("to-old", NEW, OLDEST), ("to-new", OLDEST, NEW)]
    )
    def test_the_observation_has_what_both_programs_say(
        self, measured: Checkout, lab: str, own: str, other: str
    ) -> None:
        found = observation(measured, lab, own)
        assert found["seen"] == {"own": f"go{own}", "beside": {other: f"go{other}"}}
        provenance = found["provenance"]
        assert provenance["go"] == f"go{own}"
        assert provenance["binaries"][f"on-{other}"] == provenance["beside"][other]["binaries"][lab]
        assert provenance["binaries"][lab] != provenance["binaries"][f"on-{other}"]
        assert [one["step"] for one in provenance["beside"][other]["commands"]].count("build") == 1
        assert found["inputs"][f"beside {other}"] == toolchain(other).release.sha256()
        assert f"place of {other}" in found["inputs"]

    @pytest.mark.parametrize(("lab", "alone"), [("before", OLDEST), ("to-old", OLDEST), ("to-new", NEW)])
    def test_nothing_is_beside_the_oldest_nor_beside_the_one_that_all_have(
        self, measured: Checkout, lab: str, alone: str
    ) -> None:
        found = observation(measured, lab, alone)
        assert found["seen"] == {"own": f"go{alone}", "beside": {}}
        assert "beside" not in found["provenance"]
        assert not [name for name in found["inputs"] if name.startswith(("beside", "place of"))]

    def test_verdicts_say_on_which_release_something_stood_beside_it(self, measured: Checkout) -> None:
        rows = json.loads(measured.inv("verdicts", "--json", *ON_LOCAL).stdout)
        void_on_old, void_on_new = {OLDEST: "void", NEW: "holds"}, {OLDEST: "holds", NEW: "void"}
        assert [row["outcomes"] for row in rows] == [void_on_old, void_on_old, void_on_new]

    def test_one_release_alone_brings_the_other(self, measured: Checkout) -> None:
        done = measured.inv("lab.before", "--go", NEW, "--fresh", *ON_LOCAL)
        assert done.returncode == 0, done.stdout
        assert observation(measured, "before", NEW)["seen"]["beside"] == {OLDEST: f"go{OLDEST}"}

    def test_a_release_that_nobody_has_stops_no_other_lab(self, measured: Checkout) -> None:
        path = measured.labs / "ch9_things" / "to_old" / "lab.py"
        before = path.read_text()
        path.write_text(before.replace('across="1.21"', 'across="1.22"'))
        try:
            done = measured.inv("lab.all", *ON_LOCAL)
        finally:
            path.write_text(before)
        says = f"across='1.22': it names no single pinned release: say previous, or one of {OLDEST}, {NEW}"
        assert says in done.stdout
        assert "1 lab cannot be used" in done.stdout
