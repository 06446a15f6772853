"""What a module's source says of itself: classes with fields and methods, functions, constants. Nothing is run."""

import ast
import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Final, Literal

Kind = Literal["class", "exception", "function", "method", "property", "data"]
LONGEST_VALUE: Final = 40
"""In characters; a constant of more says nothing at a glance."""
_COMPUTED: Final = frozenset({"property", "cached_property"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a class, or a member of an enumeration."""

    name: str
    type: str
    default: str
    says: str
    """The string below it; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a name of its own."""

    kind: Kind
    name: str
    """Below the module: ``Lab.observe``."""
    parameters: str
    """With their parentheses; empty for what is not called."""
    type: str
    """What it returns, or is; as the source has it."""
    value: str
    says: str
    fields: tuple[Field, ...] = ()
    members: tuple["Entry", ...] = ()


@cache
def read(module: str) -> tuple[str, dict[str, Entry]]:
    """The module's own words, and what it defines and does not hide, in the order of the source."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    found = (_entry(node, below) for node, below in _with_strings(tree.body))
    return ast.get_docstring(tree) or "", {one.name: one for one in found if one and not one.name.startswith("_")}


def _with_strings(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement with the string below it, which documents it if it is an assignment."""
    for node, following in pairwise([*body, ast.Pass()]):
        is_string = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        yield node, inspect.cleandoc(str(following.value.value)) if is_string else ""  # type: ignore[attr-defined]


def _entry(node: ast.stmt, below: str, prefix: str = "") -> Entry | None:
    if isinstance(node, ast.ClassDef):
        return _class(node)
    if isinstance(node, ast.FunctionDef):
        return _function(node, prefix)
    if prefix or not isinstance(node, ast.Assign | ast.AnnAssign):
        return None
    field = _field(node, below, enumerates=True)
    short = field.default if field and len(field.default) <= LONGEST_VALUE else ""
    return Entry("data", field.name, "", "", short, below) if field else None


def _class(node: ast.ClassDef) -> Entry:
    bases = [ast.unparse(base) for base in node.bases]
    enumerates = any(base.endswith("Enum") for base in bases)
    kind: Kind = "exception" if any(base.endswith(("Error", "Exception")) for base in bases) else "class"
    fields = (_field(one, below, enumerates=enumerates) for one, below in _with_strings(node.body))
    members = (_entry(one, "", f"{node.name}.") for one in node.body if isinstance(one, ast.FunctionDef))
    return Entry(
        kind,
        node.name,
        "",
        "",
        "",
        ast.get_docstring(node) or "",
        tuple(field for field in fields if field and not field.name.startswith("_")),
        tuple(one for one in members if one and not one.name.rpartition(".")[2].startswith("_")),
    )


def _field(node: ast.stmt, below: str, *, enumerates: bool) -> Field | None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        default = ast.unparse(node.value) if node.value else ""
        return Field(node.target.id, ast.unparse(node.annotation), "" if "field(" in default else default, below)
    if enumerates and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return Field(node.targets[0].id, "", ast.unparse(node.value), below)
    return None


def _function(node: ast.FunctionDef, prefix: str) -> Entry:
    decorators = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
    kind: Kind = "property" if decorators & _COMPUTED else "method" if prefix else "function"
    parameters = "" if kind == "property" else f"({', '.join(_parameters(node.args, skipped=bool(prefix)))})"
    returns = ast.unparse(node.returns) if node.returns else ""
    return Entry(kind, prefix + node.name, parameters, returns, "", ast.get_docstring(node) or "")


def _parameters(found: ast.arguments, *, skipped: bool) -> Iterator[str]:
    """As in the source, but the first of a method, which is what it is called on."""
    plain = [*found.posonlyargs, *found.args]
    defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(found.defaults)), *found.defaults]
    yield from _spelled(list(zip(plain, defaults, strict=True))[int(skipped) :])
    if found.vararg:
        yield f"*{ast.unparse(found.vararg)}"
    elif found.kwonlyargs:
        yield "*"
    yield from _spelled(zip(found.kwonlyargs, found.kw_defaults, strict=True))
    if found.kwarg:
        yield f"**{ast.unparse(found.kwarg)}"


def _spelled(pairs: Iterable[tuple[ast.arg, ast.expr | None]]) -> Iterator[str]:
    for one, default in pairs:
        yield ast.unparse(one) + (f" = {ast.unparse(default)}" if default else "")
