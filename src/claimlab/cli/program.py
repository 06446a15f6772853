"""`./inv` itself: invoke, which also says what to do where a command cannot be understood."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.metadata import version
from typing import Final

import invoke
from invoke.exceptions import Exit, ParseError
from invoke.parser.context import ParserContext
from invoke.program import Program

from claimlab.project.errors import EXIT_REFUSED, ClaimlabError

WELCOME: Final = """\
Usage: ./inv TASK [options] [TASK [options] ...]

  ./inv --list                          every task, and every lab with its question
  ./inv --help lab.gdb-panic            what a task does, its options, examples
  ./inv lab.gdb-panic                   run a lab on every toolchain, print the verdicts
  ./inv lab.gdb-panic --go 1.24         on some toolchains
  ./inv verdicts                        every claim of the article with its verdict
  ./inv docs                            all of it as pages
  ./inv lab.new map-growth --chapter 2  make a lab of your own
  ./inv doctor                          what this machine has, and what it lacks

Exit codes: 0 as expected, 1 an outcome differs or a lab is broken, 2 the environment is missing something, or the
command cannot be carried out as it was given.
"""
_LACKS: Final = re.compile(r"'.*' did not receive required positional arguments: '(.*)'")
_EMPTY: Final = re.compile(r"Flag <Argument: ([\w-]+).*> needed value and was not given one!")
_UNKNOWN: Final = re.compile(r"No idea what '(.*)' is!")


class Launcher(Program):
    """invoke with other words for the same things, and with exit code 2 for what it cannot understand."""

    def load_collection(self) -> None:
        """A fault in the project's data is told in one sentence: no task can be listed then."""
        try:
            super().load_collection()
        except ClaimlabError as error:
            raise Exit(f"{error}\nThe tasks cannot be listed until this is mended.", 1) from None

    def parse_tasks(self) -> None:
        with self._explained():
            super().parse_tasks()
        _check_values(self.core.unparsed, self.parser.contexts.values())

    def parse_cleanup(self) -> None:
        with self._explained():
            super().parse_cleanup()

    def print_version(self) -> None:
        print(f"claimlab {version('claimlab')} (invoke {invoke.__version__})")

    def print_help(self) -> None:
        print(WELCOME)
        print("Core options:\n")
        self.print_columns(self.initial_context.help_tuples())

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ParseError as error:
            task = error.context.name if error.context else None
            raise Exit(explained(str(error), task, self.parser.contexts), EXIT_REFUSED) from None
        except ValueError as error:  # from int(): its message ends with what was given
            given = str(error).rpartition(": ")[2]
            raise Exit(f"An option that wants a number was given {given}. {_see('TASK')}", EXIT_REFUSED) from None


def explained(complaint: str, task: str | None, tasks: Iterable[str]) -> str:
    """What invoke complains of, and what to do about it."""
    if lacking := _LACKS.fullmatch(complaint):
        return f"{task} wants a {lacking[1]}. " + _see(task)
    if empty := _EMPTY.fullmatch(complaint):
        return f"--{empty[1]} of {task} wants a value. " + _see(task)
    unknown = _UNKNOWN.fullmatch(complaint)
    if unknown is None:
        return f"{complaint.rstrip('!.')}. " + _see(task)
    word = unknown[1]
    if word.startswith("-"):
        return f"{task or './inv'} has no option {word}. " + _see(task)
    if near := alike(word, tasks):
        return f"There is no task {word}. Did you mean {' or '.join(near)}?"
    return f"There is no task {word}. ./inv --list shows all there are."


def _check_values(words: Sequence[str], tasks: Iterable[ParserContext]) -> None:
    """A repeatable option without a value is refused: invoke takes it for none given, and lab.all would run on all."""
    repeatable = {flag for task in tasks for flag, argument in task.flags.items() if argument.kind is list}
    for word, following in zip(words, [*words, "-"][1:], strict=True):
        if word in repeatable and following.startswith("-"):
            raise Exit(f"{word} wants a value, such as {word} 1.24. ./inv toolchains.list shows them.", EXIT_REFUSED)


def alike(word: str, tasks: Iterable[str]) -> list[str]:
    """The tasks whose name is nearly that, or ends so: who forgets ``lab.`` is understood."""
    names = sorted(tasks)
    ends = [name for name in names if name.rpartition(".")[2] == word.rpartition(".")[2]]
    return (
        ends
        or get_close_matches(word, names, n=3, cutoff=0.7)
        or get_close_matches(f"lab.{word}", names, n=3, cutoff=0.7)
    )


def _see(task: str | None) -> str:
    return f"./inv --help {task} shows its options." if task else "./inv --help shows the options."


program: Final = Launcher(name="claimlab", binary="./inv", binary_names=["inv"])
