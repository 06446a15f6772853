"""The end of a question on the command line: the answer is printed, with where it turns, and compared."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from invoke.exceptions import Exit

from claimlab.cli.look_flips import Flip, flips_of
from claimlab.cli.looking import Look, show
from claimlab.cli.speaking import print_json
from claimlab.cli.terminal import Terminal
from claimlab.project.errors import EXIT_DIFFERS, BadData, Refused
from claimlab.project.files import read_regular
from claimlab.project.visible import visible
from claimlab.questions.question import Answer
from claimlab.questions.told import Told, as_data, compared, same


def finish(look: Look, told: Sequence[Told]) -> None:
    """The answer is printed, with its flips and compared if that was asked for; the exit code says how it went.

    People have the answer before the search for flips begins.
    """
    flips: list[Flip] = []
    if look.options.json:
        data = as_data(look.shown, told)
        if look.options.flip:
            flips = flips_of(look, told)
            data["flips"] = [one.as_data() for one in flips]
        print_json(data)
    else:
        show(told, look.axis, only_differing=look.only_differing)
        if look.options.flip:
            flips = flips_of(look, told)
            _show_flips(flips, with_arch=len(look.archs) > 1)
    broken = [one for one in (*told, *(one for flip in flips for one in flip.broken)) if one.status == "broken"]
    for words in dict.fromkeys(one.words for one in broken):
        names = ", ".join(f"{one.toolchain} {one.arch}" for one in broken if one.words == words)
        look.console.print(f"\n{names}: {words}", markup=False, soft_wrap=True)
    expect = look.options.expect
    differs = differs_from(expect, look.shown, told, look.console) if expect else False
    if broken or differs:
        raise Exit(code=EXIT_DIFFERS)


def _show_flips(flips: Sequence[Flip], *, with_arch: bool) -> None:
    console = Terminal(highlight=False)
    lines = [line for flip in flips for line in flip.lines(with_arch=with_arch)]
    for line in lines or ["no two neighbours differ, so nothing turns between them"]:
        console.print(visible(line), markup=False, soft_wrap=True)


def earlier_data(where: str) -> bytes:
    """The file that --expect names; :class:`Refused` if it cannot be read."""
    try:
        return read_regular(Path(where))
    except OSError as error:
        write = "Write it first: the same command, --json > FILE"
        raise Refused(f"{where} cannot be read: {error.strerror}.", write) from None


def differs_from(
    where: str,
    question: Mapping[str, Any],
    told: Sequence[Told],
    console: Terminal,
    agree: Callable[[Answer, Answer], bool] = same,
) -> bool:
    """Something is not as in the file, and the console was told what."""
    earlier = earlier_data(where)
    try:
        found = compared(earlier, where, question, told, agree)
    except BadData as error:
        raise Refused(f"{error}.", "Write it anew: the same command, --json > FILE") from None
    tell = console.print
    for one in found.unknown:
        tell(f"{where} does not know {one}", markup=False, soft_wrap=True)
    if found.unasked:
        tell(f"not asked now, and in {where}: {', '.join(found.unasked)}", markup=False, soft_wrap=True)
    for one in found.changed:
        tell(f"changed: {one}", style="red", markup=False, soft_wrap=True)
    if not found.changed:
        tell(f"nothing that {where} holds has changed", markup=False, soft_wrap=True)
    return bool(found.changed)
