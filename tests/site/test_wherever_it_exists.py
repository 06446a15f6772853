"""A claim about what exists on some releases only, and holds there: on its page, and among all others."""

from tests.toy_project import JUDGES, Project

pytest_plugins = ["tests.toy_project"]

VOID_WHERE_ODD = JUDGES.replace("import Finding, decided", "import Finding, decided, void").replace(
    "    return decided(", '    if number == 3:\n        return void("there is no such number")\n    return decided('
)


def test_what_is_void_on_some_releases_holds_wherever_it_exists(project: Project) -> None:
    (project.lab.path / "judges.py").write_text(VOID_WHERE_ODD.replace("lambda _: 3", "lambda _: 5"))
    project.put_all()
    built = project.build()
    assert built.warnings == ""
    assert "holds wherever it exists void on 1.21 – 1.23, holds on 1.24 – 1.27" in built.text("claims/9.1-a")
    assert '<div class="cl-answer cl-holds-wherever-it-exists">' in built.page("claims/9.1-a")
    index = built.page("index")
    assert 'data-verdict="holds wherever it exists"' in index
    assert 'href="#verdict=holds%20wherever%20it%20exists"' in index
    assert "true on every release that has what it is about" in built.text("index")
