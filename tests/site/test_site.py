"""The Sphinx extension on a small project: real builds of a lab whose observations are made here."""

import re
import shutil
from collections.abc import Callable

import pytest
from tests.toy_project import OTHER_JUDGES, OTHER_LAB, Project

from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage

pytest_plugins = ["tests.toy_project"]

ALL_PAGES = {
    "index",
    "plain",
    "articles/labs",
    "chapters/9",
    *("labs/toy", "compare/index", "log/index"),
    *(f"claims/9.1-{letter}" for letter in "abc"),
    *(f"releases/1.{minor}" for minor in range(21, 28)),
    *(f"compare/1.{one}-1.{other}" for one in range(21, 28) for other in range(one + 1, 28)),
}


def shown(said: str, text: str) -> bool:
    return re.sub(r"\W+", "", said) in re.sub(r"\W+", "", text)


def test_a_measured_claim_is_shown_with_everything(project: Project) -> None:
    project.put_all()
    built = project.build()
    assert built.warnings == ""
    text = built.text("claims/9.1-a")
    for said in (
        "9.1-a The number n is even.",
        "Chapter 9 › 9.1 Numbers · lab toy",
        "数字 n 是偶数。",
        "version-dependent fails on 1.21 – 1.23, holds on 1.24 – 1.27",
        "What it should have said It is even since 1.24. 从 1.24 起才是偶数。",
        "Read as Even means divisible by two.",
        "✗ fails 1.21.13, 1.22.10, 1.23.9 the number is 3",
        "n = 2",
        "number 3 — the right answer is ✗ fails",
        "The judge answered rightly on 11 of 11 toolchains",
        "src/runtime/map.go 1.21 – 1.23 src/runtime/chan.go",
        "claimlab lab.toy --fresh",
    ):
        assert shown(said, text), said
    page = built.page("claims/9.1-a")
    assert 'id="claim-9-1-a"' in page
    assert 'lang="zh-CN"' in page


def test_the_page_of_a_lab_has_its_evidence(project: Project) -> None:
    project.put_all()
    text = project.build().text("labs/toy")
    for said in (
        "Is the toy's number even?",
        "(gdb) print n $1 = 3",
        "Stopped there",
        "$ GOMAXPROCS=2 ./toy",
        "odd/2: 10 × GOMAXPROCS=2 ./toy fatal error: odd; exit code 2 10",
        "package main",
        "claimlab lab.toy --go 1.24.11+noswissmap --engine local --fresh",
        "sha256:abcdef",
        "GOFLAGS=-mod=mod go build -o toy .",
    ):
        assert shown(said, text), said


def test_the_matrix_links_to_every_claim(project: Project) -> None:
    project.put_all()
    page = project.build().page("index")
    matrix = page[page.index("<table") : page.index("</table>")]
    assert re.findall(r'href="(claims/[^"]+)"', matrix) == [f"claims/9.1-{letter}.html" for letter in "abc"]
    cells = re.findall(r'<td class="cl-cell[^>]* colspan="([0-9]+)"[^>]*><span[^>]*>([✓✗])', matrix)
    assert cells == [("3", "✗"), ("4", "✓"), ("4", "✓")], (
        "the releases up to 1.23, those after it, builds with experiments"
    )
    assert 'data-verdict="version-dependent" data-flips="1.24"' in matrix


def test_a_chapter_has_every_claim_in_short(project: Project) -> None:
    project.put_all()
    built = project.build()
    assert 'id="claim-9-1-b"' in built.page("chapters/9")
    assert 'href="../claims/9.1-c.html"' in built.page("chapters/9")
    assert shown("9.1-c A secret says so. 秘密如此。 untestable The secret is not public.", built.text("chapters/9"))


def test_a_release_says_what_changed_in_it(project: Project) -> None:
    project.put_all()
    built = project.build()
    assert "There is no earlier release to compare it with." in built.text("releases/1.21")
    text = built.text("releases/1.24")
    assert "Compared with Go 1.23 (go1.23.9)." in text
    assert shown("9.1-a ✗ fails → ✓ holds The number n is even.", text)
    assert "none was laid out anew" in text
    assert "No claim that was measured was true before and is false now." in built.text("releases/1.25")


def test_the_pages_are_chinese_in_chinese(project: Project) -> None:
    project.put_all()
    built = project.build(language="zh_CN")
    assert built.warnings == ""
    text = built.text("claims/9.1-a")
    assert shown("因版本而异 1.21 – 1.23 不成立，1.24 – 1.27 成立", text)
    assert shown("应当这样写 从 1.24 起才是偶数。 It is even since 1.24.", text)
    assert "<title>在 Go 1.24–1.27 上成立，在 1.21–1.23 上不成立：数字 n 是偶数。" in built.page("claims/9.1-a")
    assert 'lang="en"' in built.page("claims/9.1-a")


def test_counts_tell_what_was_tested(project: Project) -> None:
    project.put_all()
    text = project.build().text("index")
    assert "1 version-dependent" in text
    assert "1 of 3 claims tested (33%). Cannot be tested, for reasons that are given: 1. Without a lab yet: 1." in text


def test_references_lead_to_the_page_with_the_evidence(project: Project) -> None:
    project.put_all()
    page = project.build(parallel=1).page("plain")
    assert 'href="labs/toy.html#lab-toy"' in page
    for letter in "abc":
        assert f'href="claims/9.1-{letter}.html#claim-9-1-{letter}"' in page


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("{claimlab:claim}`9.9-z`", "there is no claim 9.9-z"),
        ("{claimlab:lab}`toys`", "there is no lab toys"),
        ("```{claimlab:claim} 9.9-z\n```", "there is no claim 9.9-z"),
        ("```{claimlab:lab} toys\n```", "there is no lab toys"),
        ("```{claimlab:chapter} nine\n```", "there is no chapter nine"),
        ("```{claimlab:matrix} 8\n```", "there is no chapter 8"),
        ("```{claimlab:claim-page} 9.9-z\n```", "there is no claim 9.9-z"),
        ("```{claimlab:release} 1.20\n```", "there is no release 1.20"),
    ],
)
def test_what_does_not_exist_is_a_warning(project: Project, source: str, warning: str) -> None:
    project.write("plain", f"# Plain\n\n{source}\n")
    assert warning in project.build().warnings


def test_an_article_without_chapters_has_a_page_and_who_refers_to_its_claims_is_told(project: Project) -> None:
    shutil.rmtree(project.lab.path.parent)
    built = project.build()
    assert "there is no claim 9.1-a" in built.warnings
    assert "Toys (en)" in built.text("articles/labs")


def test_the_claim_directive_stands_on_any_page_and_twice_on_one(project: Project) -> None:
    project.put_all()
    project.write("plain", "# Plain\n\n" + 2 * "```{claimlab:claim} 9.1-a\n```\n\n")
    built = project.build()
    assert built.warnings == ""
    assert built.page("plain").count('href="claims/9.1-a.html"') == 2
    assert built.text("plain").count("What it should have said") == 2


def _leave_missing(project: Project) -> None:
    project.put_all("1.25.5")


def _make_stale(project: Project) -> None:
    project.put_all()
    path = project.trial("1.25.5")
    real = project.record.path("toy", "1.25.5", project.engine.name, path.address)
    real.rename(real.with_name(f"{project.engine.name}-00000000000000000000.json"))


def _break_trial(project: Project) -> None:
    project.put_all("1.25.5")
    broken = Breakage(SCHEMA, "toy", "1.25.5", project.engine.name, "gdb was eaten")
    project.record.put_breakage(broken, project.trial("1.25.5").address)


def _break_judge(project: Project) -> None:
    project.put_all("1.25.5")
    project.put("1.25.5", 2)
    judges = project.lab.path / "judges.py"
    judges.write_text(judges.read_text().replace("number % 2 == 0", "number in (2, 3)"))


@pytest.mark.parametrize(
    ("harm", "outcome", "words"),
    [
        (_leave_missing, "missing", "not measured yet"),
        (_make_stale, "missing", "stale: something that goes into the measurement has changed since"),
        (_break_trial, "broken", "the lab failed"),
        (_break_judge, "broken", "the judge failed on its control"),
    ],
)
def test_a_gap_is_shown_and_fails_only_a_strict_build(
    project: Project, harm: Callable[[Project], None], outcome: str, words: str
) -> None:
    harm(project)
    built = project.build()
    assert built.warnings == ""
    for page in ("index", "labs/toy", "chapters/9"):
        assert "Gaps: these trials have no outcome" in built.text(page)
    for page in ("index", "labs/toy", "chapters/9", "claims/9.1-a"):
        assert words in built.text(page)
        assert "inconclusive" in built.text(page)
        assert f'class="cl-mark cl-{outcome}"' in built.page(page)
    for _ in range(2):  # the second strict build reads no page, and must complain all the same
        strict = project.build(claimlab_strict=True)
        assert f"toy on 1.25.5: {words}" in strict.warnings
        assert "9.1-b" not in strict.warnings


def test_what_broke_a_trial_is_shown(project: Project) -> None:
    _break_trial(project)
    assert "gdb was eaten" in project.build().text("labs/toy")


def test_a_strict_build_without_gaps_is_silent_about_pending_claims(project: Project) -> None:
    project.put_all()
    assert project.build(claimlab_strict=True).warnings == ""


def test_only_pages_that_use_a_changed_observation_are_read_again(project: Project) -> None:
    project.put_all()
    assert project.build().read == ALL_PAGES
    assert project.build().read == set()
    project.put("1.27.3", 4)
    built = project.build()
    assert built.read == {"claims/9.1-a", "labs/toy"}
    assert "the number is 4" in built.text("claims/9.1-a")


def test_another_outcome_concerns_the_overviews_too(project: Project) -> None:
    project.put_all()
    project.build()
    project.put("1.27.3", 5)
    assert project.build().read == ALL_PAGES - {"plain", "claims/9.1-b", "claims/9.1-c"}


def test_a_page_is_read_again_when_a_missing_observation_arrives(project: Project) -> None:
    project.put_all("1.27.3")
    assert "not measured yet" in project.build().text("labs/toy")
    assert project.build().read == set()
    project.put("1.27.3", 2)
    assert "not measured yet" not in project.build().text("labs/toy")


def test_a_page_is_read_again_when_the_address_of_its_observation_changes(project: Project) -> None:
    project.put_all()
    project.build()
    (project.lab.path / "more.go").write_text("package main\n")
    built = project.build()
    assert built.read == ALL_PAGES - {"plain", "log/index", "claims/9.1-b", "claims/9.1-c"}
    assert "stale" in built.text("labs/toy")


def test_a_new_lab_needs_no_other_file_and_leaves_no_page_behind(
    project: Project, make_lab: Callable[..., LabFolder]
) -> None:
    project.put_all()
    project.build()
    other = make_lab(OTHER_LAB, OTHER_JUDGES, where="labs/ch9_toys/other")
    built = project.build()
    assert "Is the other toy's number even?" in built.text("labs/other").replace("’", "'")
    assert "the other toy" in built.text("labs/other").replace("’", "'").lower()
    assert shown("lab other", built.text("claims/9.1-b"))
    for path in other.path.iterdir():
        if path.is_file():
            path.unlink()
    built = project.build()
    assert not (project.root / "docs" / "labs" / "other.md").exists()
    assert not shown("lab other", built.text("claims/9.1-b"))


def test_pages_written_by_hand_beside_the_stubs_are_left_alone(project: Project) -> None:
    (project.root / "docs" / "labs").mkdir()
    project.write("labs/notes", "# Notes\n")
    project.build()
    assert (project.root / "docs" / "labs" / "notes.md").read_text() == "# Notes\n"


def test_an_engine_that_does_not_exist_stops_the_build(project: Project) -> None:
    with pytest.raises(Exception, match="There is no engine 'steam'"):
        project.build(claimlab_engine="steam")


def test_the_record_is_not_written(project: Project) -> None:
    project.put_all("1.25.5")
    before = sorted(project.record.root.rglob("*"))
    project.build()
    assert sorted(project.record.root.rglob("*")) == before
