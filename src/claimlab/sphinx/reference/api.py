"""The reference of claimlab's own modules, by autodoc: fields of a type are one list, not an entry each.

autodoc takes some milliseconds for each entry, and types for data have many fields. An extension of its own, since only the
project's pages have a reference.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_METHODS: Final = (property, classmethod, staticmethod)


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-skip-member", _skip)
    app.connect("autodoc-process-signature", _shorten)
    app.connect("autodoc-process-docstring", _add_fields)
    app.connect("missing-reference", _resolve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a class, as its source has it."""

    name: str
    type: str
    default: str
    says: str
    """The string below it; empty if there is none."""


def fields(kind: type) -> list[Field]:
    """The public fields of a class, or the members of an enumeration, in the order of the source."""
    found = []
    body = _classes(kind.__module__)[kind.__qualname__].body
    for node, following in zip(body, [*body, None][1:], strict=True):
        field = _field(node, enumerates=issubclass(kind, Enum))
        if field and not field.name.startswith("_"):
            is_said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            says = inspect.cleandoc(str(following.value.value)) if is_said else ""  # type: ignore[union-attr]
            found.append(Field(field.name, field.type, field.default, says))
    return found


def _field(node: ast.stmt, *, enumerates: bool) -> Field | None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        default = ast.unparse(node.value) if node.value else ""
        return Field(node.target.id, ast.unparse(node.annotation), "" if "field(" in default else default, "")
    if enumerates and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return Field(node.targets[0].id, "", ast.unparse(node.value), "")
    return None


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


# --- what autodoc asks ----------------------------------------------------------------------------------------


def _skip(app: Sphinx, what: str, name: str, member: object, skip: bool, options: object) -> bool | None:
    """Fields are in their class's list; of its members only what can be called or is computed has an entry."""
    is_method = inspect.isroutine(member) and not inspect.ismemberdescriptor(member)
    return None if what != "class" or is_method or isinstance(member, _METHODS) else True


def _shorten(
    app: Sphinx, what: str, name: str, member: object, options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None] | None:
    """A class's parameters are its fields."""
    return ("", None) if what == "class" else None


def _add_fields(app: Sphinx, what: str, name: str, member: object, options: object, lines: list[str]) -> None:
    if what == "class" and isinstance(member, type):
        lines += [line for field in fields(member) for line in _entry(field, member.__module__)]


def _entry(field: Field, module: str) -> Iterator[str]:
    """An item of a definition list."""
    parts = [f"``{field.name}``"]
    if field.type:
        parts.append(f": {''.join(_linked(field.type, module))}")
    if field.default:
        parts.append(f" = ``{field.default}``")
    yield ""
    yield "\\ ".join(parts)
    for line in (field.says or "\\").splitlines():
        yield f"   {line}" if line else ""


def _linked(annotation: str, module: str) -> Iterator[str]:
    """The annotation as code, and the names of our own types in it as references."""
    space = vars(sys.modules[module])
    plain = ""
    for part in re.split(rf"({_WORD.pattern})", annotation):
        known = space.get(part)
        if isinstance(known, type) and known.__module__.startswith("claimlab."):
            yield from _literal(plain)
            yield f":py:class:`~{known.__module__}.{known.__qualname__}`\\ "
            plain = ""
        else:
            plain += part
    yield from _literal(plain)


def _literal(text: str) -> Iterator[str]:
    if text.strip():
        yield f"``{text.strip()}``\\ "


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.reference | None:
    """A bare name in a docstring, such as LabBroken, leads to the only thing in the reference that is called so."""
    domain = env.get_domain("py")
    if node.get("refdomain") != "py" or not isinstance(domain, PythonDomain):
        return None
    found = domain.find_obj(env, None, None, node["reftarget"].rpartition(".")[2], None, 1)  # type: ignore[arg-type]
    if len(found) != 1:
        return None
    name, entry = found[0]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)
