"""Binaries built on a real bench."""

import hashlib
from collections.abc import Callable

import pytest
from tests.bench_fixtures import EITHER, HELLO, NEWEST, VARIANT, pinned, shell

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine
from claimlab.instruments.gobuild import Binary, build, language_of
from claimlab.project.errors import LabBroken
from claimlab.toolchains.flags import FLAG_SETS
from claimlab.toolchains.needs import PLAIN

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)

LOOP = {
    "main.go": b"""package main

func main() {
	var show []func()
	for i := 0; i < 3; i++ {
		show = append(show, func() { print(i) })
	}
	for _, one := range show {
		one()
	}
}
"""
}
RACY = {
    "main.go": b"""package main

import "time"

var shared int

func main() {
	go func() { shared++ }()
	shared++
	time.Sleep(50 * time.Millisecond)
}
"""
}


# What comes out


@either_engines
def test_a_binary_is_known_by_its_hash(either_bench: Bench) -> None:
    binary = build(either_bench, HELLO, "known")
    assert binary == Binary("known", hashlib.sha256(either_bench.get("known")).hexdigest())
    assert either_bench.journal.binaries["known"] == binary.sha256
    assert shell(either_bench, "./known").stdout == b"hello\n"
    assert either_bench.journal.says["known"] == f"go{NEWEST}"


@either_engines
def test_a_binary_that_another_go_built_breaks_the_lab(either_engine: Engine) -> None:
    """The bench's toolchain is exchanged under it, so to speak: what is built says of itself who built it."""
    with either_engine.open(pinned(NEWEST), 120) as bench:
        bench.toolchain = pinned("1.26.6")
        with pytest.raises(LabBroken, match=rf"other says that it is go{NEWEST}, and the trial is of Go 1\.26\.6"):
            build(bench, HELLO, "other")


@pytest.mark.docker
def test_a_binary_says_with_which_experiment_it_was_built(benches_of: Callable[..., Bench]) -> None:
    bench = benches_of(VARIANT, PLAIN | {"race", "arm64"})
    for flags in FLAG_SETS:
        build(bench, HELLO, flags, flags)
        assert bench.journal.says[flags] == "go1.24.11 X:noswissmap"
    plain = benches_of("1.24.11")
    build(plain, HELLO, "plain")
    plain.toolchain = pinned(VARIANT)
    with pytest.raises(
        LabBroken, match=r"plain says that it is go1\.24\.11, and the trial is of Go 1\.24\.11\+noswiss"
    ):
        plain.journal.heard("plain", plain.journal.says["plain"], plain.toolchain)


@either_engines
def test_the_journal_has_the_command_as_it_can_be_typed_again(either_bench: Bench) -> None:
    build(either_bench, HELLO, "typed")
    command = [one for one in either_bench.journal.commands if one.step == "build"][-1]
    assert command.argv == (*("go", "build", "-C", "typed.src", "-trimpath", "-buildvcs=false", "-o", "../typed", "."),)
    assert command.env == {"CGO_ENABLED": "0"}
    again = either_bench.run(command.argv, step="build", env=command.env)
    assert again.exit_code == 0


@either_engines
def test_two_programs_of_one_bench_keep_apart(either_bench: Bench) -> None:
    other = {"main.go": HELLO["main.go"].replace(b"hello", b"other")}
    first, second = build(either_bench, HELLO, "first"), build(either_bench, other, "second")
    assert first.sha256 != second.sha256
    assert shell(either_bench, "./first && ./second").stdout == b"hello\nother\n"


@either_engines
def test_sources_in_several_files_are_one_package(either_bench: Bench) -> None:
    sources = {
        "main.go": b"package main\n\nfunc main() { say() }\n",
        "say.go": b'package main\n\nfunc say() { print("two files") }\n',
    }
    build(either_bench, sources, "several")
    assert shell(either_bench, "./several").stderr == b"two files"


@either_engines
def test_nothing_of_the_folder_stands_in_the_binary(either_bench: Bench) -> None:
    build(either_bench, HELLO, "trimmed")
    folder = shell(either_bench, "pwd").text().strip()
    assert folder.encode() + b"/trimmed" not in either_bench.get("trimmed")
    assert b"claimlab/trimmed/main.go" in either_bench.get("trimmed")


# Flags


@either_engines
def test_a_race_binary_links_and_finds_a_race(either_bench: Bench) -> None:
    build(either_bench, RACY, "racy", "race")
    done = either_bench.run(["./racy"], step="run", env={"GOMAXPROCS": "2"})
    assert b"WARNING: DATA RACE" in done.stderr
    assert done.exit_code == 66  # the race detector's own (https://go.dev/doc/articles/race_detector)


@either_engines
def test_a_plain_binary_links_nothing_of_the_system(either_bench: Bench) -> None:
    build(either_bench, RACY, "plain")
    done = either_bench.run(["./plain"], step="run", env={"GOMAXPROCS": "2"})
    assert (done.exit_code, done.stderr) == (0, b"")
    headers = shell(either_bench, "readelf --program-headers plain").or_broken("readelf failed").text()
    assert "INTERP" not in headers


# The language version


@pytest.mark.docker
@pytest.mark.parametrize(("toolchain", "language", "prints"), [("1.21.13", "1.21", b"333"), (NEWEST, "1.27", b"012")])
def test_the_module_declares_the_toolchains_own_language(
    benches_of: Callable[[str], Bench], toolchain: str, language: str, prints: bytes
) -> None:
    """Loop variables are per iteration from 1.22 (https://go.dev/blog/loopvar-preview)."""
    bench = benches_of(toolchain)
    build(bench, LOOP, "loop")
    assert bench.get("loop.src/go.mod") == f"module claimlab/loop\n\ngo {language}\n".encode()
    assert shell(bench, "./loop").stderr == prints


TIMER = {
    "main.go": b"""package main

import "time"

func main() { print(cap(time.NewTimer(time.Hour).C)) }
"""
}


@pytest.mark.docker
@pytest.mark.parametrize("toolchain", ["1.22.10", "1.23.9", NEWEST])
def test_another_language_version_can_be_declared(benches_of: Callable[[str], Bench], toolchain: str) -> None:
    bench = benches_of(toolchain)
    said = {}
    for language in ("1.17", "1.21", "1.22"):
        build(bench, LOOP, "loop", language=language)
        assert bench.get("loop.src/go.mod").endswith(f"\ngo {language}\n".encode())
        said[language] = shell(bench, "./loop").stderr
    assert said == {"1.17": b"333", "1.21": b"333", "1.22": b"012"}


@pytest.mark.docker
@pytest.mark.parametrize(
    ("toolchain", "capacities"),
    [("1.22.10", [1, 1]), ("1.23.9", [1, 0]), ("1.26.6", [1, 0]), (NEWEST, [0, 0])],
)
def test_the_language_version_decides_godebug_defaults(
    benches_of: Callable[[str], Bench], toolchain: str, capacities: list[int]
) -> None:
    """Modules from before 1.23 get asynctimerchan=1, up to 1.27, which has no such timers any more
    (https://go.dev/doc/godebug)."""
    bench = benches_of(toolchain)
    found = []
    for number, language in enumerate(("1.22", "")):
        build(bench, TIMER, f"timer{number}", language=language)
        found.append(int(shell(bench, f"./timer{number}").stderr))
    assert found == capacities


@pytest.mark.parametrize("language", ["1", "1.0", "1.21.3", "1.21 ", "go1.21", "2.0", "1.21\n", "1.121", "newest"])
def test_what_is_no_language_version_is_refused(language: str) -> None:
    with pytest.raises(LabBroken, match="is no version of the Go language: one looks like 1"):
        language_of(pinned(NEWEST), language)


def test_a_language_version_that_the_toolchain_does_not_know_yet_is_refused() -> None:
    with pytest.raises(LabBroken, match=r"Go 1\.21\.13 knows the language up to 1\.21, not 1\.22"):
        language_of(pinned("1.21.13"), "1.22")
    assert language_of(pinned("1.21.13"), "1.21") == "1.21"


@pytest.mark.docker
@pytest.mark.parametrize(("toolchain", "experiment"), [("1.24.11", ""), (VARIANT, " X:noswissmap")])
def test_an_experiment_is_built_in(benches_of: Callable[[str], Bench], toolchain: str, experiment: str) -> None:
    bench = benches_of(toolchain)
    source = b'package main\n\nimport "runtime"\n\nfunc main() { print(runtime.Version()) }\n'
    build(bench, {"main.go": source}, "version")
    assert shell(bench, "./version").stderr.decode() == f"go1.24.11{experiment}"
    command = next(one for one in bench.journal.commands if one.step == "build")
    assert command.env.get("GOEXPERIMENT", "") == experiment.removeprefix(" X:")


# What does not build


@either_engines
def test_a_source_that_does_not_build_breaks_the_lab_with_the_compilers_words(either_bench: Bench) -> None:
    with pytest.raises(LabBroken) as caught:
        build(either_bench, {"main.go": b"package main\n\nfunc main() { undefinedName() }\n"}, "wrong")
    broken = caught.value
    assert "does not build" in broken.what
    assert broken.command == "go build -C wrong.src -trimpath -buildvcs=false -o ../wrong ."
    assert broken.exit_code == 1
    assert "./main.go:3:15: undefined: undefinedName" in broken.tail
    assert "wrong" not in either_bench.journal.binaries


@either_engines
def test_an_import_from_outside_is_not_fetched(either_engine: Engine) -> None:
    source = b'package main\n\nimport _ "example.com/module"\n\nfunc main() {}\n'
    with either_engine.open(pinned(NEWEST), 60) as bench, pytest.raises(LabBroken) as caught:
        build(bench, {"main.go": source})
    assert "example.com/module" in caught.value.tail
