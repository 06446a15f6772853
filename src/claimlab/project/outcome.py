"""Outcomes of one claim on one toolchain: what claims data may expect, and what judges find."""

from enum import StrEnum


class Outcome(StrEnum):
    """What one trial says of one claim."""

    HOLDS = "holds"
    """The claim is true there."""
    FAILS = "fails"
    """The claim is false there."""
    UNCLEAR = "unclear"
    """The evidence does not suffice."""
    VOID = "void"
    """What the claim is about does not exist in this toolchain."""
    BROKEN = "broken"
    """The lab failed, or its judge failed on its own control."""
    MISSING = "missing"
    """Nothing has been measured, or something that goes into the measurement has changed since."""
