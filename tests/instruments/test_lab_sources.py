"""Instruments that are given no sources take the lab's own."""

from collections.abc import Iterator

import pytest
from tests.bench_fixtures import EITHER, HELLO, shell

from claimlab.benches.bench import Bench
from claimlab.instruments.gobuild import build, lab_sources
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)


@pytest.fixture
def with_files(either_bench: Bench) -> Iterator[Bench]:
    """The bench as a trial of a lab with these files has it."""
    name, files = either_bench.name, either_bench.files
    either_bench.name = "own-files"
    inner = {f"inner/{file}": text.replace(b"hello", b"inner") for file, text in HELLO.items()}
    either_bench.files = {**HELLO, **inner, "lab.py": b"", "add_amd64.s": b"// nothing\n", "inner/deeper/x.go": b"x"}
    yield either_bench
    either_bench.name, either_bench.files = name, files


@either_engines
def test_the_labs_sources_are_those_of_one_folder(with_files: Bench) -> None:
    assert sorted(lab_sources(with_files)) == ["add_amd64.s", "main.go"]
    assert sorted(lab_sources(with_files, "inner")) == ["main.go"]
    assert sorted(lab_sources(with_files, "inner/deeper")) == ["x.go"]
    with pytest.raises(LabBroken, match="no Go sources in the lab's folder nowhere"):
        lab_sources(with_files, "nowhere")


@either_engines
def test_without_sources_the_labs_own_are_built_under_its_name(with_files: Bench) -> None:
    assert build(with_files).name == "own-files"
    assert shell(with_files, "./own-files").stdout == b"hello\n"
    assert build(with_files, folder="inner").name == "inner"
    assert shell(with_files, "./inner").stdout == b"inner\n"


@either_engines
def test_two_builds_of_a_lab_with_other_flags_do_not_overwrite_each_other(with_files: Bench) -> None:
    assert [build(with_files).name, build(with_files, flags="arm64").name] == ["own-files", "own-files-arm64"]
