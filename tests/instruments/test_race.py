"""The race detector on programs whose race, and its lines, are known; and its reports as recorded."""

from collections.abc import Iterator

import msgspec
import pytest
from tests.bench_fixtures import EVERY_RELEASE, RESOURCES, bench_at

from claimlab.benches.bench import Bench
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.processes import Ending, Tally
from claimlab.instruments.race import EXIT_CODE, WARNING, Access, Call, Races, Report, count, reports
from claimlab.project.errors import LabBroken
from claimlab.toolchains.needs import PLAIN

pytest_plugins = ["tests.bench_fixtures"]

SOURCE = (RESOURCES / "racy.go").read_bytes()
RECORDED = (RESOURCES / "race.txt").read_text()

Racy = tuple[Bench, Binary]


@pytest.fixture(scope="module", params=EVERY_RELEASE)
def racy(request: pytest.FixtureRequest) -> Iterator[Racy]:
    with bench_at(request, PLAIN | {"race"}) as bench:
        yield bench, build(bench, {"main.go": SOURCE}, "racy", "race")


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(SOURCE.decode().splitlines(), 1) if text in line)


def own(access: Access) -> tuple[str, int]:
    """What an access is, and the line of the program's own that made it."""
    return access.kind, next(call.line for call in access.calls if call.file == "claimlab/racy/main.go")


# On benches


def test_two_writes_are_reported_at_their_line(racy: Racy) -> None:
    found = count(*racy, ["write-write"], runs=5, gomaxprocs=2)
    assert (found.racy, found.quiet, found.runs) == (5, 0, 5)
    assert found.tally.count(exit_code=EXIT_CODE) == 5
    (report,) = found.reports
    wrote = ("write", line_of("the only line that writes"))
    assert [own(report.access), own(report.previous)] == [wrote, wrote]
    assert report.access.calls[0].function == report.previous.calls[0].function == "main.write"
    assert report.access.address == report.previous.address
    assert {report.access.by, report.previous.by} > {"main goroutine"}


def test_a_read_and_a_write_are_told_apart(racy: Racy) -> None:
    found = count(*racy, ["read-write"], runs=5, gomaxprocs=2)
    assert found.racy == 5
    known = {("write", line_of("the only line that writes")), ("read", line_of("the only line that reads"))}
    assert all({own(report.access), own(report.previous)} == known for report in found.reports)


def test_assignments_to_one_map_are_reported_inside_the_runtime(racy: Racy) -> None:
    found = count(*racy, ["map"], runs=5, gomaxprocs=2)
    assert found.racy == 5
    for report in found.reports:
        lines = {own(report.access)[1], own(report.previous)[1]}
        assert lines == {line_of("one assigns"), line_of("the other assigns")}
        assert any(function.startswith("runtime.mapassign") for function in report.functions())


def test_what_a_mutex_orders_is_not_reported(racy: Racy) -> None:
    found = count(*racy, ["locked"], runs=5, gomaxprocs=2)
    assert (found.racy, found.quiet, found.reports) == (0, 5, [])


def test_a_process_that_ends_otherwise_is_neither_racy_nor_quiet(racy: Racy) -> None:
    found = count(*racy, ["ends"], runs=3, gomaxprocs=1)
    assert (found.racy, found.quiet, found.tally.count(exit_code=7)) == (0, 0, 3)


def test_the_settings_reach_the_process_and_can_be_overruled(racy: Racy) -> None:
    found = count(*racy, ["write-write"], runs=2, gomaxprocs=2, env={"GORACE": "exitcode=9"}, marks=["main.write"])
    assert found.tally.env == {"GOMAXPROCS": "2", "GORACE": "exitcode=9"}
    assert (found.racy, found.tally.count(exit_code=9, mark="main.write")) == (2, 2)


def test_a_program_that_is_not_there_breaks_the_lab(racy: Racy) -> None:
    with pytest.raises(LabBroken):
        count(racy[0], Binary("nosuch", ""), runs=1, gomaxprocs=1)


def test_a_report_beyond_what_is_kept_breaks_the_lab(racy: Racy) -> None:
    """Without it nobody could say what raced, and a judge that looks for a function there would not find it."""
    bench, _ = racy
    bench.put({"wordy": f"#!/bin/sh\nseq 100 >&2\necho '{WARNING}' >&2\nexit {EXIT_CODE}\n".encode()})
    with pytest.raises(LabBroken, match="not within what is kept"):
        count(bench, Binary("wordy", ""), runs=1, gomaxprocs=1)


# Recorded reports


def test_recorded_reports_are_read() -> None:
    first, second, third = reports(RECORDED)
    assert first == Report(
        access=Access("read", 0x571450, "main goroutine", [Call("main.main", "claimlab/racy/main.go", 12)]),
        previous=Access(
            "write",
            0x571450,
            "goroutine 6",
            [Call("main.change", "claimlab/racy/main.go", 6), Call("main.main.func1", "claimlab/racy/main.go", 10)],
        ),
    )
    assert second.functions() == {"runtime.mapassign_faststr", "main.main.func1", "main.main.func2"}
    assert [third.access.kind, third.previous.kind] == ["write", "read"]


def test_a_report_reads_down_to_the_programs_own_code() -> None:
    _, second, _ = reports(RECORDED)
    assert str(second) == (
        "write by goroutine 7 in runtime.mapassign_faststr (runtime/map_faststr.go:223)"
        " < main.main.func2 (claimlab/racy/main.go:11)\n"
        "previous write by goroutine 6 in runtime.mapassign_faststr (runtime/map_faststr.go:223)"
        " < main.main.func1 (claimlab/racy/main.go:10)"
    )


def test_a_stack_that_the_detector_lost_is_empty() -> None:
    lost = RECORDED.replace(
        "  main.main()\n      claimlab/racy/main.go:12 +0x139\n", "  [failed to restore the stack]\n"
    )
    report = reports(lost)[0]
    assert report.access.calls == []
    assert str(report).splitlines()[0] == "read by main goroutine"
    assert report.previous.calls


@pytest.mark.parametrize("lines", range(12))
def test_a_report_that_is_cut_off_is_left_out_or_short_but_never_wrong(lines: int) -> None:
    cut = reports("\n".join(RECORDED.splitlines()[:lines]))
    whole = reports(RECORDED)[0]
    assert [report.access for report in cut] in ([], [whole.access])
    assert all(call in whole.previous.calls for report in cut for call in report.previous.calls)


@pytest.mark.parametrize("text", ["", "fatal error: concurrent map writes", f"{WARNING}\n", f"{WARNING}\nWrite at"])
def test_other_output_holds_no_report(text: str) -> None:
    assert reports(text) == []


def test_what_was_seen_survives_the_record() -> None:
    endings = [Ending(3, EXIT_CODE, False, "", [WARNING], RECORDED), Ending(1, 0, False, "", [], "")]
    found = Races(Tally(["./racy"], {}, 4, endings), reports(RECORDED))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Races) == found
    assert (found.racy, found.quiet, found.runs) == (3, 1, 4)
