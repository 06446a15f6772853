"""A recorded answer of gdb is read as what it says, and is still what gdb answers."""

import platform
import re
from collections.abc import Callable
from typing import Final

import msgspec
import pytest
from tests.bench_fixtures import NEWEST, RESOURCES
from tests.looked_at import CHAIN, ENDS, LOOKED_AT

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Session, Stop, session
from claimlab.instruments.gobuild import build

pytest_plugins = ["tests.bench_fixtures"]

RECORDED: Final = RESOURCES / "gdb.json"
"""gdb.json as it lay on a container's bench after the session of the last test here."""


def recorded() -> Session:
    return msgspec.json.decode(RECORDED.read_bytes(), type=Session)


def test_a_recorded_answer_decodes() -> None:
    seen = recorded()
    assert [(one.name, one.resolved, one.hits) for one in seen.breakpoints] == [
        ("main.mark", True, 1),
        ("main.inner", True, 1),
        ("main.nosuch", False, 0),
    ]
    ends, chain = seen.runs
    assert (ends.exit_code, ends.stops) == (5, [])
    assert [stop.at for stop in chain.stops] == ["main.inner", "main.mark"]
    assert [(one.before, one.after) for one in chain.stops[0].poked] == [(1, 5)]
    assert chain.stops[1].arguments["label"] == "grüße"
    assert [frame.function for frame in chain.stops[1].frames[:3]] == ["main.mark", "main.inner", "main.between"]
    assert {one.id for one in chain.stops[1].goroutines} >= {1, 2}
    assert seen.breakpoint("main.mark").addresses == [chain.stops[1].registers["rip"]]


def test_a_recorded_answer_survives_the_record() -> None:
    assert msgspec.json.decode(msgspec.json.encode(recorded()), type=Session) == recorded()


def test_an_answer_with_a_field_more_or_less_is_refused() -> None:
    answer = msgspec.json.decode(RECORDED.read_bytes())
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        msgspec.convert({**answer, "surprise": 1}, Session)
    del answer["runs"][0]["stderr"]
    with pytest.raises(msgspec.ValidationError, match="stderr"):
        msgspec.convert(answer, Session)


def general(stop: Stop) -> list[str]:
    """The registers that every processor has: k0 to k7 are those of AVX-512."""
    return sorted(name for name in stop.registers if not re.fullmatch(r"k\d", name))


def without_addresses(seen: Session) -> object:
    """What does not move from one process of a binary to the next."""
    stops = [stop for run in seen.runs for stop in run.stops]
    return (
        [(one.name, one.resolved, one.addresses, one.hits) for one in seen.breakpoints],
        [(run.args, run.gomaxprocs, run.exit_code) for run in seen.runs],
        [(stop.at, stop.function, stop.frames, stop.strings, general(stop)) for stop in stops],
        [{name: value for name, value in stop.values.items() if name != "pointer"} for stop in stops],
        [{name: value for name, value in stop.arguments.items() if name != "p"} for stop in stops],
        [stop.poked for stop in stops],
    )


@pytest.mark.docker
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the answer was recorded on x86_64")
def test_the_recorded_answer_is_what_gdb_answers_today(benches_of: Callable[[str], Bench]) -> None:
    bench = benches_of(NEWEST)
    seen = session(bench, build(bench, LOOKED_AT), [ENDS, CHAIN])
    assert without_addresses(seen) == without_addresses(recorded())
