"""The tasks of `invoke`; what they do is in claimlab.cli."""

from claimlab.cli import namespace

ns = namespace(__file__)
