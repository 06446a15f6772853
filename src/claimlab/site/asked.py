"""The toolchains that the pages speak of, for whatever puts their names into few words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from claimlab.toolchains.toolchain import Toolchain

_ASKED: Final[ContextVar[tuple[Toolchain, ...]]] = ContextVar("asked")


def speak_of(toolchains: Sequence[Toolchain]) -> None:
    """Until told otherwise, these are all toolchains there are for words such as "1.21 – 1.23" and "every release".

    It is a context variable because it is needed where single words are made, as Sphinx's catalogues are, which are
    told apart the same way: one build has one of both.
    """
    _ASKED.set(tuple(toolchains))


@contextmanager
def speaking_of(toolchains: Sequence[Toolchain]) -> Iterator[None]:
    """Within it, these are."""
    before = _ASKED.set(tuple(toolchains))
    try:
        yield
    finally:
        _ASKED.reset(before)


def asked() -> tuple[Toolchain, ...]:
    """Oldest first, each release followed by its variants."""
    return _ASKED.get()
