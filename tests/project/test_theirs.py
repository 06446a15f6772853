"""An author's code comes to an end, and ends nothing but itself."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from claimlab.project.errors import BadData
from claimlab.project.theirs import TheirFault, bounded, theirs

HERE = Path(__file__).parent


def for_ever() -> None:
    while True:
        time.sleep(0.01)


def for_ever_and_deaf() -> None:
    """It catches whatever interrupts it, once."""
    try:
        for_ever()
    except BaseException:  # noqa: BLE001
        for_ever()


def divide() -> None:
    _ = 1 / 0


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (lambda: sys.exit(0), r"it tried to end the whole process: SystemExit\(0\) \(test_theirs\.py:\d+\)"),
        (lambda: os._exit(0), r"it tried to end the whole process: _Ended\('os\._exit\(0\)'\) \(test_theirs\.py:\d+\)"),
        (for_ever, r"it did not come to an end within 0\.2 s \(test_theirs\.py:\d+\)"),
        (for_ever_and_deaf, r"it did not come to an end within 0\.2 s"),
    ],
    ids=["exit", "_exit", "for ever", "for ever and deaf"],
)
@pytest.mark.parametrize("guard", [bounded, theirs])
def test_who_does_not_come_back_is_named_with_the_line(guard: Callable[..., object], code: object, says: str) -> None:
    with pytest.raises(TheirFault, match=rf"^{says}"), guard("it", 0.2, HERE):  # type: ignore[attr-defined]
        code()  # type: ignore[operator]
    assert os._exit.__module__ == "posix"


def test_every_other_exception_is_told_with_the_line() -> None:
    says = r"^it raised ZeroDivisionError\(.*\) \(test_theirs\.py:\d+\)"
    with pytest.raises(TheirFault, match=says), theirs("it", 5, HERE):
        divide()
    with pytest.raises(ZeroDivisionError), bounded("it", 5, HERE):
        divide()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), BadData("a", "b")], ids=repr)
def test_what_is_meant_for_us_goes_through(error: BaseException) -> None:
    with pytest.raises(type(error)), theirs("it", 5, HERE):
        raise error


def test_what_cannot_be_read_is_named_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(TheirFault, match=r"^it cannot be read: .* \(judges\.py:2\)$"), theirs("it", 5, tmp_path):
        compile("x = 1\ny = (\n", str(tmp_path / "judges.py"), "exec")


def test_a_limit_that_runs_already_goes_on() -> None:
    """Such as pytest-timeout's: it is nearly as before, and not gone."""
    before = signal.setitimer(signal.ITIMER_REAL, 500)
    try:
        with theirs("it", 5, HERE):
            assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 5
        assert 490 < signal.getitimer(signal.ITIMER_REAL)[0] <= 500
        signal.setitimer(signal.ITIMER_REAL, 3)
        with theirs("it", 5, HERE):
            assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 3, "the shorter limit is the one that counts"
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
