"""The console that results and progress go to."""

from typing import Any

from rich.console import Console
from rich.text import Text

from claimlab.project.visible import visible


class Terminal(Console):
    """What is printed cannot steer the terminal: texts come from programs that are under test."""

    def print(self, *objects: Any, **more: Any) -> None:
        if not self.is_terminal and all(isinstance(one, str | Text) for one in objects):
            more.setdefault("soft_wrap", True)  # nobody knows how wide the lines may be
        super().print(*(visible(one) if isinstance(one, str) else one for one in objects), **more)

    def on_broken_pipe(self) -> None:
        """Rich would end with 1, which says that an outcome differs."""
        raise BrokenPipeError
