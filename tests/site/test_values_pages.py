"""The figures that a lab names, on its page."""

import re

import msgspec
from tests.toy_project import Project

pytest_plugins = ["tests.toy_project"]

VALUES = """from claimlab import Value


def values(seen):
    return {"the number": Value(seen.number, "B")} | ({"only odd": Value(1)} if seen.number % 2 else {})
"""


def test_the_page_of_a_lab_has_its_figures(project: Project) -> None:
    (project.lab.path / "values.py").write_text(VALUES)
    project.put_all("1.26.6")
    built = project.build()
    page = built.page("labs/toy")
    part = page[page.index('id="lab-toy-values"') :]
    table = part[: part.index("</table>")]
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", table)]
    assert len(cells) == 2 * 11
    assert cells[:4] == ["3 B", "3 B", "3 B", "2 B"]
    assert cells[11:15] == ["1", "1", "1", "–"]
    assert '<abbr title="not measured yet">–</abbr>' in table
    assert cells.count("2 B") == 7


def test_what_is_out_of_date_has_no_figure_on_a_page(project: Project) -> None:
    (project.lab.path / "values.py").write_text(VALUES)
    project.put_all()
    (project.lab.path / "main.go").write_text("package main // another\n")
    page = project.build().page("labs/toy")
    assert 'id="lab-toy-values"' not in page
    assert "stale" in page


def test_a_lab_without_figures_has_no_table_of_them(project: Project) -> None:
    project.put_all()
    assert 'id="lab-toy-values"' not in project.build().page("labs/toy")


def test_msgspec_reads_back_what_the_lab_declares(project: Project) -> None:
    """The fake observations have the shape that real ones have."""
    project.put("1.27.3", 2)
    observation = project.trial("1.27.3").recorded(project.record)
    assert observation is not None
    assert msgspec.json.decode(observation.seen, type=project.lab.lab.seen_type).number == 2
