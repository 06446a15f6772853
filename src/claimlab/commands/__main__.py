"""What `./inv` starts."""

from claimlab.commands.program import program

program.run()
