"""The shape of the project: which module may know which, and what is public."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from tests.committed import TEXTS
from tests.ours import ROOT

import claimlab

ROOMS = (
    "project",
    "toolchains",
    "benches",
    "instruments",
    "trials",
    "questions",
    "verdicts",
    "running",
    "cluster",
    "pictures",
    "site",
    "cli",
)
"""The folders of claimlab, lowest first: a module imports from its own room or a lower one."""
INSIDE = "claimlab.instruments.inside"
"""Scripts that run on a bench, where there is no claimlab."""


def modules(source: Path) -> dict[str, Path]:
    """Every module below a source folder, by its full name."""
    found = {}
    for path in sorted((source / "claimlab").rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def run_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below this one that take part when the program runs: not what only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from (other, *run_nodes(other))
            continue
        yield child
        yield from run_nodes(child)


def imports(name: str, path: Path, known: set[str]) -> set[str]:
    """The modules of claimlab that a module imports, at its top or later."""
    found = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in run_nodes(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*up, *([node.module] if node.module else [])])
            found |= {below if (below := f"{origin}.{alias.name}") in known else origin for alias in node.names}
    return {target for target in found if target.startswith("claimlab.")}


def height(module: str) -> int:
    room = module.split(".")[1]
    assert room in ROOMS, f"claimlab.{room} is no room: every module lies in one of {', '.join(ROOMS)}"
    return ROOMS.index(room)


def import_graph(source: Path) -> dict[str, set[str]]:
    found = modules(source)
    return {name: imports(name, path, set(found)) for name, path in found.items() if not name.startswith(INSIDE)}


def upward(source: Path) -> list[str]:
    return [
        f"{name} imports {target}"
        for name, targets in import_graph(source).items()
        for target in sorted(targets)
        if height(target) > height(name)
    ]


def test_imports_run_one_way() -> None:
    assert upward(ROOT / "src") == []


def test_no_module_imports_itself_on_a_detour() -> None:
    try:
        list(TopologicalSorter(import_graph(ROOT / "src")).static_order())
    except CycleError as error:
        pytest.fail(f"modules import each other in a circle: {' <- '.join(error.args[1])}")


def test_scripts_for_the_bench_import_nothing_of_ours() -> None:
    found = modules(ROOT / "src")
    scripts = {name: path for name, path in found.items() if name.startswith(f"{INSIDE}.")}
    assert scripts
    assert [name for name, path in scripts.items() if imports(name, path, set(found))] == []


def test_every_room_is_a_folder_and_every_folder_a_room() -> None:
    folders = {path.name for path in (ROOT / "src" / "claimlab").iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(ROOMS)


def test_tests_lie_in_the_rooms_of_what_they_test() -> None:
    """A module's tests stand in the folder of its room; what concerns the whole project stands above."""
    folders = {Path(name).parts[1] for name in TEXTS if re.fullmatch(r"tests/\w+/(?:\w+/)*test_\w+\.py", name)}
    assert folders <= {*ROOMS}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from claimlab.benches.engine import choose", ["claimlab.project.claim imports claimlab.benches.engine"]),
        ("from claimlab.benches import engine", ["claimlab.project.claim imports claimlab.benches.engine"]),
        ("import claimlab.benches.engine as e", ["claimlab.project.claim imports claimlab.benches.engine"]),
        ("from ..benches.engine import choose", ["claimlab.project.claim imports claimlab.benches.engine"]),
        ("from ..benches import engine", ["claimlab.project.claim imports claimlab.benches.engine"]),
        (
            "def late():\n    from claimlab.benches.engine import choose",
            ["claimlab.project.claim imports claimlab.benches.engine"],
        ),
        ("if TYPE_CHECKING:\n    from claimlab.benches.engine import choose", []),
        (
            "if TYPE_CHECKING:\n    import os\nelse:\n    from claimlab.benches.engine import choose",
            ["claimlab.project.claim imports claimlab.benches.engine"],
        ),
        ("from claimlab.project.outcome import Outcome\nimport os", []),
    ],
)
def test_the_check_sees_an_import_upward(tmp_path: Path, text: str, found: list[str]) -> None:
    for name in ("project/claim", "project/outcome", "benches/engine"):
        path = tmp_path / "claimlab" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "claimlab" / "project" / "claim.py").write_text(text)
    assert upward(tmp_path) == found


def test_a_module_that_lies_in_no_room_is_named(tmp_path: Path) -> None:
    (tmp_path / "claimlab").mkdir()
    (tmp_path / "claimlab" / "novelty.py").write_text("from claimlab.novelty import x")
    with pytest.raises(AssertionError, match=r"claimlab\.novelty is no room"):
        upward(tmp_path)


# What is public


def public_names() -> list[str]:
    listed = ast.parse((ROOT / "src" / "claimlab" / "__init__.pyi").read_text())
    return [alias.name for node in listed.body if isinstance(node, ast.ImportFrom) for alias in node.names]


def test_public_names_stand_once_and_are_there() -> None:
    names = public_names()
    assert len(set(names)) == len(names) > 50
    assert [name for name in names if getattr(claimlab, name, None) is None] == []


def below_the_public(text: str) -> list[str]:
    """What a file imports of claimlab from anywhere but its public list."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] == "claimlab"]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("claimlab."):
            found.append(node.module or "")
    return found


def test_labs_import_nothing_but_what_is_public() -> None:
    files = {name: text for name, text in TEXTS.items() if name.startswith("labs/") and name.endswith(".py")}
    assert len(files) > 100
    assert {name: found for name, text in files.items() if (found := below_the_public(text))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from claimlab import Lab", []),
        ("from claimlab.trials.lab import Lab", ["claimlab.trials.lab"]),
        ("import claimlab", ["claimlab"]),
        ("def late():\n    import claimlab.trials as t", ["claimlab.trials"]),
    ],
)
def test_the_check_sees_what_is_not_public(text: str, found: list[str]) -> None:
    assert below_the_public(text) == found
