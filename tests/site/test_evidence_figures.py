"""Measured times and ratios on pages: tables, every sample, and drawings that say no more than these."""

import pytest
from tests.shown_html import cells, listings, parsed, present

from claimlab.instruments.ratios import Ratio
from claimlab.instruments.timing import Arm, Sample, Timing
from claimlab.site.evidence.plots import Points, scale_of, strips


def test_samples_are_points_and_those_of_other_rounds_crosses() -> None:
    arm = Arm("BenchmarkLoad", 2, "100x")
    rounds = [{"load": Sample(100, {"ns/op": 10.0 + number}, 1.0, 1.0, 0, number != 2)} for number in range(5)]
    shown = present(Timing, go1_27_3=Timing({"load": arm}, 2, rounds))
    (drawing,) = map(str, parsed(shown).find_all("svg"))
    assert drawing.count("h0") == 4
    assert drawing.count("l4 4") == 1
    assert cells(shown, 0)[1] == ["load: ns/op", "12.00"]
    assert cells(shown, 1)[1][-3:] == ["12.00", "10.00", "14.00"]
    assert listings(shown) == ["load: ns/op: 10  11  12*  13  14"]


def test_timings_without_a_clean_round_say_so() -> None:
    sample = Sample(100, {"ns/op": 10.0}, 1.0, 1.0, 0, False)
    timing = Timing({"load": Arm("BenchmarkLoad", 2, "100x")}, 2, [{"load": sample}])
    shown = present(Timing, go1_27_3=timing)
    assert cells(shown)[1] == ["load: ns/op", "no clean round"]


def test_a_ratio_is_shown_with_its_interval_or_without() -> None:
    enough, few = Ratio(2.0, 1.5, 2.5, 15, 40.0, 20.0), Ratio(2.0, None, None, 3, 40.0, 20.0)
    shown = present(Ratio, go1_26_6={"r": enough}, go1_27_3={"r": few})
    assert cells(shown)[1:] == [
        ["1.26.6", "2.000", "1.500 – 2.500", "15", "40.00", "20.00"],
        ["1.27.3", "2.000", "none: too few rounds", "3", "40.00", "20.00"],
    ]


@pytest.mark.parametrize(
    ("values", "ends", "ticks"),
    [
        ([3.0, 9.0], (0, 10), 6),
        ([0.98, 1.02], (0, 1.25), 6),
        ([1.0, 99.0], (1, 100), 3),
        ([0.0], (0, 1), 6),
    ],
)
def test_every_value_lies_on_its_scale(values: list[float], ends: tuple[float, float], ticks: int) -> None:
    scale = scale_of(values)
    assert (scale.low, scale.high) == pytest.approx(ends)
    assert len(scale.ticks()) == ticks
    assert all(scale.low <= value <= scale.high for value in values)


def test_a_drawing_escapes_what_it_writes() -> None:
    drawn = strips([Points('<a>"', [1.0])], "ns & op", scale_of([1.0]), '"x" <y>')
    assert "<a>" not in drawn and "&lt;a&gt;" in drawn
    assert 'aria-label="&#34;x&#34; &lt;y&gt;"' in drawn
    assert "ns &amp; op" in drawn
