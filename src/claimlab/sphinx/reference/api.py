"""The reference of claimlab's own modules, by autodoc: the fields of a type are one list, not an entry each.

autodoc and docutils take some milliseconds for each entry, and types for data have many fields.
"""

import ast
import contextlib
import importlib
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import groupby
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import make_refnode

CLASSES: Final = frozenset({"class", "exception"})
"""autodoc's words for what has fields."""
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_METHODS: Final = (property, classmethod, staticmethod)


def add_api(app: Sphinx) -> None:
    """autodoc is there, and asks us."""
    app.setup_extension("sphinx.ext.autodoc")
    for module in ("enum", "typing"):  # of which our classes inherit; reading their sources takes a fifth of a second
        ModuleAnalyzer.cache["module", module] = PycodeError(f"{module} is not ours")
    app.connect("autodoc-skip-member", _skip)
    app.connect("autodoc-process-signature", _shorten)
    app.connect("autodoc-process-docstring", _add_fields)
    app.connect("missing-reference", _resolve)
    app.add_transform(_LeaveInEnglish)


class _LeaveInEnglish(SphinxTransform):
    """What stands in the sources of claimlab is not translated: it is for who reads these."""

    default_priority = 5
    """Before Sphinx looks for translations, at 20."""

    def apply(self, **kwargs: Any) -> None:
        for node in self.document.findall(nodes.Element):
            if node.source and ":docstring of " in node.source:
                node["translatable"] = False


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
    return None if what not in CLASSES or is_method or isinstance(member, _METHODS) else True


def _shorten(
    app: Sphinx, what: str, name: str, member: object, options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None] | None:
    """A class's parameters are its fields."""
    return ("", None) if what in CLASSES else None


def _add_fields(app: Sphinx, what: str, name: str, member: object, options: object, lines: list[str]) -> None:
    if what in CLASSES and isinstance(member, type):
        for has_words, group in groupby(fields(member), key=lambda field: bool(field.says)):
            write = _entries if has_words else _names
            lines += write(list(group), member.__module__)


def _entries(said: Iterable[Field], module: str) -> Iterator[str]:
    """A definition list."""
    for field in said:
        yield ""
        yield _name(field, module)
        for line in field.says.splitlines():
            yield f"   {line}" if line else ""


def _names(unsaid: Iterable[Field], module: str) -> Iterator[str]:
    """Fields whose names say it all: a paragraph."""
    yield ""
    yield ", ".join(_name(field, module) for field in unsaid)


def _name(field: Field, module: str) -> str:
    """The field as its source has it, in as few pieces as can be: each is a node that Sphinx visits some forty times.

    Names of our own types are references; names that stand for a choice of words are replaced by the words.
    """
    space = vars(sys.modules[module])
    pieces, plain = [], field.name + (": " if field.type else "")
    for part in re.split(rf"({_WORD.pattern})", field.type):
        known = space.get(part)
        if isinstance(known, type) and known.__module__.startswith("claimlab."):
            pieces += [_literal(plain), f":py:class:`~{known.__module__}.{known.__qualname__}`"]
            plain = ""
        elif get_origin(known) is Literal:
            plain += " | ".join(map(repr, get_args(known)))
        else:
            plain += part
    pieces.append(_literal(plain + (f" = {field.default}" if field.default else "")))
    return "\\ ".join(filter(None, pieces))


def _literal(text: str) -> str:
    return f"``{text.strip()}``" if text.strip() else ""


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """A bare name in a docstring, such as LabBroken, leads to the only thing in the reference that is called so.

    The name of a type variable in a signature leads nowhere.
    """
    domain = env.get_domain("py")
    if node.get("refdomain") != "py" or not isinstance(domain, PythonDomain):
        return None
    module, _, bare = node["reftarget"].rpartition(".")
    if module and not module.startswith("claimlab."):
        return None
    if module and _is_type_variable(module, bare):
        return content
    found = domain.find_obj(env, None, None, bare, None, 1)  # type: ignore[arg-type]
    if len(found) != 1:
        return None
    name, entry = found[0]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)


def _is_type_variable(module: str, name: str) -> bool:
    with contextlib.suppress(ImportError):  # of a method the first part is a class
        return isinstance(getattr(importlib.import_module(module), name, None), TypeVar)
    return False
