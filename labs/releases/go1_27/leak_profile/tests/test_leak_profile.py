"""The judge of leak-profile, on a profile that lacks some of what was left behind."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_a_profile_that_lacks_some_leaves_it_unclear() -> None:
    seen = LAB.seen("1.27.3")
    first, *others = seen.profiles
    less = change(seen, profiles=[change(first, Total="goroutineleak profile: total 4"), *others])
    assert LAB.ruling("1.27-h", less).outcome is Outcome.UNCLEAR
