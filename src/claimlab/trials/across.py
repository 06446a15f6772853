"""Which toolchains are on a bench together."""

from collections.abc import Sequence
from typing import Final

from claimlab.project.errors import BadData, Refused
from claimlab.toolchains.toolchain import Toolchain, one_release

Beside = tuple[Toolchain, ...]
PREVIOUS: Final = "previous"
"""For the release before the trial's own, and for a variant the release itself."""


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
        if given := [one.name for one in (*others, last) if one.godebug]:
            raise Refused(
                f"{given[0]} would give its GODEBUG to the programs of all that are compared.",
                "Ask each by itself.",
            )
        return [(last, tuple(others))]
    if wanted == PREVIOUS:
        return [(one, _before(one, known)) for one in axis]
    base = base_of(wanted, known)
    return [(one, () if one == base else (base,)) for one in axis]


def base_of(wanted: str, known: Sequence[Toolchain]) -> Toolchain:
    """The release that this names; :class:`BadData` if that is none of those known, or several."""
    found = one_release(wanted, known)
    if found is None:
        names = ", ".join(one.name for one in known if not one.variant)
        raise BadData(f"across={wanted!r}", f"it names no single pinned release: say {PREVIOUS}, or one of {names}")
    return found


def refuse_unknown(wanted: str | tuple[str, ...], known: Sequence[Toolchain]) -> None:
    """Where this names a release, there is such a one; :class:`BadData` otherwise."""
    if isinstance(wanted, str) and wanted not in ("", PREVIOUS):
        base_of(wanted, known)


def _before(one: Toolchain, known: Sequence[Toolchain]) -> Beside:
    """The release itself for its variant; the newest older release for a release."""
    if one.variant:
        return tuple(other for other in known if other.release == one.release and not other.variant)
    older = [other for other in known if not other.variant and other.order < one.order]
    return tuple(sorted(older, key=lambda other: other.order)[-1:])
