"""The judge of stack-slots on observations that real trials recorded, and on these with one thing changed."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def test_frames_as_without_sharing_would_fail() -> None:
    seen = LAB.seen(NEW)
    assert seen.without["indexed"] > seen.frames["indexed"]
    assert LAB.ruling("1.23-c", change(seen, frames=seen.without)).outcome is Outcome.FAILS


def test_a_frame_that_is_too_small_for_what_is_in_use_breaks_the_judge() -> None:
    seen = LAB.seen(NEW)
    assert LAB.ruling("1.23-c", change(seen, frames={**seen.frames, "together": 1100})).outcome is Outcome.BROKEN
