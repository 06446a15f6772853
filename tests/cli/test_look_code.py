"""look.code and look.compiler, asked on real toolchains."""

import pytest
from tests.asker import ON_ONE, ON_TWO, Asker

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.gdb  # the local engine needs it

SUM = """package main

import "fmt"

type counter struct{ n int }

//go:noinline
func (c *counter) add(words []string) string {
	c.n += len(words)
	return fmt.Sprint("words: ", words[0], c)
}

func main() { fmt.Println((&counter{}).add([]string{"a"})) }
"""
BEFORE = """
//go:noinline
func before(s []string) string { return fmt.Sprintln("before", len(s), s) }

func init() { fmt.Println(before([]string{"x", "y"})) }
"""
NEW = 'package main\n\nimport "slices"\n\nfunc main() { println(slices.Max([]int{1})) }\n'
"""The package slices is there since 1.21."""
NEWER = "package main\n\nfunc main() {\n\tfor i := range 3 {\n\t\tprintln(i)\n\t}\n}\n"
"""Ranging over a number is there since 1.22."""


@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_where_a_function_lies_makes_no_difference(asker: Asker, arch: str) -> None:
    words = ("code", "(*counter).add", "--in", "main.go", "--arch", arch)
    asker.write("main.go", SUM)
    alone = asker.data(*words, on=ON_ONE)[f"1.27.3 {arch}"]["answer"]
    asker.write("main.go", SUM.replace("//go:noinline", f"{BEFORE}\n//go:noinline"))
    behind = asker.data(*words, on=ON_ONE)[f"1.27.3 {arch}"]["answer"]
    assert behind == alone
    assert alone["function"] == "main.(*counter).add"
    assert "fmt.Sprint" in alone["calls"]
    assert len(alone["instructions"]) > 20


def test_where_releases_part_there_is_a_diff(asker: Asker) -> None:
    asker.write("main.go", "package main\n\n//go:noinline\nfunc sum(a []int) (s int) {\n\tfor i := 0; i < len(a); i++ "
                "{\n\t\ts += a[i]\n\t}\n\treturn s\n}\n\nfunc main() { println(sum([]int{1})) }\n")  # fmt: skip
    said = asker.said("code", "sum", "--in", "main.go", "--arch", "amd64")
    assert "--- 1.21.13\n+++ 1.27.3\n" in said
    assert "\n-mov rsi, qword ptr [rax + rcx*8]\n+add rdx, qword ptr [rax + rcx*8]\n" in said


def test_where_they_agree_there_is_the_code(asker: Asker) -> None:
    asker.write("main.go", "package main\n\n//go:noinline\nfunc add(a, b int) int { return a + b }\n\n"
                "func main() { println(add(1, 2)) }\n")  # fmt: skip
    assert asker.said("code", "main.add", "--in", "main.go", "--arch", "arm64") == (
        "              1.21.13, 1.27.3\ninstructions  2\ncalls         nothing\n\nadd x0, x0, x1\nret"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["runtime.memhash46"], "there is runtime.memhash64"),
        (["runtime.memhash46"], "No toolchain that was asked has a function runtime.memhash46 in its program."),
        (["runtime.mallocgc", "--arch", "386"], "Machine code for 386 is not read. There are amd64, arm64."),
        (["D.Grow", "--in", "dot.ted"], "there is example.com/my.mod/dot.ted.(*D).Grow"),
    ],
)
def test_what_nobody_has_is_refused_with_what_there_is(module: Asker, words: list[str], says: str) -> None:
    done = module.ask("code", *words, on=ON_ONE)
    assert (done.returncode, says in done.stdout + done.stderr) == (2, True), done.stdout + done.stderr


@pytest.mark.parametrize("name", ["(*D).Grow", "strings.(*Builder).Grow", "runtime.mallocgc"])
def test_methods_of_own_packages_and_of_others(module: Asker, name: str) -> None:
    found = module.data("code", name, "--in", "dot.ted", "--arch", "amd64", on=ON_ONE)["1.27.3 amd64"]
    assert found["answer"]["function"].endswith(name)
    assert len(found["answer"]["instructions"]) > 20
    assert not [line for line in found["answer"]["instructions"] if "rip +" in line or "rsp +" in line]


# look.compiler


def test_decisions_about_a_file(asker: Asker) -> None:
    asker.write("main.go", SUM)
    said = asker.said("compiler", "main.go", "--all", on=ON_ONE)
    rows = {tuple(part.strip() for part in line.split("  ") if part.strip()) for line in said.splitlines()[1:]}
    assert ("main.go:8:6", "cannot inline", "(c *counter) add", "yes") in rows
    assert [row for row in rows if row[0].startswith("main.go:10:") and row[1] == "bounds check"]
    assert ("main.go:13:21", "does not escape", "&counter{}", "yes") not in rows
    assert [row for row in rows if row[1] == "escapes"]
    few = asker.said("compiler", "main.go", "--all", "--topic", "bounds", on=ON_ONE)
    assert "bounds check" in few
    assert "escapes" not in few


def test_decisions_about_a_package_and_only_what_differs(module: Asker) -> None:
    assert module.said("compiler", "dot.ted", "--topic", "bounds") == (
        "1.21.13, 1.27.3: they agree, in 1 place (--all shows them)\n1.21.13: go.mod says go 1.26.0; built as go 1.21"
    )
    said = module.said("compiler", "./dot.ted", "--topic", "escapes")
    assert "escapes  append(d.s, s)  -        yes*" in said
    assert "&D{...}" not in said


def test_what_a_release_refuses_is_an_answer(asker: Asker) -> None:
    asker.write("main.go", NEWER)
    refused = "does not build: ./main.go:4:17: cannot range over 3 (untyped int constant)"
    assert f"1.21.13: {refused}" in asker.said("compiler", "main.go")
    assert asker.said("run", "main.go").startswith(f"1.21.13  {refused}\n1.27.3   1 of 1  exit 0")
    assert asker.said("code", "main.main", "--in", "main.go").count(refused) == 1
    asker.write("main.go", NEW)
    assert asker.data("compiler", "main.go")["1.21.13 amd64"]["status"] == "answered"


def test_topics_are_known(asker: Asker) -> None:
    asker.write("main.go", NEW)
    done = asker.ask("compiler", "main.go", "--topic", "speed", on=ON_TWO)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no topic speed. Topics are escapes, inlining, bounds." in done.stderr
