"""What is printed where no terminal is."""

import io

from claimlab.cli.terminal import Terminal


def test_a_line_that_goes_to_a_file_or_a_pipe_is_left_whole() -> None:
    """As in the log of a CI job: nobody knows how wide it is, and who looks for words looks line by line."""
    line = "look-quicker[1.27.3]  broken: " + "a reason of several words " * 8
    for width in (40, 80):
        read = io.StringIO()
        Terminal(file=read, width=width, highlight=False).print(line.strip())
        assert read.getvalue() == f"{line.strip()}\n"
