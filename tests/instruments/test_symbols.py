"""The symbol table against nm on real binaries of every release."""

import re
from collections.abc import Iterator

import pytest
from tests.bench_fixtures import EVERY_RELEASE, HELLO, bench_at, shell

from claimlab.benches.bench import Bench
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.symbols import Symbol, Symbols, table

pytest_plugins = ["tests.bench_fixtures"]

Built = tuple[Bench, Binary, Symbols]


@pytest.fixture(scope="module", params=EVERY_RELEASE)
def built(request: pytest.FixtureRequest) -> Iterator[Built]:
    with bench_at(request) as bench:
        binary = build(bench, HELLO)
        yield bench, binary, table(bench, binary)


def test_every_symbol_is_nms(built: Built) -> None:
    bench, binary, found = built
    listed = shell(bench, f"nm -S {binary.name}").or_broken("nm failed").text()
    rows = re.findall(r"^([0-9a-f]{16}) (?:([0-9a-f]{16}) )?(\w) (.+)$", listed, re.MULTILINE)
    theirs = sorted((name, int(address, 16), int(size or "0", 16)) for address, size, _, name in rows)
    # nm leaves out the one that names the source file, which the linker calls go.go.
    assert sorted((one.name, one.address, one.size) for one in found.all if one.name != "go.go") == theirs
    assert len(theirs) > 1000


def test_kinds_are_nms_sections(built: Built) -> None:
    bench, binary, found = built
    listed = shell(bench, f"nm -S {binary.name}").text()
    letters = {name: letter for letter, name in re.findall(r"^\S{16} \S{16} (\w) (.+)$", listed, re.MULTILINE)}
    for name, kind, expected in (
        ("main.main", "function", "T"),
        ("runtime.mapassign_fast64", "function", "T"),
        ("runtime.writeBarrier", "object", "BD"),
    ):
        symbol = found.find(name)
        if symbol is None:
            assert name not in letters
            continue
        assert symbol.kind == kind
        assert letters[name].upper() in expected


def test_addresses_are_named(built: Built) -> None:
    _, _, found = built
    main = found.find("main.main")
    assert main is not None
    assert found.name_of(main.address) == "main.main"
    assert found.name_of(main.address + 1) == "main.main+0x1"
    assert found.containing(main.address + main.size - 1) == main
    assert found.containing(main.address + main.size) != main
    assert (found.name_of(0), found.name_of(1 << 60), found.find("main.nosuch")) == ("", "", None)
    assert main in found.matching("main.")
    assert {one.name.partition(".")[0] for one in found.matching("main.")} == {"main"}


def test_a_name_with_two_symbols_is_found_at_the_lower_address() -> None:
    found = Symbols([Symbol("a", 1, 4, "function"), Symbol("b", 5, 0, "other"), Symbol("a", 8, 4, "object")])
    assert found.find("a") == Symbol("a", 1, 4, "function")
    assert [found.name_of(address) for address in (4, 5, 8, 11, 12)] == ["a+0x3", "", "a", "a+0x3", ""]
