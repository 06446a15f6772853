"""What `./inv` starts."""

from claimlab.cli.program import program

program.run()
