"""The controls of a claim's judge on its page, right or wrong."""

import re

from tests.toy_project import JUDGES, Project

pytest_plugins = ["tests.toy_project"]

ONE = 'control=Control("number 3", lambda _: 3, Outcome.FAILS)'
TWO = f'control=({ONE.removeprefix("control=")}, Control("number 4", lambda _: 4, Outcome.HOLDS))'


def judged(project: Project, **changes: str) -> str:
    """The claim's page, after the judges were changed."""
    assert ONE in JUDGES
    judges = JUDGES.replace(ONE, TWO)
    for old, new in changes.items():
        assert old in judges
        judges = judges.replace(old, new)
    (project.lab.path / "judges.py").write_text(judges)
    project.put_all()
    built = project.build()
    assert built.warnings == ""
    return built.text("claims/9.1-a")


def test_each_control_is_shown_with_its_right_answer(project: Project) -> None:
    text = judged(project)
    assert "The controls" in text
    for number, answer in ((3, "fails"), (4, "holds")):
        assert re.search(f"number {number} — the right answer is \\W*{answer}", text)
        assert f"the number is {number}" in text
    assert text.count("The judge answered rightly on 11 of 11 toolchains") == 2


def test_the_wrong_one_of_two_controls_is_counted_for_itself(project: Project) -> None:
    text = judged(project, **{"number % 2 == 0": "number % 4 == 2"})
    assert "the judge failed on its control, number 4: fails instead of holds" in text
    assert "The judge answered rightly on 11 of 11 toolchains" in text
    assert "The judge answered rightly on 0 of 11 toolchains" in text


def test_what_a_failed_control_showed_is_on_the_page(project: Project) -> None:
    judged(project, **{"number % 2 == 0": "number % 4 == 2"})
    page = (project.root / "out" / "claims" / "9.1-a.html").read_text()
    controls = page.partition('class="cl-control"')[2].partition('id="replay"')[0]
    assert controls.count("<details") == 2
    assert re.search(r"<details[^>]*open[^>]*>.*0 of 11.*n = 4", controls, re.DOTALL)
    assert "n = 3" not in controls
