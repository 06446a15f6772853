"""Which toolchains are on a bench together."""

from collections.abc import Sequence

from claimlab.project.errors import BadData
from claimlab.toolchains.toolchain import Toolchain, one_release

Beside = tuple[Toolchain, ...]


def across(
    wanted: str | tuple[str, ...], axis: Sequence[Toolchain], known: Sequence[Toolchain]
) -> list[tuple[Toolchain, Beside]]:
    """Each toolchain of the axis with those that its trial has beside it, of all `known`.

    Nothing is beside the one that the others are compared with, and beside the oldest where that is the one before.
    `wanted` is as :attr:`claimlab.trials.lab.Lab.across` has it.
    """
    if not wanted:
        return [(one, ()) for one in axis]
    if not isinstance(wanted, str):
        by_name = {one.name: one for one in (*known, *axis)}
        *others, last = (by_name[name] for name in wanted)
        return [(last, tuple(others))]
    if wanted == "previous":
        return [(one, _before(one, known)) for one in axis]
    base = one_release(wanted, known)
    if base is None:
        raise BadData(f"across={wanted!r}", "it has to name one release that is pinned")
    return [(one, () if one == base else (base,)) for one in axis]


def _before(one: Toolchain, known: Sequence[Toolchain]) -> Beside:
    """The release itself for its variant; the newest older release for a release."""
    if one.experiment:
        return tuple(other for other in known if other.release == one.release and not other.experiment)
    older = [other for other in known if not other.experiment and other.order < one.order]
    return tuple(sorted(older, key=lambda other: other.order)[-1:])
