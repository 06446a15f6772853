"""The program that the tests of gdb look at, its runs, and the witnesses beside gdb.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import platform
import re
from collections.abc import Iterator
from typing import Final

import pytest
from tests.bench_fixtures import ORACLE, RESOURCES, bench_at, places, shell

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Poke, Run, RunSeen, Session, Step, session
from claimlab.instruments.gobuild import Binary, build

LOOKED_AT: Final = {"main.go": (RESOURCES / "looked_at.go").read_bytes()}
# Where Go's register ABI puts the first five words of arguments, and the program counter's name
# (https://go.dev/s/regabi; gdb's names).
REGISTERS: Final = {
    "x86_64": ("$rax", "$rbx", "$rcx", "$rdi", "rip"),
    "aarch64": ("$x0", "$x1", "$x2", "$x3", "pc"),
}[platform.machine()]
POINTER, TEXT, LENGTH, NUMBER, COUNTER = REGISTERS

CHAIN: Final = Run(
    ["chain"],
    2,
    [
        Step(["main.inner"], pokes=[Poke("&'main.gate'", 4)]),
        Step(
            ["main.nosuch", "main.mark"],
            values={
                "X": "p.X",
                "Name": "p.Name",
                "pointer": "p",
                "number": NUMBER,
                "no such field": "p.Nosuch",
                "no such name": "nosuch",
                "no such syntax": "p..",
                "no such memory": "*(char *) 16",
            },
            strings={
                "label": (TEXT, LENGTH),
                "no such memory": ("16", "5"),
                "negative": (TEXT, "-1"),
                "too long": (TEXT, "5000"),
                "no such register": ("$nosuch", "1"),
            },
            goroutines=True,
        ),
    ],
)
ENDS: Final = Run(["exit", "two words", "it's", "$HOME", "*"], 1, [Step(["main.mark"]), Step(["main.inner"])])
OPEN_AND_ADD: Final = [Poke("&'main.gate'", 2), Poke("&'main.pair'", 8, 1)]
GATE_TOUCHED: Final = Run(["gate"], 2, [Step(["main.before"], pokes=OPEN_AND_ADD), Step(["main.mark"])])
GATE_LEFT: Final = Run(["gate"], 2, [Step(["main.before"]), Step(["main.mark"])])
"""The step at main.mark is never reached: the program ends first."""

PLACES: Final = places(*ORACLE)
everywhere = pytest.mark.parametrize("looked_at", PLACES, indirect=True)
newest_only = pytest.mark.parametrize("looked_at", [PLACES[2], PLACES[3]], indirect=True)

Looked = tuple[Bench, Binary, Session]


@pytest.fixture(scope="module")
def looked_at(request: pytest.FixtureRequest) -> Iterator[Looked]:
    """A bench with the program, and what one gdb session saw of its main runs."""
    with bench_at(request) as bench:
        binary = build(bench, LOOKED_AT)
        spawned = Run(["spawned"], 2, [Step(["main.mark"])])
        parked = Run(["park"], 3, [Step(["main.mark"], goroutines=True)])
        yield bench, binary, session(bench, binary, [CHAIN, ENDS, spawned, parked])


def witness(run: RunSeen, word: str) -> list[list[str]]:
    """The program's own lines that begin with `word`, as words."""
    return [line.split()[1:] for line in run.stderr.splitlines() if line.startswith(f"{word} ")]


def symbols(bench: Bench, binary: Binary) -> dict[str, range]:
    """Addresses of each sized symbol by nm."""
    listed = shell(bench, f"nm -S {binary.name}").or_broken("nm failed").text()
    found = re.findall(r"^([0-9a-f]+) ([0-9a-f]+) \w (.+)$", listed, re.MULTILINE)
    return {name: range(int(start, 16), int(start, 16) + int(size, 16)) for start, size, name in found}
