"""Values: what a figure is, which a lab names, and that only the current record gives any."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.ours import OUR

from claimlab.benches.engine import Engine
from claimlab.project.errors import BadData, ClaimlabError
from claimlab.project.outcome import Outcome
from claimlab.questions.labs import all_labs
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, Record, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.kept_observations import Kept
from claimlab.verdicts.value import Value
from claimlab.verdicts.values import names_of, names_values, valued, values_in

PROVENANCE = Provenance("2026-11-24T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")
NAMES = """from claimlab import Value


def values(seen):
    return {"number": Value(seen.number, "B"), "half": Value(seen.number / 2)}
"""


def put(record: Record, trial: Trial, number: int) -> None:
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    record.put(observation_of(*where, trial.inputs, PROVENANCE, trial.lab.lab.seen_type(number)), trial.address)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


@pytest.fixture
def trial(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(**{"values.py": NAMES}), toolchains[0], make_engine())


# A figure


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Value(41120, "B"), "41120 B"),
        (Value(0.98846, low=0.9679, high=0.9985), "0.9885 [0.9679, 0.9985]"),
        (Value(12.5, "ns/op", 12, 13.25), "12.5 [12, 13.25] ns/op"),
        (Value(1234567.25), "1234567"),
        (Value(0.123456), "0.1235"),
    ],
)
def test_a_value_is_told_with_its_unit_and_its_interval(value: Value, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (Value(8, "B"), Value(8, "B"), True),
        (Value(8, "B"), Value(9, "B"), False),
        (Value(8, "B"), Value(8, "bits"), False),
        (Value(1.0, low=0.9, high=1.1), Value(1.2, low=1.1, high=1.3), True),
        (Value(1.0, low=0.9, high=1.1), Value(1.2, low=1.11, high=1.3), False),
        (Value(1.0, low=0.9, high=1.1), Value(1.05), True),
        (Value(1.0, low=0.9, high=1.1), Value(1.15), False),
    ],
)
def test_values_agree_if_their_intervals_have_something_in_common(one: Value, other: Value, agree: bool) -> None:
    assert (one.agrees(other), other.agrees(one)) == (agree, agree)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_value_is_finite(number: float) -> None:
    with pytest.raises(ValueError, match="it has to be finite"):
        Value(number)
    with pytest.raises(ValueError, match="it has to be finite"):
        Value(1, low=0, high=number)


@pytest.mark.parametrize(
    ("bounds", "says"),
    [
        ({"low": 0.5}, "half an interval"),
        ({"high": 2.0}, "half an interval"),
        ({"low": 2.0, "high": 3.0}, "does not lie in its interval, 2.0 to 3.0"),
        ({"low": 2.0, "high": 0.5}, "does not lie in its interval"),
    ],
)
def test_a_value_lies_in_its_interval(bounds: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Value(1.0, **bounds)


# Who names it


def test_a_lab_names_its_figures_in_values_py(trial: Trial) -> None:
    seen = trial.lab.lab.seen_type(3)
    assert values_in(trial.lab, seen) == {"number": Value(3, "B"), "half": Value(1.5)}


def test_a_figure_more_measures_nothing_again(trial: Trial) -> None:
    path = trial.lab.path / "values.py"
    path.write_text(NAMES + "# more\n")
    assert Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine).address == trial.address
    path.unlink()
    assert Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine).address == trial.address


def test_a_lab_without_figures_says_so(make_lab: Callable[..., LabFolder]) -> None:
    lab = make_lab()
    assert not names_values(lab)
    with pytest.raises(BadData, match="toy names no values"):
        names_of(lab)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("values = {}", "there is no function `values` that takes what was seen"),
        ("def values(seen): return 3", "`values` gives a dict of Value by name, not 3"),
        ("def values(seen): return {'n': 3}", "not {'n': 3}"),
        ("def values(seen): return seen.nothing", "has no attribute 'nothing'"),
        ("def values(seen): raise SystemExit(0)", "tried to end the whole process"),
        ("def values(seen: return", "invalid syntax|was never closed"),
    ],
)
def test_what_names_no_figures_is_told(make_lab: Callable[..., LabFolder], text: str, says: str) -> None:
    lab = make_lab(**{"values.py": text})
    with pytest.raises(ClaimlabError, match=says):
        values_in(lab, lab.lab.seen_type(3))


KEPT = [(lab, toolchain) for lab in all_labs(OUR) if names_values(lab) for toolchain in Kept(lab).toolchains]


@pytest.mark.parametrize(("lab", "toolchain"), KEPT, ids=lambda one: one if isinstance(one, str) else one.name)
def test_our_labs_name_figures_in_all_that_is_kept(lab: LabFolder, toolchain: str) -> None:
    assert len(values_in(lab, Kept(lab).seen(toolchain))) > 1


def test_three_of_our_labs_have_figures() -> None:
    assert {lab.name for lab, _ in KEPT} >= {"bucket-layout", "map-gc-scan", "sync-map-load-cost"}
    seen = {(lab.name, name): values_in(lab, Kept(lab).seen(name)) for lab, name in KEPT}
    assert seen["bucket-layout", "1.23.9"]["map[int64]int64"] == Value(8 + 8 * 8 + 8 * 8 + 8, "B")
    assert seen["bucket-layout", "1.27.3"]["map[int64]int64"] == Value(8 + 8 * 16, "B")
    assert seen["map-gc-scan", "1.27.3"]["intToInt: memory an entry"].number < 16 * 8 / 5


# From the record as it is


def test_only_what_was_measured_as_things_are_has_figures(record: Record, trial: Trial) -> None:
    assert valued(trial, record).absent is not None
    put(record, trial, 3)
    found = valued(trial, record)
    assert (found.values["number"], found.absent) == (Value(3, "B"), None)
    assert found.observation == trial.recorded(record)
    shutil.copy2(trial.lab.path / "main.go", trial.lab.path / "more.go")
    edited = valued(Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine), record)
    assert edited.values == {}
    assert edited.absent is not None
    assert edited.absent.outcome is Outcome.MISSING
    assert edited.absent.because.startswith("stale")


def test_figures_that_cannot_be_named_are_broken(record: Record, trial: Trial) -> None:
    put(record, trial, 3)
    (trial.lab.path / "values.py").write_text("def values(seen): return 1 / 0")
    found = valued(Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine), record)
    assert found.values == {}
    assert found.absent is not None
    assert (found.absent.outcome, "division by zero" in found.absent.because) == (Outcome.BROKEN, True)
