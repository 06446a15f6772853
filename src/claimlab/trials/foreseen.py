"""What a lab's benches are to have compiled beforehand, read in its sources. What is not foreseen costs time only."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from claimlab.toolchains.flags import FLAG_SETS
from claimlab.toolchains.needs import PLAIN, Need, Needs

_DISASSEMBLES: Final = ["go", "tool", "objdump"]


def needs_in(sources: Iterable[str]) -> Needs:
    """The needs of these modules, by the flags that they build with and the tools that they call."""
    return PLAIN.union(*map(_needs_in, sources))


@cache
def _needs_in(source: str) -> Needs:
    try:
        return frozenset(_named(ast.parse(source)))
    except (SyntaxError, ValueError):  # whoever imports it will say so
        return frozenset()


def _named(tree: ast.Module) -> Iterator[Need]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "flags":  # build(bench, flags="race")
            words = [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("FLAG_SETS"):
            words = [node.slice.value] if isinstance(node.slice, ast.Constant) else []
        elif isinstance(node, ast.List | ast.Tuple):
            argv = [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
            if any(argv[at : at + 3] == _DISASSEMBLES for at in range(len(argv))):
                yield "objdump"
            continue
        else:
            continue
        yield from (flags for flags in FLAG_SETS if flags in words)
