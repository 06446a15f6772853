"""The judges of fast32-registers on observations that real trials recorded, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Outcome, RunSeen, Stop, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
LOOKUPS = ("many", "few", "empty", "none")
Edit = Callable[[Stop], Stop]


def with_stops(seen: Any, kinds: tuple[str, ...], edit: Edit) -> Any:
    """The stops of all calls of these kinds, changed."""

    def edited(run: RunSeen) -> RunSeen:
        return change(run, stops=[edit(stop) for stop in run.stops]) if run.args[0] in kinds else run

    return change(seen, calls=change(seen.calls, runs=[edited(run) for run in seen.calls.runs]))


def at_entry(**registers: Callable[[Stop], int]) -> Edit:
    def edit(stop: Stop) -> Stop:
        if not stop.at.startswith("*'"):
            return stop
        return change(stop, registers={**stop.registers, **{name: of(stop) for name, of in registers.items()}})

    return edit


def on_return(**changes: Any) -> Edit:
    """Registers by name; `strings` is what lies at their addresses."""
    strings = changes.pop("strings", {})

    def edit(stop: Stop) -> Stop:
        if stop.at != "return":
            return stop
        return change(stop, registers={**stop.registers, **changes}, strings={**stop.strings, **strings})

    return edit


def with_sites(seen: Any, callers: tuple[str, ...], **changes: Any) -> Any:
    return change(seen, sites=[change(one, **changes) if one.caller in callers else one for one in seen.sites])


def with_pointer(seen: Any, kinds: tuple[str, ...], register: str) -> Any:
    """On return the register points to the value of the entry."""

    def edit(run: RunSeen) -> RunSeen:
        if run.args[0] not in kinds:
            return run
        return change(run, stops=[on_return(strings={register: f"{int(run.args[1]):08d}"})(stop) for stop in run.stops])

    return change(seen, calls=change(seen.calls, runs=[edit(run) for run in seen.calls.runs]))


def header(stop: Stop) -> int:
    return int(stop.values["header"] or 0)


# What is there at the entry


@pytest.mark.parametrize("name", LAB.toolchains)
@pytest.mark.parametrize("claim", ["2.2-f", "2.2-g"])
def test_the_order_of_the_arguments_is_told(claim: str, name: str) -> None:
    because = ruling(claim, seen_on(name)).finding.because
    assert because.endswith("with 5 keys: rax = the map's type, rbx = its header, rcx = the key")


def test_a_register_that_only_gdb_sees_hold_the_header_is_unclear() -> None:
    seen = with_stops(seen_on("1.27.3"), LOOKUPS, at_entry(rax=header))
    assert ruling("2.2-f", seen).outcome is Outcome.UNCLEAR


def test_a_register_that_both_see_hold_the_header_would_hold() -> None:
    seen = with_stops(seen_on("1.27.3"), LOOKUPS, at_entry(rax=header))
    seen = with_sites(seen, ("main.lookMany",), loaded={"rax": "main.many"})
    seen = with_sites(seen, ("main.lookFew",), loaded={"rax": "main.few"})
    assert ruling("2.2-f", seen).outcome is Outcome.HOLDS


@pytest.mark.parametrize(
    ("claim", "register"), [("2.2-f", "rax"), ("2.2-g", "rbx"), ("2.2-h", "rdx"), ("2.2-m", "rsi")]
)
def test_a_processor_without_the_register_leaves_the_claim_void(claim: str, register: str) -> None:
    def without(stop: Stop) -> Stop:
        return change(stop, registers={name: value for name, value in stop.registers.items() if name != register})

    seen = with_stops(seen_on("1.27.3"), (*LOOKUPS, "set", "set-few"), without)
    assert LAB.finding(claim, seen).outcome is Outcome.VOID


def test_only_the_low_half_of_a_register_is_the_key() -> None:
    seen = with_stops(seen_on("1.27.3"), LOOKUPS, at_entry(rcx=lambda stop: stop.registers["rcx"] | 0xFFFF << 48))
    assert ruling("2.2-k", seen).outcome is Outcome.HOLDS


def test_an_argument_that_no_register_holds_fails_if_it_is_on_the_stack_and_is_unclear_if_not() -> None:
    seen = with_stops(seen_on("1.27.3"), LOOKUPS, at_entry(rcx=lambda _: 0))
    assert ruling("2.2-k", seen).outcome is Outcome.UNCLEAR
    stored = ["0x1  mov qword ptr [rsp], rcx"]
    seen = with_sites(seen, ("main.lookMany", "main.lookFew", "main.lookEmpty"), stored=stored)
    assert ruling("2.2-k", seen).outcome is Outcome.FAILS


def test_a_function_without_a_frame_would_hold_and_one_that_only_seems_so_is_unclear() -> None:
    seen = seen_on("1.23.9")

    def level(stop: Stop) -> Stop:
        return change(stop, registers={**stop.registers, "rsp": 0xC000040680})

    flat = with_stops(seen, LOOKUPS, level)
    assert ruling("2.2-l", flat).outcome is Outcome.UNCLEAR
    shapes = [change(one, lowers=[]) if one.name == "runtime.mapaccess1_fast32" else one for one in seen.shapes]
    assert ruling("2.2-l", change(flat, shapes=shapes)).outcome is Outcome.HOLDS


# What comes back


def test_another_register_that_points_to_the_value_is_unclear_unless_the_caller_uses_it() -> None:
    seen = seen_on("1.27.3")
    seen = with_pointer(seen, LOOKUPS, "rdx")
    assert ruling("2.2-h", seen).outcome is Outcome.UNCLEAR
    assert ruling("2.2-h", with_sites(seen, ("main.lookMany", "main.lookFew"), used="rdx")).outcome is Outcome.BROKEN


def test_a_miss_that_gives_nil_is_unclear_as_long_as_the_code_can_give_something_else() -> None:
    seen = seen_on("1.24.11+noswissmap")
    nil = with_stops(seen, LOOKUPS, on_return(rax=0))
    assert ruling("2.2-i", nil).outcome is Outcome.UNCLEAR
    without = change(nil, shapes=[change(one, zero=[]) for one in seen.shapes])
    assert ruling("2.2-i", without).outcome is Outcome.HOLDS


def test_the_address_of_zero_val_is_named() -> None:
    seen = seen_on("1.27.3")
    assert f"{seen.zero.address:#x}, the address of `runtime.zeroVal`" in ruling("2.2-i", seen).finding.because


@pytest.mark.parametrize("name", LAB.toolchains)
def test_a_small_map_is_not_hashed(name: str) -> None:
    because = ruling("2.2-j", seen_on(name)).finding.because
    assert "was executed in 4 of 6 lookups (not for `main.few`)" in because


def test_without_a_hash_the_diagram_fails_even_if_misses_gave_nil() -> None:
    seen = with_stops(seen_on("1.23.9"), LOOKUPS, on_return(rax=0))
    seen = change(seen, shapes=[change(one, zero=[]) for one in seen.shapes])
    assert ruling("2.2-j", seen).outcome is Outcome.FAILS


def test_an_own_table_that_does_not_hash_breaks_the_judge() -> None:
    seen = with_stops(seen_on("1.23.9"), ("find",), lambda stop: change(stop, counted=[]))
    assert ruling("2.2-j", seen).outcome is Outcome.BROKEN


def test_si_that_points_to_the_value_is_unclear_unless_the_caller_uses_it() -> None:
    seen = with_pointer(seen_on("1.23.9"), ("set", "set-few"), "rsi")
    assert ruling("2.2-m", seen).outcome is Outcome.UNCLEAR
    assert ruling("2.2-m", with_sites(seen, ("main.setMany", "main.setFew"), used="rsi")).outcome is Outcome.HOLDS


def test_other_registers_than_the_lookup_has_fail() -> None:
    seen = with_stops(seen_on("1.23.9"), ("set", "set-few"), at_entry(rax=lambda _: 1))
    because = ruling("2.2-m", seen).finding.because
    assert "unlike the lookup" in because


@pytest.mark.parametrize("claim", LAB.judges)
def test_calls_that_did_not_return_are_unclear(claim: str) -> None:
    seen = seen_on("1.27.3")
    cut = [
        change(run, stops=run.stops[:1]) if run.args[0] in (*LOOKUPS, "set", "set-few") else run
        for run in seen.calls.runs
    ]
    assert LAB.finding(claim, change(seen, calls=change(seen.calls, runs=cut))).outcome is Outcome.UNCLEAR
