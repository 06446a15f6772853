"""Parameters as DWARF has them, beside what gdb reads from the same binaries."""

from collections.abc import Iterator

import pytest
from tests.bench_fixtures import EITHER, NEWEST, bench_at, shell

from claimlab.benches.bench import Bench
from claimlab.instruments import parameters
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.parameters import Parameter

pytest_plugins = ["tests.bench_fixtures"]
SOURCE = b"""package main

import "os"

type point struct{ x, y int }

type handler func(int) error

//go:noinline
func (p *point) far(s string, all []int, m map[string]int, c chan int, h handler, any interface{}) (n int, err error) {
	return len(s) + len(all) + len(m) + len(c) + p.x, h(1)
}

//go:noinline
func none() { os.Stdout.Sync() }

func inlined(left, right int) int { none(); return left - right }

func main() {
	none()
	p := &point{len(os.Args), 2}
	p.far("", nil, nil, nil, func(int) error { return nil }, nil)
	os.Exit(inlined(p.x, 1) + inlined(p.y, 2))
}
"""


@pytest.fixture(
    scope="module", params=[pytest.param(("local", one), marks=EITHER[1].marks) for one in ("1.21.13", NEWEST)]
)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with bench_at(request) as bench:
        yield bench


@pytest.fixture(scope="module")
def binary(bench: Bench) -> Binary:
    return build(bench, {"main.go": SOURCE}, "program")


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (
            "main.(*point).far",
            [
                Parameter("p", "*main.point", is_address=True),
                Parameter("s", "string", is_text=True),
                Parameter("all", "[]int"),
                Parameter("m", "map[string]int", is_address=True),
                Parameter("c", "chan int", is_address=True),
                Parameter("h", "main.handler", is_address=True),
                Parameter("any", "interface {}"),
                Parameter("n", "int", is_result=True),
                Parameter("err", "error", is_result=True),
            ],
        ),
        ("main.none", []),
        ("main.inlined", [Parameter("left", "int"), Parameter("right", "int")]),
        ("main.nosuch", []),
    ],
)
def test_parameters_of_ones_own(bench: Bench, binary: Binary, function: str, found: list[Parameter]) -> None:
    assert parameters.read(bench.get(binary.name), binary.name, function) == found


@pytest.mark.parametrize("function", ["main.(*point).far", "runtime.mallocgc", "runtime.makechan", "os.(*File).Write"])
def test_gdb_finds_addresses_among_the_same_parameters(bench: Bench, binary: Binary, function: str) -> None:
    asked = f"""
for field in gdb.parse_and_eval("'{function}'").type.fields():
    print(field.type.strip_typedefs().code in (gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_FUNC))
"""
    bench.put({"ask.py": asked.encode()})
    done = shell(bench, f"gdb -nx -nh -batch -iex 'set auto-load off' -x ask.py {binary.name}").or_broken("gdb failed")
    read = parameters.read(bench.get(binary.name), binary.name, function)
    assert [str(one.is_address) for one in read] == done.text().splitlines()
