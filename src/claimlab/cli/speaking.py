"""How commands speak: progress goes to standard error; what is missing or refused is a sentence, and exit code 2."""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from invoke.exceptions import Exit

from claimlab.project.errors import EXIT_ENVIRONMENT, EXIT_REFUSED, ClaimlabError, EnvironmentMissing, Refused, Stopped

P = ParamSpec("P")
R = TypeVar("R")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def or_exit(body: Callable[P, R]) -> Callable[P, R]:
    """The body's errors end the command with a message and the exit code that belongs to them."""

    @functools.wraps(body)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return body(*args, **kwargs)
        except EnvironmentMissing as missing:
            raise Exit(str(missing), EXIT_ENVIRONMENT) from None
        except Refused as refused:
            raise Exit(str(refused), EXIT_REFUSED) from None
        except Stopped as stopped:
            raise Exit(stopped.words, stopped.exit_code) from None
        except ClaimlabError as error:
            raise Exit(str(error), 1) from None

    return guarded
