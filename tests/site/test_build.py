"""The site: how it is built, and what it says when it cannot be."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.bench_fixtures import eventually
from tests.colours_lab import write_lab
from tests.ours import ROOT, write_project

from claimlab.project.errors import BadData
from claimlab.project.project import Project, load
from claimlab.site.build import PagesFailed, build_site


def test_the_site_is_built_and_its_first_page_returned(tmp_path: Path) -> None:
    said: list[str] = []
    project = _small_project(tmp_path)
    first = build_site(project, "docker", out=tmp_path / "html", say=said.append)
    assert first == tmp_path / "html" / "index.html"
    assert "Hello" in first.read_text()
    assert said == ["building the pages from the record of engine docker"]


def test_topics_that_cannot_be_read_are_told_before_anything_is_built(tmp_path: Path) -> None:
    _small_project(tmp_path)
    with (tmp_path / "claimlab.toml").open("a", encoding="utf-8") as settings:
        settings.write('\ntopics = "topics.toml"\n')
    topic = 'id = "a"\nquestion = "Is it?"\nanswer = "It is."\nclaims = { "none-such" = "holds" }\n'
    (tmp_path / "topics.toml").write_text(f"[[topic]]\n{topic}", encoding="utf-8")
    with pytest.raises(BadData, match="topic a: there is no claim none-such"):
        build_site(load(tmp_path), "docker", out=tmp_path / "html", say=lambda _: None)
    assert not (tmp_path / "html").exists()


def test_without_a_place_it_is_built_in_the_projects_own(tmp_path: Path) -> None:
    project = _small_project(tmp_path)
    assert build_site(project, "docker", say=lambda _: None) == tmp_path / "docs" / "_build" / "html" / "index.html"


def test_a_strict_site_with_gaps_fails_and_names_them(tmp_path: Path) -> None:
    project = _small_project(tmp_path)
    with pytest.raises(PagesFailed, match=r"colours on 1\.27\.3: not measured yet") as failed:
        build_site(project, "docker", strict=True, out=tmp_path / "html", say=lambda _: None)
    assert failed.value.exit_code == 1


def test_both_languages_are_built(tmp_path: Path) -> None:
    first = build_site(_small_project(tmp_path), "docker", out=tmp_path / "html", say=lambda _: None)
    for folder, words in (("", "untestable|missing|inconclusive"), ("zh/", "未定")):
        assert re.search(words, (first.parent / f"{folder}claims/1.1-a.html").read_text())


def test_the_first_language_is_at_the_root_of_the_site_and_no_other_is_built(tmp_path: Path) -> None:
    first = build_site(_small_project(tmp_path, ("zh",)), "docker", out=tmp_path / "html", say=lambda _: None)
    assert "未定" in (first.parent / "claims/1.1-a.html").read_text()
    assert not (first.parent / "zh").exists()
    assert not (first.parent / "en").exists()


def test_only_the_toolchains_asked_for_are_shown(tmp_path: Path) -> None:
    project, go = _small_project(tmp_path), ["1.23", "1.24.11"]
    build_site(project, "docker", out=tmp_path / "html", go=go, say=lambda _: None)
    assert sorted(path.stem for path in (tmp_path / "html" / "releases").glob("*.html")) == ["1.23", "1.24"]


def test_a_warning_fails_the_site_and_is_told(tmp_path: Path) -> None:
    project = _small_project(tmp_path, text="{claimlab:claim}`9.9-z`")
    with pytest.raises(PagesFailed, match=r"there is no claim 9\.9-z"):
        build_site(project, "docker", out=tmp_path / "html", say=lambda _: None)


def test_an_unknown_engine_fails_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(PagesFailed, match="There is no engine 'steam'"):
        build_site(_small_project(tmp_path), "steam", out=tmp_path / "html", say=lambda _: None)


def test_building_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build_site(_small_project(tmp_path), "docker", out=tmp_path / "html", say=lambda _: None)
    assert capfd.readouterr() == ("", "")


def _small_project(folder: Path, languages: tuple[str, ...] = ("en", "zh"), text: str = "Nothing else.") -> Project:
    """One page, and a lab without observations."""
    write_lab(folder)
    docs = folder / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('extensions = ["claimlab.site"]\nhtml_theme = "furo"\n')
    toctree = "```{toctree}\n:glob:\n\nchapters/*\nlabs/*\n```"
    (docs / "index.md").write_text(f"# Hello\n\n{text}\n\n{toctree}\n")
    return write_project(folder, languages=languages)


# Several at once, and after one that was killed


def test_two_commands_that_build_the_same_pages_follow_each_other(tmp_path: Path) -> None:
    """Four of them, each after claims are gone whose stubs are still there."""
    project = _small_project(tmp_path)
    build_site(project, "docker", out=tmp_path / "html", say=lambda _: None)
    stubs = [tmp_path / "docs" / "claims" / f"9.{number}-a.md" for number in range(40)]
    stub = (tmp_path / "docs" / "claims" / "1.1-a.md").read_text()
    said: list[str] = []
    for _ in range(2):
        for path in stubs:
            path.write_text(stub.replace("1.1-a", path.stem))
        with ThreadPoolExecutor(2) as pool:
            builds = [
                pool.submit(build_site, project, "docker", out=tmp_path / "html", say=said.append) for _ in range(2)
            ]
            for build in builds:
                assert build.result().is_file()
        assert not [path for path in stubs if path.exists()]
    assert said.count("waiting: these pages are being built by another command") == 2


def test_pages_of_a_build_that_was_killed_are_all_built_again(tmp_path: Path) -> None:
    """A page that was cut is newer than its source, which is how Sphinx tells what there is to do."""
    project = _small_project(tmp_path)
    first = build_site(project, "docker", out=tmp_path / "html", say=lambda _: None)
    whole = first.read_text()
    mark = first.parent.with_name("html.unfinished")
    assert not mark.exists()
    code = "import sys; from pathlib import Path; from claimlab.project.project import load; "
    code += "from claimlab.site.build import build_site; "
    code += "build_site(load(Path(sys.argv[1])), 'docker', out=Path(sys.argv[1], 'html'))"
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path], env=env, stdout=subprocess.DEVNULL)
    assert eventually(mark.exists)
    process.kill()
    process.wait()
    first.write_text(whole[:100])  # as it would be in an unlucky moment
    said: list[str] = []
    build_site(project, "docker", out=tmp_path / "html", say=said.append)
    assert first.read_text() == whole
    assert not mark.exists()
