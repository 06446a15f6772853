"""How commands speak: progress goes to standard error; what is missing or refused is a sentence, and exit code 2."""

import functools
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from invoke.context import Context
from invoke.exceptions import Exit

from claimlab.project.errors import EXIT_ENVIRONMENT, EXIT_REFUSED, ClaimlabError, EnvironmentMissing, Refused, Stopped
from claimlab.project.project import Project, found, load, spelled

ROOT: Final = "root"
"""The key under which the tasks' configuration has the project's folder."""
ENGINE_HELP: Final = (
    "docker, local, auto (docker where a daemon answers) or the project's own; default: what the project says"
)
P = ParamSpec("P")
R = TypeVar("R")


def project_of(c: Context) -> Project:
    """The project that the tasks were made for; :class:`EnvironmentMissing` where there is none."""
    root = c.config["claimlab"][ROOT]
    return _loaded(Path(root)) if root else found(Path())


@cache
def _loaded(root: Path) -> Project:
    return load(root)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def or_exit(body: Callable[Concatenate[Context, P], R]) -> Callable[Concatenate[Context, P], R]:
    """The body's errors end the command with a message and the exit code that belongs to them."""

    @functools.wraps(body)
    def guarded(c: Context, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return body(c, *args, **kwargs)
        except EnvironmentMissing as missing:
            raise _exit(c, str(missing), EXIT_ENVIRONMENT) from None
        except Refused as refused:
            raise _exit(c, str(refused), EXIT_REFUSED) from None
        except Stopped as stopped:
            raise _exit(c, stopped.words, stopped.exit_code) from None
        except ClaimlabError as error:
            raise _exit(c, str(error), 1) from None

    return cast("Callable[Concatenate[Context, P], R]", guarded)  # invoke gives the context by place


def _exit(c: Context, words: str, code: int) -> Exit:
    return Exit(as_typed(c, words), code)


def as_typed(c: Context, words: str) -> str:
    """The words, with commands as the project's people type them."""
    root: Any = c.config["claimlab"][ROOT]
    return spelled(words, _loaded(Path(root)).command) if root else words
