"""A tree that was made once is as it was made, or somebody says where it is not."""

import os
import shutil
import stat
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from msgspec.structs import replace as replaced

from claimlab.project.errors import LabBroken
from claimlab.project.files import write_kept
from claimlab.toolchains.intact import Tree, watched

FILES = {"bin/go": "the command", "src/runtime/map.go": "package runtime\n", "src/empty.go": "", "VERSION": "go1.30.1"}
Damage = Callable[[Path], object]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = tmp_path / "made"
    for name, text in FILES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text)
    (made / "bin" / "go").chmod(0o755)
    (made / "bin" / "gofmt").symlink_to("go")
    found = Tree(tmp_path / "tree", "a" * 64)
    found.seal(made)
    return found


def rewrite(name: str, text: str) -> Damage:
    """As somebody does who hides it: size and time of the file are what they were."""

    def write(path: Path) -> None:
        file = path / name
        before = file.stat()
        file.chmod(0o644)
        file.write_text(text)
        file.chmod(stat.S_IMODE(before.st_mode))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    return write


def link(name: str, target: str) -> Callable[[Path], object]:
    def put(path: Path) -> None:
        (path / name).unlink()
        (path / name).symlink_to(target)

    return put


def replace(name: str, text: str) -> Damage:
    def move(path: Path) -> None:
        (path / "new").write_text(text)
        shutil.copystat(path / name, path / "new")
        (path / "new").rename(path / name)

    return move


DAMAGES: dict[str, tuple[Damage, str]] = {
    "edited": (rewrite("src/runtime/map.go", "package runtima\n"), "src/runtime/map.go"),
    "replaced": (replace("bin/go", "another one"), "bin/go"),
    "removed": (lambda path: (path / "VERSION").unlink(), "VERSION"),
    "added": (lambda path: (path / "src" / "more.go").touch(), "src/more.go"),
    "mode": (lambda path: (path / "bin" / "go").chmod(0o4755), "bin/go"),
    "link": (link("bin/gofmt", "x"), "bin/gofmt"),
    "link for file": (link("VERSION", "bin/go"), "VERSION"),
}


@pytest.mark.parametrize("thorough", [True, False])
def test_what_was_left_alone_is_intact(tree: Tree, thorough: bool) -> None:
    assert tree.is_sealed()
    assert tree.damage(thorough=thorough) == ""


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize(("damage", "name"), DAMAGES.values(), ids=DAMAGES)
def test_whatever_is_done_to_it_is_noticed(tree: Tree, damage: Damage, name: str, thorough: bool) -> None:
    damage(tree.path)
    assert tree.damage(thorough=thorough) == f"changed: {name}"


def test_many_are_counted(tree: Tree) -> None:
    for number in range(5):
        (tree.path / f"more-{number}").touch()
    assert tree.damage(thorough=False) == "changed: more-0, more-1, more-2 and 2 more"


def test_a_thorough_look_reads_what_the_times_say_is_the_same(tree: Tree) -> None:
    """As if a disk had lost what was written, or the clock of the file system had stood still."""
    known = tree._known()
    assert known is not None
    rewrite("src/runtime/map.go", "package runtima\n")(tree.path)
    now = (tree.path / "src" / "runtime" / "map.go").stat().st_ctime_ns
    name = "src/runtime/map.go"
    write_kept(tree.manifest, tree.made_of, {**known, name: replaced(known[name], ctime_ns=now)})
    assert tree.damage(thorough=False) == ""
    assert tree.damage(thorough=True) == f"changed: {name}"


def test_a_copy_elsewhere_is_intact_though_all_its_times_are_new(tree: Tree, tmp_path: Path) -> None:
    copy = Tree(tmp_path / "elsewhere", tree.made_of)
    shutil.copytree(tree.path, copy.path, symlinks=True)
    shutil.copy(tree.manifest, copy.manifest)
    before = copy.manifest.read_bytes()
    assert copy.damage(thorough=False) == ""
    assert copy.manifest.read_bytes() != before, "it would be read as a whole each time"


def test_a_tree_of_something_else_is_another_one_whatever_it_is_called(tree: Tree) -> None:
    """A pin is compared whole, not in the twelve digits that the folder is called by."""
    other = Tree(tree.path, "a" * 63 + "b")
    assert not other.is_sealed()
    assert other.damage(thorough=False) == "nothing says what it was made of"


@pytest.mark.parametrize("content", [b"", b"{", b'{"follows_from": 1}', None])
def test_a_damaged_manifest_says_nothing(tree: Tree, content: bytes | None) -> None:
    whole = tree.manifest.read_bytes()
    tree.manifest.write_bytes(whole.replace(b"map.go", b"mop.go", 1) if content is None else content)
    assert not tree.is_sealed()
    assert tree.damage(thorough=True) == "nothing says what it was made of"


def test_nobody_may_write_to_its_files(tree: Tree) -> None:
    files = [path for path in tree.path.rglob("*") if path.is_file() and not path.is_symlink()]
    assert [path.name for path in files if path.stat().st_mode & 0o222] == []
    assert (tree.path / "bin" / "go").stat().st_mode & 0o111 == 0o111


def test_it_can_be_removed_whatever_was_done_to_it(tree: Tree) -> None:
    (tree.path / "src" / "runtime").chmod(0)
    (tree.path / "bin").chmod(0o555)
    tree.remove()
    assert not tree.path.exists()
    assert not tree.manifest.exists()
    assert not tree.is_sealed()


# While something runs


@pytest.mark.parametrize(("damage", "name"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_done_to_it_meanwhile_breaks_what_ran(tree: Tree, damage: Damage, name: str) -> None:
    broken = pytest.raises(LabBroken, match=rf"tree was written to, changed: .*{name}.*: measure again")
    with broken, watched(nullcontext("opened"), tree) as opened:
        assert opened == "opened"
        damage(tree.path)


def test_what_was_done_and_undone_meanwhile_too(tree: Tree) -> None:
    with (
        pytest.raises(LabBroken, match=r"tree was written to, changed: src/runtime/map\.go"),
        watched(nullcontext(), tree),
    ):
        rewrite("src/runtime/map.go", "package runtima\n")(tree.path)
        rewrite("src/runtime/map.go", "package runtime\n")(tree.path)
        assert tree.damage(thorough=False) == "", "somebody else looked meanwhile"


def test_a_tree_made_anew_meanwhile_is_another_one(tree: Tree, tmp_path: Path) -> None:
    shutil.copytree(tree.path, tmp_path / "again", symlinks=True)
    with pytest.raises(LabBroken, match=r"tree was made anew while the trial ran"), watched(nullcontext(), tree):
        tree.remove()
        tree.seal(tmp_path / "again")


def test_times_may_be_set_where_that_is_usual(tree: Tree) -> None:
    dated = Tree(tree.path, tree.made_of, is_dated=True)
    with watched(nullcontext(), dated):
        os.utime(tree.path / "VERSION")
    with pytest.raises(LabBroken, match="VERSION"), watched(nullcontext(), dated):
        rewrite("VERSION", "go1.30.2")(tree.path)


def test_what_goes_wrong_inside_is_what_is_told(tree: Tree) -> None:
    with pytest.raises(ZeroDivisionError), watched(nullcontext(), tree):
        (tree.path / "VERSION").unlink()
        raise ZeroDivisionError
