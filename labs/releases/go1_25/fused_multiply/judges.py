"""What follows from what fused-multiply saw: the claim 1.25-m."""

from collections.abc import Mapping

from claimlab import Control, Finding, Judges, Outcome, decided

from .lab import Seen

judges = Judges()

ADDS = ("add64", "add32")
SUBTRACTS = ("subtract64", "subtractFrom64")


def of(seen: Seen, level: str, *functions: str) -> dict[str, list[str]]:
    return {name: seen.fused[level][name] for name in functions}


@judges.of(
    "1.25-m",
    sees=lambda seen: of(seen, "v3", *ADDS, *SUBTRACTS),
    control=(
        Control("GOAMD64=v1, whose processors cannot", lambda seen: of(seen, "v1", *ADDS), Outcome.FAILS),
        Control("a product that is converted first", lambda seen: of(seen, "v3", "rounded64"), Outcome.FAILS),
    ),
)
def is_joined(fused: Mapping[str, list[str]]) -> Finding:
    """With GOAMD64=v3 `x*y + z` has a fused instruction, in float64 as in float32.

    Subtractions are told beside it.
    """
    said = "; ".join(f"{name}: {', '.join(found) or 'none'}" for name, found in fused.items())
    adds = [found for name, found in fused.items() if name not in SUBTRACTS]
    return decided(all(adds), f"fused instructions in {said}")
