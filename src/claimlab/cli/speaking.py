"""How commands speak: progress goes to standard error; what is missing or refused is a sentence, and exit code 2."""

import functools
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar, cast

import msgspec
from invoke.context import Context
from invoke.exceptions import Exit

from claimlab.project.errors import (
    EXIT_ENVIRONMENT,
    EXIT_REFUSED,
    ClaimlabError,
    EnvironmentMissing,
    Refused,
    Stopped,
)
from claimlab.project.project import Project, found, load, spelled
from claimlab.project.visible import visible
from claimlab.running import signals

ROOT: Final = "root"
"""The key under which the tasks' configuration has the project's folder."""
ENGINE_HELP: Final = (
    "docker, local, auto (docker where a daemon answers) or the project's own; default: what the project says"
)
CLUSTER_HELP: Final = (
    "measure on the hosts of a cluster: tcp://host:8786, tls://host:8786, or local:2 to start two workers here"
)
ON_HELP: Final = "the host, where it matters (timings): cpu=EPYC, cores=8, machine=, kernel=, name=; repeatable"
_LOADED: Final[dict[str, Project]] = {}
"""By their folders: those that tasks were made for."""
P = ParamSpec("P")
R = TypeVar("R")


def project_of(c: Context) -> Project:
    """The project that the tasks were made for; :class:`EnvironmentMissing` where there is none."""
    root = c.config["claimlab"][ROOT]
    return _LOADED.get(root) or load(Path(root)) if root else found(Path())


def remember(project: Project) -> None:
    """Its tasks ask for it in a moment: what of it has been read is not read twice."""
    _LOADED[str(project.root)] = project


def say(text: str) -> None:
    print(visible(text), file=sys.stderr, flush=True)


def print_data(text: str) -> None:
    """JSON is printed as UTF-8, whatever the locale (RFC 8259, section 8.1)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text)


def print_json(data: object) -> None:
    print_data(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def speak_anywhere() -> None:
    """What a terminal's encoding lacks is printed as an escape. A locale never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
        except KeyboardInterrupt as interrupt:
            raise _exit(c, "interrupted", signals.code_of(interrupt)) from None
        except BrokenPipeError:
            raise  # the launcher's: whoever read what we print has gone
        except OSError as error:
            raise _exit(c, in_words(error), EXIT_ENVIRONMENT) from None

    return cast("Callable[Concatenate[Context, P], R]", guarded)  # invoke gives the context by place


def in_words(error: OSError) -> str:
    """What this machine refused, and for which file."""
    why = error.strerror or str(error)
    if error.filename is None:
        return f"This machine refused it: {why}."
    return f"{error.filename}: {why}. Make it so that you can read and write there, with some room."


def _exit(c: Context, words: str, code: int) -> Exit:
    return Exit(visible(as_typed(c, words)), code)


def as_typed(c: Context, words: str) -> str:
    """The words, with commands as the project's people type them."""
    return spelled(words, project_of(c).command) if c.config["claimlab"][ROOT] else words
