"""What changed in verdicts from one build to another."""

import json
from xml.etree import ElementTree

import pytest
from tests.toy_project import Project

pytest_plugins = ["tests.toy_project"]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_796_000_000))  # 2026-11-30


def test_a_change_is_dated_and_is_in_the_feed_and_the_same_build_again_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.put_all()
    first = project.build()
    assert "Kept since 2026-11-30." in first.text("log/index")
    assert "No verdict has changed since." in first.text("log/index")
    assert "log/index" not in project.build().read
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_796_090_000))
    for toolchain in ("1.21.13", "1.22.10", "1.23.9"):
        project.put(toolchain, 2)
    built = project.build()
    assert built.warnings == ""
    said = built.text("log/index")
    assert "2026-12-01 ¶ 9.1-a version-dependent → confirmed" in said.replace("2026-12-01 9", "2026-12-01 ¶ 9")
    assert "1.21.13 ✗ fails → ✓ holds 1.22.10" in said
    feed = ElementTree.parse(built.out / "log.xml").getroot()
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "version-dependent → confirmed: The number n is even. · 9.1-a"
    assert entry.findtext(f"{ATOM}updated") == "2026-12-01T00:00:00Z"
    before = (built.out / "log.json").read_bytes()
    assert project.build().read == set()
    assert (built.out / "log.json").read_bytes() == before


def test_a_gap_is_no_change_and_a_new_claim_is_one(project: Project) -> None:
    project.put_all()
    project.build()
    project.put("1.27.3", 2)
    (project.lab.path / "more.go").write_text("package main\n")
    assert "No verdict has changed since." in project.build().text("log/index")
    (project.lab.path / "more.go").unlink()
    claims = project.lab.path.parent / "claims.toml"
    claims.write_text(
        claims.read_text() + '[[claim]]\nid = "9.1-d"\nsection = "9.1"\nen = "One more."\nzh = "再一条。"\n'
    )
    said = project.build().text("log/index")
    assert "9.1-d new pending One more." in said
    assert "9.1-a" not in said


def test_pages_of_some_releases_change_nothing(project: Project) -> None:
    project.put_all()
    project.build()
    before = (project.root / "out" / "log.json").read_bytes()
    assert "No verdict has changed since." in project.build(claimlab_go=["1.24", "1.25"]).text("log/index")
    assert (project.root / "out" / "log.json").read_bytes() == before


@pytest.mark.parametrize("content", [b"{", b'{"schema": 2}'])
def test_one_that_cannot_be_read_begins_anew(project: Project, content: bytes) -> None:
    project.put_all()
    project.build()
    path = project.root / "out" / "log.json"
    path.write_bytes(content)
    project.build()
    assert json.loads(path.read_bytes())["verdicts"]["labs:9.1-a"]["verdict"] == "version-dependent"
