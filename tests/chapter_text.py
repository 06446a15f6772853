"""The head of a made-up chapter's claims.toml; its claims stand in the tests that read them."""

from typing import Final

from claimlab.project.languages import Words

TOYS: Final = Words("Toys", "玩具")
NUMBERS: Final = Words("Numbers", "数字")


def head(number: int, section: str, title: Words = TOYS, of: Words = TOYS) -> str:
    """A chapter of one section, each with its title."""
    return f"""
[chapter]
number = {number}
title = {{ en = "{title["en"]}", zh = "{title["zh"]}" }}

[[section]]
id = "{section}"
title = {{ en = "{of["en"]}", zh = "{of["zh"]}" }}
"""
