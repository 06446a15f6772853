"""What `./inv` starts, and the command `claimlab` of an installation."""

import sys

from claimlab.running import signals


def main() -> None:
    """The command has run. One that a signal ended says so, and its exit code tells which: 128 and its number."""
    asked = signals.interrupt_by(signals.Asked())
    code: object = 1
    try:
        from claimlab.cli.program import program  # takes a moment, in which Ctrl-C may come

        program.run()
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


if __name__ == "__main__":
    main()
