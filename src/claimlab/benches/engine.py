"""What gives out benches."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from claimlab.benches.bench import Bench
from claimlab.project.errors import LabBroken
from claimlab.toolchains.needs import PLAIN, Needs, Wanted
from claimlab.toolchains.toolchain import Release, Toolchain

EngineName = str
Say = Callable[[str], None]


def not_prepared(toolchain: Toolchain) -> LabBroken:
    """No bench can be opened for it: what was prepared is another Go of that name, or was taken away."""
    return LabBroken(
        f"nothing is prepared for Go {toolchain} as it is now: it changed after the run had begun, measure again"
    )


class Engine(Protocol):
    """Gives out benches for toolchains that it has prepared.

    A project may have one of its own, named in its settings by what makes it: a callable that takes the project.
    """

    name: EngineName

    def identity(self, release: Release) -> str:
        """The hash of everything but the lab that a trial of this release runs in; empty before it is prepared.

        What is compiled beforehand is no part of it: a cache changes nothing that is seen.
        """

    def facts(self, toolchain: Toolchain, needs: Needs = PLAIN) -> dict[str, str]:
        """What provenance says of the place where such a bench opened last: gdb's version, and the image's id where
        there is one."""

    def check(self) -> None:
        """Nothing the engine needs is missing; :class:`EnvironmentMissing` otherwise."""

    def prepare(self, wanted: Iterable[Wanted], say: Say) -> None:
        """Benches for these toolchains open without further work, and have compiled what they need.

        Whoever else prepares the same meanwhile waits for it; other toolchains are prepared beside it. With none the
        engine has what is common to all, and knows its :meth:`identity`, if that is made of something.
        """

    def lacks(self, wanted: Iterable[Wanted]) -> list[Release]:
        """The releases that have to be fetched before it can prepare these."""

    def open(self, toolchain: Toolchain, life_s: float, needs: Needs = PLAIN) -> AbstractContextManager[Bench]:
        """A fresh bench that has at least these compiled. It ends with the context, or after `life_s`."""

    def sweep(self) -> int:
        """Nothing that this run started is left; the count of what was."""

    def close(self) -> None:
        """No connection is held open."""
