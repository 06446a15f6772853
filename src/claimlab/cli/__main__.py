"""What `./inv` starts, and the command `claimlab` of an installation."""

from claimlab.cli.program import program


def main() -> None:
    program.run()


if __name__ == "__main__":
    main()
