"""What the hash of an image depends on, and build contexts that are the same for the same inputs."""

import json
import os
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from claimlab.benches.recipe import (
    Notes,
    Tools,
    layers_identity,
    pack_context,
    packages,
    release_hash,
    release_tag,
    tools_recipe,
)
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import digest
from claimlab.toolchains.toolchain import PLATFORMS, Release

RELEASE = Release("1.24.11", dict.fromkeys(PLATFORMS, "a" * 64), ("noswissmap",))
TOOLS = Tools("recipe", "0123456789abcdef0123456789abcdef")


@pytest.fixture
def docker(tmp_path: Path) -> Path:
    folder = tmp_path / "docker"
    folder.mkdir()
    for name in ("Dockerfile", "tools.Dockerfile", "packages", "bootstrap"):
        (folder / name).write_text(f"{name}\n")
    return folder


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "edited\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("ab",), ("a", "b")),
        (("a", ""), ("a",)),
        (("a", ""), ("", "a")),
        ((), ("",)),
        (("1:a",), ("1:a1:a",)),
        (("a1:b",), ("a", "b")),
    ],
)
def test_no_two_lists_of_parts_have_one_digest(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert digest(*one) != digest(*other)


def test_text_is_digested_as_utf_8() -> None:
    assert digest("并发", "x") == digest("并发".encode(), b"x")
    assert len(digest()) == 64


def test_the_real_packages_are_what_instruments_need() -> None:
    assert {"gdb", "binutils", "gcc"} <= set(packages())


# The tools image


@pytest.mark.parametrize("name", ["tools.Dockerfile", "packages", "bootstrap"])
def test_each_file_of_the_tools_image_changes_its_recipe(docker: Path, name: str) -> None:
    before = tools_recipe(docker)
    edit(docker / name)
    assert tools_recipe(docker) != before


def test_the_dockerfile_of_releases_does_not_change_the_tools_recipe(docker: Path) -> None:
    before = tools_recipe(docker)
    edit(docker / "Dockerfile")
    assert tools_recipe(docker) == before


def test_known_tools_are_those_of_the_present_recipe(docker: Path, tmp_path: Path) -> None:
    notes = Notes(tmp_path, docker)
    assert notes.tools() is None
    made = Tools(tools_recipe(docker), "f" * 64)
    notes.keep_tools(made)
    assert notes.tools() == Notes(tmp_path, docker).tools() == made
    edit(docker / "packages")
    assert notes.tools() is None


@pytest.mark.parametrize("content", ["", '{"recipe": "x"', '{"recipe": "x"}', "[]"])
def test_a_damaged_note_of_the_tools_is_as_none(docker: Path, tmp_path: Path, content: str) -> None:
    """It is a cache: ctrl-C or a full disk while it was written must not stop every later command."""
    notes = Notes(tmp_path, docker)
    notes.keep_tools(Tools(tools_recipe(docker), "f" * 64))
    (note,) = tmp_path.glob("*.json")
    note.write_text(content)
    assert notes.tools() is None


def test_the_tools_tag_is_that_of_its_layers() -> None:
    assert TOOLS.tag == "claimlab/tools:0123456789abcdef"
    assert layers_identity(["sha256:a", "sha256:b"]) != layers_identity(["sha256:b", "sha256:a"])


# The image of a release


def test_the_tag_names_the_release_and_its_hash(docker: Path) -> None:
    found = release_hash(RELEASE, TOOLS, docker)
    assert release_tag(RELEASE, TOOLS, docker) == f"claimlab/go:1.24.11-{found[:16]}"


@pytest.mark.parametrize(
    ("release", "tools"),
    [
        (replace(RELEASE, version="1.24.12"), TOOLS),
        (replace(RELEASE, hashes=dict.fromkeys(PLATFORMS, "b" * 64)), TOOLS),
        (RELEASE, replace(TOOLS, identity="other")),
    ],
    ids=["version", "wheel", "tools"],
)
def test_each_input_changes_the_hash_of_a_release(docker: Path, release: Release, tools: Tools) -> None:
    assert release_hash(release, tools, docker) != release_hash(RELEASE, TOOLS, docker)


def test_the_dockerfile_changes_the_hash_of_a_release_and_the_tools_files_do_not(docker: Path) -> None:
    before = release_hash(RELEASE, TOOLS, docker)
    edit(docker / "packages")
    assert release_hash(RELEASE, TOOLS, docker) == before
    edit(docker / "Dockerfile")
    assert release_hash(RELEASE, TOOLS, docker) != before


def test_an_experiment_leaves_the_image_of_a_release_as_it_is(docker: Path) -> None:
    """It is of use to what is compiled on that image."""
    assert release_hash(replace(RELEASE, experiments=()), TOOLS, docker) == release_hash(RELEASE, TOOLS, docker)


def test_equal_tools_from_another_recipe_leave_a_release_as_it_is(docker: Path) -> None:
    """What counts is the files that came out, so a comment in the recipe rebuilds no Go image."""
    assert release_hash(RELEASE, replace(TOOLS, recipe="other"), docker) == release_hash(RELEASE, TOOLS, docker)


def test_facts_are_found_by_tag(tmp_path: Path) -> None:
    tag = "claimlab/go:1.24.11-0123456789abcdef"
    notes = Notes(tmp_path)
    assert notes.facts(tag) == {}
    notes.keep_facts(tag, {"gdb": "GNU gdb 13.1"})
    assert notes.facts(tag) == Notes(tmp_path).facts(tag) == {"gdb": "GNU gdb 13.1"}
    assert notes.facts(tag.replace("1.24.11", "1.24.12")) == {}
    assert Notes(tmp_path / "another project's cache").facts(tag) == {}


def spoil(path: Path, how: str) -> None:
    """Something stands there that an interrupted command, or anybody, may have left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if how == "cut":
        path.write_text('{"recipe": "abc", "ident')
    elif how == "empty":
        path.touch()
    elif how == "other JSON":
        path.write_text('[{"recipe": 3}]')
    elif how == "not UTF-8":
        path.write_bytes(b'{"recipe": "\xff\xfe", "identity": "", "gdb": "\xff"}')
    elif how == "a folder":
        path.mkdir()
        (path / "with").write_text("something in it")
    elif how == "a pipe":
        os.mkfifo(path)
    elif how == "a link to nothing":
        path.symlink_to(path.with_name("nothing"))
    elif how == "a link to itself":
        path.symlink_to(path)
    elif how == "a link to a device without end":
        path.symlink_to("/dev/zero")


SPOILT = (
    "cut",
    "empty",
    "other JSON",
    "not UTF-8",
    "a folder",
    "a pipe",
    "a link to nothing",
    "a link to itself",
    "a link to a device without end",
)


@pytest.mark.parametrize("how", SPOILT)
def test_a_damaged_note_is_none_and_makes_way_for_the_next(docker: Path, tmp_path: Path, how: str) -> None:
    tag = "claimlab/go:1.24.11-0123456789abcdef"
    notes = Notes(tmp_path, docker)
    tools = Tools(tools_recipe(docker), "f" * 64)
    places = [tmp_path / "tools-image.json", tmp_path / "images" / "claimlab_go_1.24.11-0123456789abcdef.json"]
    for place in places:
        spoil(place, how)
    assert notes.tools() is None
    assert notes.facts(tag) == {}
    notes.keep_tools(tools)
    notes.keep_facts(tag, {"gdb": "GNU gdb 13.1"})
    assert (notes.tools(), notes.facts(tag)) == (tools, {"gdb": "GNU gdb 13.1"})
    assert all(place.is_file() and not place.is_symlink() for place in places)
    assert not (tmp_path / "nothing").exists()
    assert not (tmp_path / "images" / "nothing").exists()


@pytest.mark.parametrize("identity", ["", "0123", 5, "../../x"])
def test_an_identity_that_cannot_be_one_is_none(docker: Path, tmp_path: Path, identity: object) -> None:
    note = {"recipe": tools_recipe(docker), "identity": identity}
    (tmp_path / "tools-image.json").write_text(json.dumps(note))
    assert Notes(tmp_path, docker).tools() is None


def test_where_nothing_can_be_noted_a_sentence_says_so(docker: Path, tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file, where the folder is to be")
    with pytest.raises(EnvironmentMissing, match=r"cannot be kept: .*images.* who may write there"):
        Notes(tmp_path, docker).keep_facts("claimlab/go:1.24.11-0123456789abcdef", {})
    notes = Notes(tmp_path, docker)
    with pytest.raises(EnvironmentMissing, match=r"cannot be kept: .*images"), notes.alone_with("claimlab/go:1-2"):
        raise AssertionError("it went on")


def test_what_is_forgotten_is_known_no_more(docker: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "toolchains").mkdir()
    notes = Notes(cache, docker)
    notes.forget()
    notes.keep_tools(Tools(tools_recipe(docker), "f" * 64))
    notes.keep_facts("claimlab/go:1.24.11-0123456789abcdef", {"gdb": "GNU gdb 13.1"})
    notes.forget()
    assert notes.tools() is None
    assert notes.facts("claimlab/go:1.24.11-0123456789abcdef") == {}
    assert [path.name for path in cache.iterdir()] == ["toolchains"]


# Build contexts


def tree(folder: Path, modified_s: int) -> Path:
    """A small GOROOT whose files were written at a given time."""
    (folder / "bin").mkdir(parents=True)
    for name, mode in {"bin/go": 0o755, "VERSION": 0o644, "README": 0o644}.items():
        path = folder / name
        path.write_text(name)
        path.chmod(mode)
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (modified_s, modified_s))
    return folder


FILES = {"Dockerfile": b"FROM scratch\n", "warm": b"go build\n"}


def test_a_context_holds_what_it_was_given(tmp_path: Path) -> None:
    target = tmp_path / "context.tar"
    pack_context(target, FILES, {"go": tree(tmp_path / "goroot", 1_700_000_000)})
    with tarfile.open(target) as archive:
        entries = {entry.name: entry for entry in archive.getmembers()}
        content = {name: archive.extractfile(name) for name, entry in entries.items() if entry.isfile()}
        assert {name: opened.read() for name, opened in content.items() if opened} == {
            **FILES,
            "go/bin/go": b"bin/go",
            "go/VERSION": b"VERSION",
            "go/README": b"README",
        }
    assert {(entry.uid, entry.gid, entry.uname, entry.gname) for entry in entries.values()} == {(0, 0, "", "")}
    assert entries["go/bin/go"].mode == 0o755
    assert entries["Dockerfile"].mode == entries["go/VERSION"].mode == 0o644
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["context.tar"]


def test_the_order_of_files_and_trees_does_not_matter(tmp_path: Path) -> None:
    trees = {name: tree(tmp_path / name, 1_700_000_000) for name in ("go", "lib")}
    pack_context(tmp_path / "one.tar", FILES, trees)
    pack_context(tmp_path / "two.tar", dict(reversed(FILES.items())), dict(reversed(trees.items())))
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


def test_when_a_toolchain_was_unpacked_does_not_matter(tmp_path: Path) -> None:
    """Equal inputs give equal layers, also on another day or another machine."""
    for name, modified_s in {"one": 1_700_000_000, "two": 1_800_000_000}.items():
        pack_context(tmp_path / f"{name}.tar", FILES, {"go": tree(tmp_path / name, modified_s)})
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
