"""Releases as people name them: a range of versions, in which `1.25` is all of Go 1.25."""

import re
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_CLAUSE: Final = re.compile(r"\s*(?P<sign>[<>=!~]*)\s*(?P<version>\d+\.\d+)\s*")
"""A clause about a release without its patch."""


def releases(text: str) -> SpecifierSet:
    """The range; all of them for an empty text. ValueError says how one is written.

    To packaging 1.25.5 is not ``==1.25``, nor ``<=1.25``; to whoever writes that it is.
    """
    try:
        return SpecifierSet(",".join(map(_clause, text.split(","))) if text.strip() else "")
    except InvalidSpecifier:
        some = '"1.25", "<1.24", ">=1.26", ">=1.24,<1.26" or "==1.25.5"'
        raise ValueError(f"{text!r} names no releases: write it as {some}") from None


def _clause(text: str) -> str:
    found = _CLAUSE.fullmatch(text)
    if found is None:
        return text
    sign, version = found["sign"], found["version"]
    major, minor = map(int, version.split("."))
    whole = {"": f"=={version}.*", "=": f"=={version}.*", "==": f"=={version}.*", "!=": f"!={version}.*"}
    after = {"<=": f"<{major}.{minor + 1}", ">": f">={major}.{minor + 1}"}
    return {**whole, **after}.get(sign, text)
