"""A new lab: what is refused, what is written, and that it works and passes the checks as it is."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from tests.bench_fixtures import EITHER, NEWEST, pinned, silent
from tests.ours import OUR, write_project
from tests.tiny_lab import NOWHERE, Checkout

from claimlab.benches.engine import Engine
from claimlab.cli.new_lab import FILES, Draft, draft, write
from claimlab.project.claim import load_chapter
from claimlab.project.errors import Refused
from claimlab.project.outcome import Outcome
from claimlab.project.project import load
from claimlab.toolchains.origins import ensure
from claimlab.trials.lab import LabFolder, find_labs
from claimlab.verdicts.expectations import expected_of
from claimlab.verdicts.judges import judges_of

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]

CHAPTER = """# A remark that stays.

[chapter]
number = 9
title = { en = "Toys", zh = "玩具" }

[[section]]
id = "9.1"
title = { en = "Numbers", zh = "数字" }

[[section]]
id = "9.2"
title = { en = "Letters", zh = "字母" }
"""
CLAIMS = """
[[claim]]
id = "9.1-a"
section = "9.1"
en = "Nobody asks this."
zh = "没有人问这个。"

[[claim]]
id = "9.1-b"
section = "9.1"
en = "A secret says so."
zh = "秘密如此。"
untestable = { en = "The secret is not public.", zh = "秘密不公开。" }

[[claim]]
id = "9.1-c"
section = "9.1"
en = "It has nothing to do with Go."
zh = "这与 Go 无关。"
axis = "none"

[[claim]]
id = "9.2-d"
section = "9.2"
en = "The letters a to c went away."
zh = "字母 a 到 c 已经不在了。"
"""


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    """The folder of an article with two chapters, 8 and 9; neither has a lab."""
    project = write_project(tmp_path)
    for number in (8, 9):
        folder = tmp_path / "labs" / f"ch{number}_toys"
        folder.mkdir(parents=True)
        text = CHAPTER + CLAIMS if number == 9 else CHAPTER.replace("9", "8")
        (folder / "claims.toml").write_text(text)
    return project.articles[0].folder


def drafted(labs: Path, name: str, chapter: str = "", claim: str = "") -> Draft:
    """As the command drafts it, which reads the project afresh."""
    return draft(load(labs.parent), name, chapter, claim)


def new(labs: Path, name: str = "toy", chapter: str = "9", claim: str = "") -> LabFolder:
    made = drafted(labs, name, chapter, claim)
    write(made)
    return LabFolder(made.folder, load(labs.parent))


def claims_of(lab: LabFolder) -> dict[str, Outcome | None]:
    """The claims of the lab's chapter, with what is expected anywhere."""
    return {claim.id: expected_of(claim, None) for claim in load_chapter(lab.path.parent / "claims.toml").claims()}


# What is written


def test_a_lab_is_a_folder_with_three_files(labs: Path) -> None:
    assert write(drafted(labs, "map-growth", "9", "9.1-a")) == [
        labs / "ch9_toys" / "map_growth" / file for file in FILES
    ]
    assert [lab.name for lab in find_labs(load(labs.parent))] == ["map-growth"]


def test_a_new_claim_gets_a_row_and_all_else_stays(labs: Path) -> None:
    path = labs / "ch9_toys" / "claims.toml"
    before = path.read_text()
    lab = new(labs, claim="9.1-x")
    assert path.read_text().startswith(before)
    row = tomllib.loads(path.read_text())["claim"][-1]
    assert (row["id"], row["section"], row["expected"]) == ("9.1-x", "9.1", "unclear")
    assert "toy" in row["en"]
    assert re.search(r"[\u4e00-\u9fff]", row["zh"])
    assert claims_of(lab)["9.1-x"] is Outcome.UNCLEAR


def test_a_claim_that_is_there_is_left_as_it_is(labs: Path) -> None:
    path = labs / "ch9_toys" / "claims.toml"
    before = path.read_text()
    lab = new(labs, claim="9.1-a")
    assert path.read_text() == before
    assert [judge.claim for judge in judges_of(lab)] == ["9.1-a"]


def test_a_chapter_without_claims_gets_its_first(labs: Path) -> None:
    lab = new(labs, chapter="8")
    assert claims_of(lab) == {"8.2-a": Outcome.UNCLEAR}


def test_without_an_id_the_claim_follows_the_last_one_and_fills_no_gap(labs: Path) -> None:
    assert [judges_of(new(labs, name))[0].claim for name in ("one", "two")] == ["9.2-e", "9.2-f"]


def test_after_z_comes_aa(labs: Path) -> None:
    new(labs, claim="9.2-z")
    assert drafted(labs, "other", "9").claim.id == "9.2-aa"


def test_a_claim_that_asks_nothing_of_go_gets_a_lab_that_does_not(labs: Path) -> None:
    assert not new(labs, claim="9.1-c").lab.has_axis
    assert new(labs, "other", claim="9.1-a").lab.has_axis


# What a new lab is


def test_it_has_the_shape_that_every_lab_of_the_project_has(labs: Path) -> None:
    lab = new(labs)
    assert lab.question.endswith("?")
    assert lab.lab.name == lab.name == "toy"
    assert lab.lab.seen_type.__struct_fields__
    (judge,) = judges_of(lab)
    assert judge.reading
    (control,) = judge.controls
    assert control.says
    assert control.known is Outcome.FAILS


@pytest.mark.parametrize("name", ["a", "a-name-of-40-letters-that-is-the-longest"])
def test_it_passes_the_checks_of_style_and_types(checkout: Checkout, name: str) -> None:
    (checkout.labs / "ch9_toys").mkdir(parents=True)
    (checkout.labs / "ch9_toys" / "claims.toml").write_text(CHAPTER)
    made = checkout.inv("lab.new", name, "--chapter", "9")
    assert made.returncode == 0, made.stderr
    for command in ("ruff check labs", "ruff format --check labs", "mypy labs"):
        done = checkout.started.finish(checkout.python("-m", *command.split()))
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_its_program_is_gofmt_ed(labs: Path) -> None:
    gofmt = ensure(pinned(NEWEST).release, OUR, silent) / "bin" / "gofmt"
    done = subprocess.run([gofmt, "-l", new(labs).path], capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_it_runs_at_once_and_decides_nothing(checkout: Checkout, either_engine: Engine) -> None:
    (checkout.labs / "ch9_toys").mkdir(parents=True)
    (checkout.labs / "ch9_toys" / "claims.toml").write_text(CHAPTER)
    made = checkout.inv("lab.new", "toy", "--chapter", "9")
    assert made.returncode == 0, made.stderr
    assert "labs/maps/ch9_toys/toy/judges.py" in made.stdout
    assert "./inv lab.toy --go 1.27" in made.stdout
    ran = checkout.inv("lab.toy", "--engine", either_engine.name)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"^9\.2-a +inconclusive +\?", ran.stdout, re.MULTILINE)
    assert "1 outcome: all as expected" in ran.stdout


# What is refused, before anything is written


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("MapGrowth", "map-growth"),
        ("map_growth", "map-growth"),
        ("map growth!", "map-growth"),
        ("-map--growth-", "map-growth"),
        ("2nd-map", "nd-map"),
        ("Карта", "map-growth"),
        ("", "map-growth"),
        ("a" * 41, "a" * 40),
        ("../../etc", "etc"),
    ],
)
def test_a_bad_name_is_refused_with_a_good_one(labs: Path, name: str, good: str) -> None:
    with pytest.raises(Refused, match=rf"is no name for a lab\. .* such as {good}\.$"):
        drafted(labs, name, "9")
    assert drafted(labs, good, "9").name == good


@pytest.mark.parametrize("name", ["all", "new", "chapter-2", "maps-chapter-2", "chapter-two", "maps-all"])
def test_a_name_that_is_a_command_is_refused(labs: Path, name: str) -> None:
    with pytest.raises(Refused, match=f"lab.{name} is a command already"):
        drafted(labs, name, "9")


def test_a_lab_that_is_there_is_refused_in_any_chapter(labs: Path) -> None:
    new(labs)
    for chapter in ("8", "9"):
        with pytest.raises(Refused, match=r"There is a lab toy already: .*ch9_toys/toy"):
            drafted(labs, "toy", chapter)


def test_a_folder_that_is_there_is_left_alone(labs: Path) -> None:
    (labs / "ch9_toys" / "toy").mkdir()
    with pytest.raises(Refused, match="ch9_toys/toy is there already"):
        drafted(labs, "toy", "9")


@pytest.mark.parametrize("chapter", ["", "7", "nine", "-9", "09"])
def test_a_chapter_that_is_not_there_is_refused_with_those_that_are(labs: Path, chapter: str) -> None:
    with pytest.raises(Refused, match=r"There are: labs:8, Toys; labs:9, Toys\. Say --chapter"):
        drafted(labs, "toy", chapter)


@pytest.mark.parametrize("claim", ["9", "9.1", "9.1-", "9.1-A", "9.3-a", "8.1-a/", "x", "9.1-a b", "8.1-a"])
def test_an_id_that_is_none_of_this_chapter_is_refused_with_one_that_is(labs: Path, claim: str) -> None:
    with pytest.raises(Refused, match=r"such as 9\.2-e\. The chapter's sections: 9\.1, 9\.2\."):
        drafted(labs, "toy", "9", claim)


@pytest.mark.parametrize("claim", ["9.1-q", "9.1-t1", "9.1-t1/2", "9.1-a/1"])
def test_ids_of_parts_and_of_rows_of_tables_are_ids_too(labs: Path, claim: str) -> None:
    assert drafted(labs, "toy", "9", claim).claim_is_new


def test_a_claim_of_another_chapter_is_refused(labs: Path) -> None:
    with pytest.raises(Refused, match=r"9\.1-a does not stand in chapter 8"):
        drafted(labs, "toy", "8", "9.1-a")


def test_a_claim_that_cannot_be_tested_is_refused_with_the_reason(labs: Path) -> None:
    with pytest.raises(Refused, match=r"9\.1-b cannot be tested: The secret is not public\. .*untestable"):
        drafted(labs, "toy", "9", "9.1-b")


def test_a_claim_that_is_judged_is_refused_with_its_lab(labs: Path) -> None:
    new(labs, claim="9.1-a")
    with pytest.raises(Refused, match=r"9\.1-a is judged already, by the lab toy\. .*toy\."):
        drafted(labs, "other", "9", "9.1-a")


def test_nothing_is_written_before_write(labs: Path) -> None:
    before = {path: path.read_text() for path in labs.rglob("*") if path.is_file()}
    assert isinstance(drafted(labs, "toy", "9"), Draft)
    assert {path: path.read_text() for path in labs.rglob("*") if path.is_file()} == before


# From the command line


def test_a_refusal_is_one_sentence_and_2(checkout: Checkout) -> None:
    done = checkout.inv("lab.new", "toy", "--chapter", "9", DOCKER_HOST=NOWHERE)
    assert done.returncode == 2
    assert done.stderr.startswith("There is no chapter 9. There are: none. Say --chapter")
    assert done.stdout == ""


def test_every_chapter_of_this_checkout_can_take_a_lab() -> None:
    for article in OUR.articles:
        for chapter in article.chapters:
            made = draft(OUR, "a-lab-that-is-not-there", f"{article.name}:{chapter.key}")
            assert made.claim_is_new
            assert made.claims == chapter.file
            assert made.claims.is_relative_to(article.folder)


def test_the_templates_are_no_modules() -> None:
    """Neither the checks of style and types nor the fingerprints of the package may take them for sources."""
    from claimlab.cli.new_lab import TEMPLATES

    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    assert {path.name for path in files if path.parent == TEMPLATES} == {f"{file}.txt" for file in FILES}
    assert {path.suffix for path in files} == {".txt"}
