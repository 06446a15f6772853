"""Packages of a module: what becomes of its go.mod, and that it is built from what is there and nothing else."""

import io
from collections.abc import Iterator
from typing import Final

import pytest
from elftools.elf.elffile import ELFFile
from tests.bench_fixtures import EITHER, NEWEST, pinned, shell

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine
from claimlab.instruments import packages

pytest_plugins = ["tests.bench_fixtures"]

OLD: Final = pinned("1.21.13")
MODULE: Final = {
    "go.mod": b"module example.com/m\n\ngo 1.21\n\nrequire example.org/dep v1.2.3\n",
    "vendor/modules.txt": b"# example.org/dep v1.2.3\n## explicit; go 1.21\nexample.org/dep\n",
    "vendor/example.org/dep/dep.go": b"package dep\n\nfunc Twice(n int) int { return 2 * n }\n",
    "deep/er/main.go": b'package main\n\nimport "example.org/dep"\n\nfunc main() { println(dep.Twice(21)) }\n',
    "lib/lib.go": b"package lib\n\nfunc Two() int { return 2 }\n",
    "lib/lib_test.go": b'package lib\n\nimport "testing"\n\n'
    b'func TestTwo(t *testing.T) {\n\tif Two() != 2 {\n\t\tt.Fatal("no")\n\t}\n}\n',
    "wrong/wrong.go": b'package main\n\nfunc main() { println(1 + "a") }\n',
    "absent/absent.go": b'package main\n\nimport "example.net/nowhere"\n\nfunc main() { nowhere.Go() }\n',
}


# --- go.mod ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "understood", "notes"),
    [
        ("module m\n\ngo 1.21\n", "module m\n\ngo 1.21\n", ()),
        ("module m\n\ngo 1.20\n", "module m\n\ngo 1.20\n", ()),
        ("module m\n\ngo 1.21.13\n", "module m\n\ngo 1.21.13\n", ()),
        ("module m\n", "module m\n", ()),
        ("module m\n\ngo 1.22\n", "module m\n\ngo 1.21\n", ("go.mod says go 1.22; built as go 1.21",)),
        ("module m\ngo 1.22.0 // why\n", "module m\ngo 1.21\n", ("go.mod says go 1.22.0; built as go 1.21",)),
        ("module m\ngo\t1.22rc1", "module m\ngo 1.21\n", ("go.mod says go 1.22rc1; built as go 1.21",)),
        ("go 1.21\ntoolchain go1.26.1\nmodule m\n", "go 1.21\nmodule m\n", ()),
        ("go 1.26.0\ntoolchain go1.26.1\n", "go 1.21\n", ("go.mod says go 1.26.0; built as go 1.21",)),
        ("module m\n// go 1.26\nrequire go 1.26 v1.0.0\n", "module m\n// go 1.26\nrequire go 1.26 v1.0.0\n", ()),
        ("module go 1.26\n", "module go 1.26\n", ()),
    ],
)
def test_a_newer_language_is_lowered_and_said(declared: str, understood: str, notes: tuple[str, ...]) -> None:
    assert packages.understood(declared, OLD) == (understood, notes)


def test_the_newest_toolchain_takes_what_the_old_one_does_not() -> None:
    declared = "module m\n\ngo 1.26.0\n"
    assert packages.understood(declared, pinned(NEWEST)) == (declared, ())


# --- on a bench --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=EITHER)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.open(pinned(NEWEST), 600) as one:
        yield one


def test_a_package_is_built_with_what_lies_in_vendor(bench: Bench) -> None:
    found = packages.build(bench, MODULE, "deep/er", "app")
    assert (found.binary, found.refused, found.notes) == ("app", "", ())
    assert shell(bench, "./app 2>&1").text() == "42\n"
    assert packages.binary_of(bench, found).sha256 == shell(bench, "sha256sum app").text().split()[0]


def test_its_name_may_lie_in_a_folder(bench: Bench) -> None:
    found = packages.build(bench, MODULE, "./deep/er", "some/where/app")
    assert found.binary == "some/where/app"
    assert shell(bench, "some/where/app 2>&1").text() == "42\n"


def test_with_tests_it_is_their_program(bench: Bench) -> None:
    found = packages.build(bench, MODULE, "lib", "tested", tests=True)
    assert found.refused == ""
    assert shell(bench, "./tested -test.v").text().splitlines()[-1] == "PASS"


def test_sources_without_a_module_are_one(bench: Bench) -> None:
    found = packages.build(bench, {"main.go": b"package main\n\nfunc main() {}\n"}, name="alone")
    assert found.refused == ""
    assert packages.MODULE in shell(bench, "go version -m alone").text()


@pytest.mark.parametrize(("arch", "machine"), [("386", "EM_386"), ("", "")])
def test_it_is_built_for_the_processor_that_is_asked_for(bench: Bench, arch: str, machine: str) -> None:
    found = packages.build(bench, {"main.go": b"package main\n\nfunc main() {}\n"}, name=f"for{arch}", arch=arch)
    read = ELFFile(io.BytesIO(bench.get(found.binary)))["e_machine"]
    own = ELFFile(io.BytesIO(bench.get("alone")))["e_machine"]
    assert read == (machine or own)


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ("wrong", "wrong/wrong.go:3:23: "),
        ("absent", "example.net/nowhere"),
        ("nosuch", "nosuch"),
    ],
)
def test_what_does_not_build_is_an_answer(bench: Bench, package: str, says: str) -> None:
    found = packages.build(bench, MODULE, package, "refused")
    assert found.binary == ""
    assert says in found.refused
    assert "dial" not in found.refused


def test_what_the_compiler_says_is_asked_of_this_package_alone(bench: Bench) -> None:
    """With vendor's package compiled for itself: -m would be said of it too."""
    found = packages.build(bench, MODULE, "deep/er", "told", gcflags="-m -bogus")
    assert "flag provided but not defined: -bogus" in found.refused
    assert "deep/er" in found.refused
    assert "example.org/dep" not in found.refused
