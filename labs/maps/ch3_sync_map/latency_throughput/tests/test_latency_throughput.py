"""The judge of latency-throughput on a recorded observation with one thing changed, and the script's arithmetic."""

import json
import subprocess
import sys
from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SCRIPT = LAB.folder.path / "recompute.py"


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def with_rows(seen: Any, **changes: float) -> Any:
    """Both rows of the table changed so."""
    rows = {name: row if "tenfold" in name else change(row, **changes) for name, row in seen.rows.items()}
    return change(seen, rows=rows)


@pytest.mark.parametrize(
    ("least", "most", "outcome"),
    [(0.9, 1.1, Outcome.HOLDS), (0.5, 0.6, Outcome.HOLDS), (0.4, 0.6, Outcome.UNCLEAR), (0.1, 0.49, Outcome.FAILS)],
)
def test_half_an_operation_at_a_time_decides(seen: Any, least: float, most: float, outcome: Outcome) -> None:
    assert LAB.ruling("3.2-d/3", with_rows(seen, least=least, most=most)).outcome is outcome


def test_one_row_that_does_not_fit_is_enough(seen: Any) -> None:
    rows = {**with_rows(seen, least=1.0, most=1.0).rows, "one line": seen.rows["one line"]}
    assert LAB.ruling("3.2-d/3", change(seen, rows=rows)).outcome is Outcome.FAILS


def test_tenfold_figures_that_did_not_fit_would_break_the_judge(seen: Any) -> None:
    rows = {name: change(row, least=0.0, most=0.1) for name, row in seen.rows.items()}
    assert LAB.ruling("3.2-d/3", change(seen, rows=rows)).outcome is Outcome.BROKEN


def test_the_finding_tells_what_one_thread_could_do(seen: Any) -> None:
    because = LAB.ruling("3.2-d/3", seen).finding.because
    assert "one thread alone could do 122.0 M/s" in because
    assert "one thread alone could do 20.9 M/s" in because


def test_the_script_rounds_neither_way() -> None:
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, json.dumps({"a": ["10", "100"], "b": ["2.5", "400"]})],
        capture_output=True,
        check=True,
        text=True,
    )
    rows = json.loads(done.stdout)
    assert rows["a"]["in_progress"] == 1.0
    assert rows["a"]["least"] == pytest.approx(9.5e-9 * 99.5e6)
    assert rows["a"]["most"] == pytest.approx(10.5e-9 * 100.5e6)
    assert rows["a"]["one_thread_millions"] == 100.0
    assert rows["b"]["least"] == pytest.approx(2.45e-9 * 399.5e6)
