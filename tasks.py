"""The tasks of `invoke`; what they do is in claimlab.commands."""

from claimlab.commands import namespace

ns = namespace()
