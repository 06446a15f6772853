"""The reference of the command line, from what invoke knows of each task: nothing of it is written down twice."""

import inspect
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any, Final, cast

from docutils import nodes
from invoke.collection import Collection
from invoke.parser.context import ParserContext
from invoke.tasks import Task
from sphinx.util.docutils import SphinxDirective

from claimlab.project.project import spelled
from claimlab.site.domain import ClaimlabDomain
from claimlab.site.reader import reader_of

FIRST: Final = ("lab", "docs", "verdicts", "flip", "doctor", "engine", "toolchains", "images")
"""The tasks and collections that people need most, in this order; then come all others by name."""
_CALL: Final = re.compile(r"claimlab ")


@dataclass(frozen=True, slots=True)
class Command:
    """One task, or several that differ in their names alone."""

    name: str
    """As typed after ``claimlab``; ``lab.NAME`` for several."""
    says: str
    """Its first sentence; empty for several."""
    more: tuple[str, ...]
    """Paragraphs; one that consists of commands is a listing."""
    options: tuple[tuple[str, str], ...]
    """As typed, and what they are for."""
    stands_for: tuple[tuple[str, str], ...] = ()
    """Of several: their names and first sentences."""


def commands(namespace: Collection) -> list[Command]:
    """Every task; those that say the same of themselves but for their first sentence are one."""
    # invoke takes the help out of a task when it is asked for it.
    contexts: dict[str, ParserContext] = {context.name or "": context for context in deepcopy(namespace).to_contexts()}
    single = [_command(name, cast("Task[Any]", namespace[name]), context) for name, context in sorted(contexts.items())]
    groups: dict[tuple[Any, ...], list[Command]] = {}
    for one in single:
        alike = tuple(paragraph.replace(one.name, "NAME") for paragraph in one.more)
        groups.setdefault((one.name.partition(".")[0], alike, one.options), []).append(one)
    found = [_together(group) for group in groups.values()]
    return sorted(found, key=lambda one: (_rank(one.name.partition(".")[0]), one.name))


def _rank(collection: str) -> int:
    return FIRST.index(collection) if collection in FIRST else len(FIRST)


def _command(name: str, task: "Task[Any]", context: ParserContext) -> Command:
    says, _, more = (inspect.getdoc(task.body) or "").partition("\n")
    options = tuple((option, said or "") for option, said in context.help_tuples())
    return Command(name, says, tuple(part.strip() for part in re.split(r"\n\s*\n", more) if part.strip()), options)


def _together(group: list[Command]) -> Command:
    if len(group) == 1:
        return group[0]
    name = f"{group[0].name.partition('.')[0]}.NAME"
    more = tuple(paragraph.replace(group[0].name, name) for paragraph in group[0].more)
    return Command(name, "", more, group[0].options, tuple((one.name, one.says) for one in group))


class CommandsDirective(SphinxDirective):
    """``claimlab:commands module:function``: a section for each command of the collection that the function returns."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        namespace = EntryPoint("commands", self.arguments[0], "").load()
        domain = cast(ClaimlabDomain, self.env.domains["claimlab"])
        domain.note_use(self.env.docname, ())
        for lab in domain.site.labs.values():
            self.env.note_dependency(lab.path / "lab.py")  # its question is the help of its command
        typed = domain.site.project.command
        return [self._section(command, domain, typed) for command in commands(namespace(domain.site.project.root))]

    def _section(self, command: Command, domain: ClaimlabDomain, typed: str) -> nodes.section:
        content = [*_text([command.says] if command.says else [], typed), *_text(command.more, typed)]
        if command.options:
            content.append(_options(command.options))
        if command.stands_for:
            content.append(self._names(command, domain))
        anchor = f"command-{command.name.replace('.', '-').lower()}"
        title = nodes.title("", "", nodes.literal("", command.name), translatable=False)
        return nodes.section("", title, *content, ids=[anchor], names=[])

    def _names(self, command: Command, domain: ClaimlabDomain) -> nodes.definition_list:
        """The commands that this one stands for; those of labs lead to the labs' pages."""
        reader = reader_of(self.env.app, self.env, domain.site.main)
        rows = []
        for name, says in command.stands_for:
            term: nodes.Node = nodes.literal("", name)
            if (lab := name.partition(".")[2]) in domain.site.labs:
                term = nodes.reference("", "", term, refuri=reader.to_lab(lab), internal=True)
            rows.append(_item([term], says))
        return nodes.definition_list("", *rows)


def _text(paragraphs: Iterable[str], typed: str) -> Iterator[nodes.Node]:
    for text in paragraphs:
        lines = [line.strip() for line in text.splitlines()]
        if all(_CALL.match(line) for line in lines):
            shown = "\n".join(f"$ {spelled(line, typed)}" for line in lines)
            yield nodes.literal_block(shown, shown, language="console", translatable=False)
        else:
            yield _left_in_english(spelled(" ".join(lines), typed))


def _options(options: Iterable[tuple[str, str]]) -> nodes.definition_list:
    return nodes.definition_list("", *(_item([nodes.literal("", option)], said) for option, said in options))


def _item(term: Iterable[nodes.Node], says: str) -> nodes.definition_list_item:
    return nodes.definition_list_item(
        "", nodes.term("", "", *term, translatable=False), nodes.definition("", _left_in_english(says))
    )


def _left_in_english(text: str) -> nodes.paragraph:
    """The terminal speaks English, so its reference does."""
    return nodes.paragraph(text, text, translatable=False, support_smartquotes=False)
