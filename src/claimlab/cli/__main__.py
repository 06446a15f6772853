"""What `./inv` starts, and the command `claimlab` of an installation."""

import os
import sys

from claimlab.cli.program import program
from claimlab.cli.speaking import speak_anywhere
from claimlab.project.errors import EXIT_UNREAD


def main() -> None:
    """The command was carried out. Who stops reading what it prints (`| head`) ends it without a word."""
    speak_anywhere()
    try:
        try:
            program.run()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # What is left in the buffer has nowhere to go either, and would be complained of when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(EXIT_UNREAD) from None


if __name__ == "__main__":
    main()
