"""The site: how it is built, and what it says when it cannot be."""

import re
from pathlib import Path

import pytest
from tests.colours_lab import write_lab

from claimlab.site.build import PagesFailed, build_site


def test_the_site_is_built_and_its_first_page_returned(tmp_path: Path) -> None:
    source = _small_source(tmp_path)
    said: list[str] = []
    first = build_site("docker", source=source, out=tmp_path / "html", say=said.append)
    assert first == tmp_path / "html" / "index.html"
    assert "Hello" in first.read_text()
    assert len(said) == 1


def test_a_strict_site_with_gaps_fails_and_names_them(tmp_path: Path) -> None:
    source = _small_source(tmp_path)
    with pytest.raises(PagesFailed, match=r"colours on 1\.27\.3: not measured yet") as failed:
        build_site("docker", strict=True, source=source, out=tmp_path / "html", say=lambda _: None)
    assert failed.value.exit_code == 1


def test_both_languages_are_built(tmp_path: Path) -> None:
    first = build_site("docker", source=_small_source(tmp_path), out=tmp_path / "html", say=lambda _: None)
    for folder, words in (("", "untestable|missing|inconclusive"), ("zh/", "未定")):
        assert re.search(words, (first.parent / f"{folder}claims/1.1-a.html").read_text())


def test_only_the_toolchains_asked_for_are_shown(tmp_path: Path) -> None:
    source, go = _small_source(tmp_path), ["1.23", "1.24.11"]
    build_site("docker", source=source, out=tmp_path / "html", go=go, say=lambda _: None)
    assert sorted(path.stem for path in (tmp_path / "html" / "releases").glob("*.html")) == ["1.23", "1.24"]


def test_a_warning_fails_the_site_and_is_told(tmp_path: Path) -> None:
    source = _small_source(tmp_path, "{claimlab:claim}`9.9-z`")
    with pytest.raises(PagesFailed, match=r"there is no claim 9\.9-z"):
        build_site("docker", source=source, out=tmp_path / "html", say=lambda _: None)


def test_an_unknown_engine_fails_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(PagesFailed, match="There is no engine 'steam'"):
        build_site("steam", source=_small_source(tmp_path), out=tmp_path / "html", say=lambda _: None)


def test_building_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build_site("docker", source=_small_source(tmp_path), out=tmp_path / "html", say=lambda _: None)
    assert capfd.readouterr() == ("", "")


def _small_source(folder: Path, text: str = "Nothing else.") -> Path:
    """One page, and a lab without observations."""
    write_lab(folder / "labs_here")
    source = folder / "docs"
    source.mkdir()
    places = 'claimlab_labs = "../labs_here"\nclaimlab_record = "../record"\n'
    (source / "conf.py").write_text(f'extensions = ["claimlab.site"]\nhtml_theme = "furo"\n{places}')
    toctree = "```{toctree}\n:glob:\n\nchapters/*\nlabs/*\n```"
    (source / "index.md").write_text(f"# Hello\n\n{text}\n\n{toctree}\n")
    return source
