"""What `./inv` starts, and the command `claimlab` of an installation."""

import os
import sys

from claimlab.running import signals


def main() -> None:
    """The command has run. One that a signal ended says so, and its exit code tells which: 128 and its number.

    Who stops reading what it prints (`| head`) ends it without a word.
    """
    asked = signals.interrupt_by(signals.Asked())
    code: object = 1
    try:
        _run()
        code = 0
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:
        pass  # told of below
    except OSError:
        if not asked.exit_code:
            raise  # or else it is the closed terminal's
    signals.be_deaf()
    if asked.exit_code:
        if code != asked.exit_code:  # or else it has been told already, with what was finished
            print("interrupted", file=sys.stderr)
        code = asked.exit_code
    sys.exit(code)  # type: ignore[arg-type]  # it is what SystemExit had


def _run() -> None:
    from claimlab.cli.program import program  # takes a moment, in which Ctrl-C may come
    from claimlab.cli.speaking import speak_anywhere
    from claimlab.project.errors import EXIT_UNREAD

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
