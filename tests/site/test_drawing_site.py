"""Pictures on the pages of a small project: where they stand, what lies beside them, when they are made anew."""

import json
import re
from collections.abc import Callable
from shutil import rmtree

import pytest
from tests.toy_project import Built, Project

pytest_plugins = ["tests.toy_project"]

PICTURES = """
from pathlib import Path

from claimlab.project.languages import Words
from claimlab.pictures import Amount, Amounts, On, Pictures

pictures = Pictures()


@pictures.of("9.1-a", title=Words("What `n` is", "`n` 是多少"))
def the_number(seen):
    with Path("MADE").open("a") as made:
        made.write("x")
    amounts = tuple(Amount("n", one.number, On((name,))) for name, one in seen.items())
    return Amounts(amounts, "apples", Words("The fewer, the better.", "越少越好。"))


@pictures.of("9.1-a", title=Words("Nothing", "无"))
def nothing(seen):
    return None
"""


CLAIM = "claims/9.1-a"


@pytest.fixture
def pictured(project: Project) -> Project:
    text = PICTURES.replace('"MADE"', repr(str(project.root / "made")))
    (project.lab.path / "pictures.py").write_text(text)
    project.put_all()
    return project


def made(project: Project) -> int:
    path = project.root / "made"
    return len(path.read_text()) if path.exists() else 0


def figures(built: Built, page: str) -> list[str]:
    return re.findall(r"<figure.*?</figure>", built.page(page), re.DOTALL)


def test_a_picture_stands_at_its_claim_and_on_its_labs_page(pictured: Project) -> None:
    built = pictured.build()
    assert built.warnings == ""
    for page in ("labs/toy", CLAIM):
        (shown,) = figures(built, page)
        assert shown.count('role="img" aria-label="What n is. n: Go 1.21 – 3 apples') == 2
        assert "The fewer, the better." in shown
    assert figures(built, "chapters/9") == []


def test_the_data_lie_beside_the_pages_and_links_lead_there(pictured: Project) -> None:
    built = pictured.build()
    path = built.out / "_downloads" / "pictures" / "toy-the-number.json"
    whole = json.loads(path.read_text())
    assert whole["title"] == {"en": "What `n` is", "zh": "`n` 是多少"}
    assert whole["data"]["amounts"][0] == {
        "label": "n",
        "value": 3,
        "whose": {"toolchains": ["1.21.13"]},
        "marked": False,
    }
    for page in ("labs/toy", CLAIM):
        assert 'href="../_downloads/pictures/toy-the-number.json" download=""' in figures(built, page)[0]


def read_again(project: Project) -> Built:
    """Every page, as if none had been built before; what is kept of pictures is left."""
    rmtree(project.root / "trees")
    return project.build(parallel=1)


def test_what_has_been_drawn_is_not_drawn_again(pictured: Project) -> None:
    pictured.build(parallel=1)
    assert made(pictured) == 1
    built = pictured.build(parallel=1)
    assert (built.read, made(pictured)) == (set(), 1)
    built = read_again(pictured)
    assert {CLAIM, "labs/toy"} <= built.read
    assert (len(figures(built, CLAIM)), made(pictured)) == (1, 1)


def test_another_observation_makes_another_picture(pictured: Project) -> None:
    pictured.build(parallel=1)
    pictured.put("1.27.3", 4)
    built = pictured.build(parallel=1)
    assert {CLAIM, "labs/toy"} <= built.read
    assert made(pictured) == 2
    assert (
        json.loads((built.out / "_downloads/pictures/toy-the-number.json").read_text())["data"]["amounts"][-1]["value"]
        == 4
    )


def test_pages_without_an_observation_have_no_picture_and_no_complaint(pictured: Project) -> None:
    pictured.put_all()
    for path in pictured.record.root.rglob("*.json"):
        path.unlink()
    built = pictured.build()
    assert (built.warnings, figures(built, CLAIM)) == ("", [])
    assert made(pictured) == 0


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("return 1 / 0", "it raised ZeroDivisionError('division by zero') (pictures.py:"),
        ("raise SystemExit(0)", "it tried to end the whole process: SystemExit(0) (pictures.py:"),
    ],
)
def test_a_picture_that_cannot_be_made_is_a_warning_and_the_page_goes_on(
    pictured: Project, statement: str, says: str
) -> None:
    path = pictured.lab.path / "pictures.py"
    path.write_text(path.read_text().replace("return None", statement))
    built = pictured.build(parallel=1)
    assert f"the picture nothing of lab toy cannot be made: {says}" in built.warnings
    assert len(figures(built, "labs/toy")) == 1


def test_pictures_that_cannot_be_read_are_a_warning_and_the_pages_go_on(pictured: Project) -> None:
    (pictured.lab.path / "pictures.py").write_text("pictures = = 1\n")
    built = pictured.build(parallel=1)
    assert "the pictures of lab toy cannot be made: " in built.warnings
    assert "it cannot be read: invalid syntax (pictures.py:1)" in built.warnings
    assert figures(built, "labs/toy") == []


@pytest.mark.parametrize("damage", [lambda whole: "{", lambda whole: whole.replace("the better", "the badder")])
def test_kept_pictures_that_are_damaged_or_edited_are_made_anew(
    pictured: Project, damage: Callable[[str], str]
) -> None:
    pictured.build(parallel=1)
    for path in pictured.record.root.with_name("record-pictures").rglob("*.json"):
        whole = path.read_text()
        assert damage(whole) != whole
        path.write_text(damage(whole))
    assert read_again(pictured).warnings == ""
    assert made(pictured) == 2


def test_an_edited_picture_measures_nothing_again(pictured: Project) -> None:
    before = pictured.trial("1.27.3").address
    path = pictured.lab.path / "pictures.py"
    path.write_text(path.read_text().replace("the better", "the worse"))
    assert pictured.trial("1.27.3").address == before
    assert "The fewer, the worse." in figures(pictured.build(), CLAIM)[0]


def test_pages_with_an_edited_picture_are_made_anew(pictured: Project) -> None:
    pictured.build(parallel=1)
    path = pictured.lab.path / "pictures.py"
    path.write_text(path.read_text().replace("the better", "the worse"))
    assert pictured.build(parallel=1).read == {CLAIM, "labs/toy"}
