"""look.layout, asked on real toolchains by somebody who has no project."""

import re

import pytest
from tests.asker import ON_ONE, Asker

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.gdb  # the local engine needs it

OWN = """package main

type T struct {
	a bool
	b int64
	c *inner
	d inner
}

type inner struct {
	x int8
	y string
}

type Box[V any] struct {
	n int8
	v V
}

func main() {}
"""


def offsets(asker: Asker, *words: str, at: str = "1.27.3 amd64") -> dict[str, int | None]:
    return {one["name"]: one.get("offset") for one in asker.data("layout", *words)[at]["answer"]["fields"]}


def test_a_type_of_the_runtime_by_its_fields_and_theirs(asker: Asker) -> None:
    words = ("runtime.g", "--field", "goid", "--field", "sched.bp", "--arch", "amd64", "--arch", "arm64")
    data = asker.data("layout", *words)
    assert [one["answer"]["fields"][0]["offset"] for one in data.values()] == [152] * 4
    # sched is at 56: stack, two guards, two lists, m. Its bp is the seventh word of seven, and the sixth since 1.25.
    assert {place: one["answer"]["fields"][1]["offset"] for place, one in data.items()} == {
        "1.21.13 amd64": 104,
        "1.27.3 amd64": 96,
        "1.21.13 arm64": 104,
        "1.27.3 arm64": 96,
    }
    assert asker.said("layout", *words) == (
        "amd64:\n          1.21.13  1.27.3\ngoid      152      152\nsched.bp  104      96*\n"
        "arm64:\n          1.21.13  1.27.3\ngoid      152      152\nsched.bp  104      96*"
    )
    assert offsets(asker, "runtime.m.curg", at="1.21.13 amd64") == {"curg": 192}


def test_a_processor_of_half_the_word_and_one_of_the_other_byte_order(asker: Asker) -> None:
    data = asker.data("layout", "runtime.g.goid", "--arch", "386", "--arch", "mips64", "--arch", "riscv64", on=ON_ONE)
    assert [one["answer"]["fields"] for one in data.values()] == [
        [{"name": "goid", "offset": 80, "size": 8, "type": "uint64"}],
        [{"name": "goid", "offset": 152, "size": 8, "type": "uint64"}],
        [{"name": "goid", "offset": 152, "size": 8, "type": "uint64"}],
    ]


@pytest.mark.parametrize(
    ("type_", "size", "fields"),
    [
        ("sync.Mutex", 8, None),
        ("sync/atomic.Pointer[int]", 8, {"_": 0, "v": 0}),
        ("sync.poolChain", 16, {"head": 0, "tail": 8}),  # not exported
        ("bytes.Buffer", 40, {"buf": 0, "off": 24, "lastRead": 32}),
    ],
)
def test_types_of_the_standard_library(asker: Asker, type_: str, size: int, fields: dict[str, int] | None) -> None:
    found = asker.data("layout", type_, on=ON_ONE)["1.27.3 amd64"]["answer"]
    assert found["size"] == size
    assert fields is None or {one["name"]: one["offset"] for one in found["fields"]} == fields


def test_where_one_of_two_has_the_type_there_is_an_answer(asker: Asker) -> None:
    said = asker.said("layout", "runtime.hmap")
    assert "1.27.3: there is no runtime.hmap" in said
    assert re.search(r"^B +9 +-\*$", said, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["runtime.gg"], "No toolchain that was asked has a type runtime.gg in its program."),
        (["runtime.hmap"], "there is internal/runtime/maps.Map"),
        (["runtime.g", "--field", "goide"], "runtime.g has no goide; there is goid"),
        (["runtime.g", "--field", "goide"], "No toolchain that was asked has a field goide in runtime.g."),
        (["runtime.g", "--arch", "z80"], "There is no architecture z80. There are 386, amd64"),
        (["main.T", "--in", "nowhere"], "There is no file or folder nowhere."),
        (["main.T", "--in", "text.txt"], "text.txt is no Go source."),
        (["main.T", "--in", "empty"], "There are no Go sources in empty."),
        (["main.t", "--in", "main.go"], "no type main.t in the program; there is main.T"),
        ([], "look.layout wants a type."),
    ],
)
def test_what_nobody_has_is_refused_with_what_there_is(asker: Asker, words: list[str], says: str) -> None:
    asker.write("main.go", OWN)
    asker.write("text.txt", "")
    asker.write("empty/README", "")
    done = asker.ask("layout", *words, on=ON_ONE)
    assert (done.returncode, says in done.stdout + done.stderr) == (2, True), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("T", {"a": 0, "b": 8, "c": 16, "d": 24}),
        ("main.T.d.y", {"d.y": 32}),
        ("inner", {"x": 0, "y": 8}),
        ("Box[int]", {"n": 0, "v": 8}),
        ("Box[main.T]", {"n": 0, "v": 8}),
        ("bytes.Buffer", {"buf": 0, "off": 24, "lastRead": 32}),
    ],
)
def test_types_of_a_file(asker: Asker, type_: str, fields: dict[str, int]) -> None:
    asker.write("main.go", OWN)
    assert offsets(asker, type_, "--in", "main.go") == fields


def test_what_does_not_build_is_the_users_own_complaint(asker: Asker) -> None:
    asker.write("main.go", OWN.replace("func main() {}", "func main() { nothing() }"))
    said = asker.said("layout", "main.T", "--in", "main.go")
    assert said == "1.21.13, 1.27.3  does not build: ./main.go:20:15: undefined: nothing"


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("D", {"Dep": 0, "s": 16, "n": 40}),
        ("dotted.D", {"Dep": 0, "s": 16, "n": 40}),
        ("example.com/my.mod/dot.ted.D", {"Dep": 0, "s": 16, "n": 40}),
        ("hidden", {"a": 0, "b": 4}),
        ("D.Dep.b", {"Dep.b": 8}),
        ("example.org/dep.v2.Dep", {"a": 0, "b": 8}),
    ],
)
def test_types_of_a_package_whose_path_has_dots(module: Asker, type_: str, fields: dict[str, int]) -> None:
    assert offsets(module, type_, "--in", "./dot.ted") == fields


def test_a_module_that_is_newer_than_the_toolchain_is_built_and_that_is_said(module: Asker) -> None:
    said = module.said("layout", "D.n", "--in", "dot.ted")
    assert said == "1.21.13, 1.27.3  n  40  4 B  int32\n1.21.13: go.mod says go 1.26.0; built as go 1.21"
