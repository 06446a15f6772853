"""What the judges read out of a gdb session."""

from claimlab import Frame, RunSeen, Stop

from .lab import DEATHS

MESSAGE = "concurrent map writes"


def as_text(frames: list[Frame]) -> str:
    return "\n".join(f"#{depth} {frame.function} at {frame.file}:{frame.line}" for depth, frame in enumerate(frames))


def last(run: RunSeen) -> Stop | None:
    return run.stops[-1] if run.stops else None


def died(run: RunSeen) -> bool:
    return bool(run.stops) and run.stops[-1].at in DEATHS
