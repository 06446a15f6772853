"""`./inv` itself: invoke, which also says what to do where a command cannot be understood."""

import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final

import invoke
from invoke.exceptions import Exit, ParseError
from invoke.parser.context import ParserContext
from invoke.program import Program

from claimlab.cli import tasks_of
from claimlab.cli.speaking import in_words
from claimlab.project.errors import EXIT_ENVIRONMENT, EXIT_REFUSED, ClaimlabError
from claimlab.project.project import Project, find, spelled
from claimlab.project.visible import visible

WELCOME: Final = """\
Usage: claimlab TASK [options] [TASK [options] ...]

  claimlab --list                          every task, and every lab with its question
  claimlab --help lab.gdb-panic            what a task does, its options, examples
  claimlab lab.gdb-panic                   run a lab on every toolchain, print the verdicts
  claimlab lab.gdb-panic --go 1.24         on some toolchains
  claimlab verdicts                        every claim of the article with its verdict
  claimlab compare 1.23 1.26               what changes from one release to another
  claimlab docs                            all of it as pages
  claimlab lab.new map-growth --chapter 2  make a lab of your own
  claimlab new my-checks                   make a project of your own
  claimlab doctor                          what this machine has, and what it lacks

Exit codes: 0 as expected, 1 an outcome differs or a lab is broken, 2 the environment is missing something, or the
command cannot be carried out as it was given.
"""
_LACKS: Final = re.compile(r"'.*' did not receive required positional arguments: '(.*)'")
_EMPTY: Final = re.compile(r"Flag <Argument: ([\w-]+).*> needed value and was not given one!")
_UNKNOWN: Final = re.compile(r"No idea what '(.*)' is!", re.DOTALL)
_HELP: Final = ("-h", "--help")
_NO_BYTECODE: Final = sys.dont_write_bytecode
"""What Python was told, before invoke has a say in it."""
FORMATS: Final = ("flat", "nested", "json")
"""In which tasks can be listed."""


def _import_tasks() -> None:
    """claimlab's own modules are imported, and compiled once as anybody's are. invoke wants no bytecode
    (``--write-pyc``), which is right for a project's tasks.py, but would compile all of claimlab at every start."""
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, _NO_BYTECODE
    try:
        tasks_of(None)
    finally:
        sys.dont_write_bytecode = kept


class Launcher(Program):
    """invoke with other words for the same things, and with exit code 2 for what it cannot understand."""

    @cached_property
    def project(self) -> Project | None:
        """The one that the working directory lies in, or the folder that --search-root names."""
        return find(Path(self.args["search-root"].value or "."))

    @property
    def command(self) -> str:
        """How claimlab is called here. Whoever cannot read the project's settings may still read the help."""
        if not hasattr(self, "core"):  # what is wrong are the options before any task, --search-root among them
            return "claimlab"
        try:
            return self.project.command if self.project else "claimlab"
        except ClaimlabError:
            return "claimlab"

    def load_collection(self) -> None:
        """The tasks of the project's own tasks.py if it has one, or else claimlab's, for the project or for none.

        A fault in the project's data is told in one sentence: no task can be listed then.
        """
        _import_tasks()
        try:
            if self.project and (self.project.root / "tasks.py").is_file():
                self.args["search-root"].value = str(self.project.root)
                super().load_collection()
            else:
                self.collection = tasks_of(self.project)
        except ClaimlabError as error:
            raise Exit(visible(f"{error}\nThe tasks cannot be listed until this is mended."), 1) from None
        except OSError as error:
            raise Exit(in_words(error), EXIT_ENVIRONMENT) from None
        self._binary = self.command

    def parse_core(self, argv: list[str] | None) -> None:
        with self._explained():
            super().parse_core(argv)

    def list_tasks(self) -> None:
        if self.list_format not in FORMATS:
            given = visible(str(self.list_format))
            raise Exit(f"There is no format {given!r}. Say --list-format {', '.join(FORMATS)}.", EXIT_REFUSED)
        super().list_tasks()

    def parse_tasks(self) -> None:
        with self._explained():
            super().parse_tasks()
        if task := next(filter(wants_help, self.tasks), None):
            self.print_task_help(str(task.name))
            raise Exit
        unasked = value_wanted(self.core.unparsed, self.parser.contexts.values()) or option_of_one(self.tasks)
        if complaint := unasked or option_for_value(self.tasks):
            raise Exit(visible(spelled(complaint, self.command)), EXIT_REFUSED)

    def parse_cleanup(self) -> None:
        with self._explained():
            super().parse_cleanup()

    def print_version(self) -> None:
        print(f"claimlab {version('claimlab')} (invoke {invoke.__version__})")

    def print_help(self) -> None:
        print(spelled(WELCOME, self.command))
        print("Core options:\n")
        self.print_columns(self.initial_context.help_tuples())

    def print_task_help(self, name: str) -> None:
        """As invoke does it, with commands as the project's people type them."""
        told = io.StringIO()
        with redirect_stdout(told):
            super().print_task_help(name)
        print(spelled(told.getvalue(), self.command), end="")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ParseError as error:
            task = error.context.name if error.context else None
            words = explained(str(error), task, self.parser.contexts if hasattr(self, "parser") else ())
            raise Exit(visible(spelled(words, self.command)), EXIT_REFUSED) from None
        except ValueError as error:  # from int(): its message ends with what was given
            given = str(error).rpartition(": ")[2]
            words = f"An option that wants a number was given {given}. {_see('TASK')}"
            raise Exit(visible(spelled(words, self.command)), EXIT_REFUSED) from None


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
        return f"{task or 'claimlab'} has no option {word}. " + _see(task)
    return _no_task(word, list(tasks))


def _no_task(word: str, tasks: Sequence[str]) -> str:
    none = f"There is no task {word}"
    if any(name.startswith(f"{word}.") for name in tasks):
        return f"{none}, but several of that group. claimlab --list {word} shows them."
    if near := alike(word, tasks):
        return f"{none}. Did you mean {' or '.join(near)}?"
    return f"{none}. claimlab --list shows all there are."


def value_wanted(words: Sequence[str], tasks: Iterable[ParserContext]) -> str:
    """A repeatable option without a value is refused: invoke takes it for none given, and lab.all would run on all."""
    repeatable = {flag for task in tasks for flag, argument in task.flags.items() if argument.kind is list}
    for word, following in zip(words, [*words, "-"][1:], strict=True):
        if word in repeatable and following.startswith("-"):
            example = "en" if word == "--language" else "1.24. claimlab toolchains.list shows them"
            return f"{word} wants a value, such as {word} {example}."
    return ""


def wants_help(task: ParserContext) -> bool:
    """Help is asked for where the task's own value is to stand: invoke would take --help for that value."""
    return any(argument.value in _HELP for argument in task.positional_args)


def option_for_value(tasks: Iterable[ParserContext]) -> str:
    """An option that the task does not have, in the place of its value, is refused: invoke takes it for the value."""
    for task in tasks:
        for argument in task.positional_args:
            if str(argument.value).startswith("-"):
                return f"{task.name} wants a {argument.name}, and has no option {argument.value}. {_see(task.name)}"
    return ""


def option_of_one(tasks: Sequence[ParserContext]) -> str:
    """With two labs in one command, an option after the second is the second's alone: the first would run without it,
    on every toolchain. That is never meant, so it is refused."""
    labs = [task for task in tasks if (task.name or "").startswith("lab.") and task.name != "lab.new"]
    given = {task.name: {name: arg.value for name, arg in task.args.items() if arg.got_value} for task in labs}
    for name, options in given.items():
        for other, others in given.items():
            if lacking := sorted(set(options) - set(others)):
                flag = f"--{lacking[0]}"
                return (
                    f"{flag} belongs to {name} alone, and {other} would run without it. "
                    f"Give it to each (claimlab {other} {flag} … {name} {flag} …), or run them one after the other."
                )
    return ""


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
    return f"claimlab --help {task} shows its options." if task else "claimlab --help shows the options."


program: Final = Launcher(name="claimlab", binary="claimlab", binary_names=["claimlab"])
