"""A session with gdb whose answer somebody else wrote, or whose gdb is of no use, breaks the lab and says why."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tests.bench_fixtures import EITHER, RESOURCES

from claimlab.benches.bench import Bench, Completed
from claimlab.instruments import layout
from claimlab.instruments.gdb import Run, Step, Watch, session
from claimlab.instruments.gdb_scripts import ask
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.layout import Wanted
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)

HOLD = Step(["main.hold"])
FORGED = '{"gdb":"forged","breakpoints":[],"runs":[],"transcript":""}'
NOTHING = "[]"
WANTED = [Wanted("one", "'main.nosuch'")]


@pytest.fixture(scope="module")
def forges(either_bench: Bench) -> Binary:
    return build(either_bench, {"main.go": (RESOURCES / "forges.go").read_bytes()}, "forges")


def looked(bench: Bench, binary: Binary, when: str) -> str:
    return session(bench, binary, [Run([when, FORGED], 2, [HOLD])]).gdb


def laid_out(bench: Bench, binary: Binary, when: str) -> list[str]:
    args = [when, NOTHING]
    return [one.label for one in layout.pointers(bench, binary, WANTED, at="main.hold", gomaxprocs=2, args=args)]


@either_engines
@pytest.mark.parametrize("asks", [looked, laid_out])
def test_an_answer_that_the_program_laid_there_first_is_none(
    either_bench: Bench, forges: Binary, asks: Callable[[Bench, Binary, str], Any]
) -> None:
    with pytest.raises(LabBroken, match=r"File exists: 'gdb-\d+\.json'") as broken:
        asks(either_bench, forges, "before")
    assert broken.value.exit_code == 1


@either_engines
@pytest.mark.parametrize(("asks", "real"), [(looked, "1"), (laid_out, ["one"])])
def test_an_answer_that_the_program_put_in_place_of_the_real_one_is_none(
    either_bench: Bench, forges: Binary, asks: Callable[[Bench, Binary, str], Any], real: Any
) -> None:
    """It has a moment for it, and nearly always comes in time; if not, the answer is the real one."""
    broken = 0
    for _ in range(4):
        try:
            assert asks(either_bench, forges, "after")[: len(real)] in (real, "D")
        except LabBroken as error:
            assert "is not what the script inside gdb has written" in error.what
            broken += 1
    assert broken


@either_engines
def test_a_script_that_gives_no_answer_is_said_to(either_bench: Bench) -> None:
    with pytest.raises(LabBroken, match=r"it went wrong: gdb-\d+\.json is not what") as broken:
        before = len(either_bench.journal.commands)
        either_bench.put({f"gdb-{before}.json": b"[]"})
        ask(either_bench, {"silent.py": b"pass"}, {}, list[int], what="it went wrong")
    assert broken.value.exit_code == 0


# A gdb that is of no use


class Set:
    """A bench whose gdb has one setting more."""

    def __init__(self, bench: Bench, setting: str) -> None:
        self._bench, self._setting = bench, setting

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench, name)

    def run(self, argv: Sequence[str], **how: Any) -> Completed:
        return self._bench.run([argv[0], "-iex", self._setting, *argv[1:]], **how)


WATCHES = [HOLD, Step(["main.hold"], watches=[Watch("argc", "&'runtime.argc'", size=4)])]


@either_engines
@pytest.mark.parametrize(
    ("setting", "steps", "what"),
    [
        ("set can-use-hw-watchpoints 0", WATCHES, "it has no debug registers to watch a word with"),
        ("set exec-wrapper false", [HOLD], r"it cannot start a process \(During startup program exited"),
        ("python import gdb; del gdb.lookup_static_symbol", [HOLD], r"its Python has no gdb\.lookup_static_symbol"),
    ],
)
def test_a_gdb_that_lacks_what_is_needed_is_named(
    either_bench: Bench, forges: Binary, setting: str, steps: list[Step], what: str
) -> None:
    bench: Any = Set(either_bench, setting)
    with pytest.raises(LabBroken, match=rf"gdb \S.* on this machine is of no use here: {what}"):
        session(bench, forges, [Run(["none", ""], 1, steps)], timeout_s=30)


@either_engines
def test_without_debug_registers_whatever_needs_none_is_seen(either_bench: Bench, forges: Binary) -> None:
    bench: Any = Set(either_bench, "set can-use-hw-watchpoints 0")
    seen = session(bench, forges, [Run(["before", FORGED.replace("gdb", "x")], 1, [Step(["runtime.main"])])])
    assert [stop.at for stop in seen.runs[0].stops] == ["runtime.main"]
