"""A claim's page says which figures of its correction the record does not show."""

from tests.toy_project import Project

pytest_plugins = ["tests.toy_project"]


def test_a_figure_that_the_record_does_not_show_is_told_beside_the_correction(project: Project) -> None:
    project.put_all()
    path = project.lab.path.parent / "claims.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("It is even since 1.24.", "It is 3 up to then, and 17 later."), encoding="utf-8")
    built = project.build()
    assert "that the record behind these pages does not show: 17." in built.text("claims/9.1-a")
    path.write_text(text.replace("It is even since 1.24.", "It is 3 up to then."), encoding="utf-8")
    assert "does not show" not in project.build().text("claims/9.1-a")
