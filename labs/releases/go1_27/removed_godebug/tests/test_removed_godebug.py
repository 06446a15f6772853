"""The judges of removed-godebug, on answers that nobody gave."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_processes_that_are_ended_are_told() -> None:
    assert "more were ended by the runtime" in LAB.ruling("1.27-b", LAB.seen("1.27.3")).finding.because


def test_a_process_that_ends_for_another_reason_leaves_it_unclear() -> None:
    seen = LAB.seen("1.27.3")
    killed = change(seen.runs[0], exit_code=137, stdout="")
    assert LAB.ruling("1.27-b", change(seen, runs=[killed, *seen.runs[1:]])).outcome is Outcome.UNCLEAR


def test_a_last_default_that_is_refused_is_enough_to_fail() -> None:
    seen = LAB.seen("1.27.3")
    one = next(built for built in seen.built if (built.place, built.setting) == ("go.mod", "asynctimerchan=0"))
    built = [change(one, refused="no") if other is one else other for other in seen.built]
    assert LAB.ruling("1.27-c", change(seen, built=built)).outcome is Outcome.FAILS
