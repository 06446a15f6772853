"""A claim that is data: what its table may say, and what is refused before anything is measured."""

from pathlib import Path

import msgspec
import pytest
from tests.ours import write_project

from claimlab.project.errors import BadData
from claimlab.project.project import Project
from claimlab.questions.claimed import SURE_TYPE, looked
from claimlab.questions.codes import Code
from claimlab.questions.decided import Compiler
from claimlab.questions.labs import all_labs
from claimlab.questions.layouts import Layout
from claimlab.questions.runs import Run

MAIN = b"package main\n\ntype T struct{ a, b int }\n\nfunc f() int { return 1 }\n\nfunc main() { f() }\n"


def table(**given: object) -> str:
    return msgspec.json.encode(given).decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.go").write_bytes(MAIN)
    return tmp_path


def test_a_table_asks_the_question_that_look_asks(folder: Path) -> None:
    question, files = looked(table(layout="T", field="b", offset=8, **{"in": "main.go"})).asks(folder)
    assert question == Layout(type="main.T", others=(SURE_TYPE,), at="main.go", package=".")
    assert files == {"main.go": MAIN}
    question, _ = looked(table(code="f", calls="runtime.gopanic", **{"in": "main.go"})).asks(folder)
    assert isinstance(question, Code)
    assert question.function == "main.f"
    question, _ = looked(table(compiler="main.go", line=5, decides="can inline")).asks(folder)
    assert question == Compiler(at="main.go", package=".", control=True)
    question, _ = looked(table(run="main.go", exit=0, godebug="a=1", env={"B": "2"})).asks(folder)
    assert isinstance(question, Run)
    assert question.env == {"GODEBUG": "a=1", "B": "2"}


def test_a_table_says_which_releases_are_looked_at_beside_each(folder: Path) -> None:
    alone, every, one = (
        looked(table(layout="runtime.g", **more))
        for more in ({"size": 8}, {"same": "size"}, {"field": "m", "more": "offset", "than": "1.23"})
    )
    assert (alone.related_to, every.related_to, one.related_to) == (None, (), ("1.23",))
    assert alone.asks(folder) == every.asks(folder) == one.asks(folder), "measuring is the same"


def test_the_control_of_a_run_ends_otherwise_than_is_claimed(folder: Path) -> None:
    for claimed in (0, 3, 4):
        question, _ = looked(table(run="main.go", exit=claimed)).asks(folder)
        assert isinstance(question, Run)
        assert question.control_exit not in (None, claimed)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "one of layout, code, compiler, run"),
        ({"layout": "runtime.g", "run": "main.go"}, "has layout, run"),
        ({"layout": "runtime.g"}, "one thing of offset, size, exists"),
        ({"layout": "runtime.g", "size": 1, "exists": True}, "one thing of offset, size, exists"),
        ({"layout": "runtime.g", "offset": 1}, "an offset is that of a field"),
        ({"layout": "runtime.g", "same": "offset"}, "an offset is that of a field"),
        ({"layout": "runtime.g", "same": "size", "size": 8}, "one thing of offset, size, exists, same, less, more"),
        ({"layout": "runtime.g", "same": "colour"}, "same"),
        ({"layout": "runtime.g", "same": "size", "than": "1.23"}, "nothing else does: than"),
        ({"layout": "runtime.g", "less": "size"}, "want the release that is compared with"),
        ({"layout": "runtime.g", "size": "large"}, "size"),
        ({"layout": "runtime.g", "size": 8, "colour": "red"}, "colour"),
        ({"code": "main.f"}, "claims nothing"),
        ({"code": "main.f", "never_calls": "g"}, "wants a control"),
        ({"code": "main.f", "calls": "runtime.goexit1"}, "wants a control of its own"),
        ({"code": "main.f", "contains": "CALL ("}, "no regular expression: missing"),
        ({"compiler": "main.go", "line": 1, "decides": "sings"}, "sings"),
        ({"compiler": "main.go", "line": 1, "decides": "escapes", "in": "main.go"}, "leave `in` out"),
        ({"run": "main.go"}, "claim something of exit"),
        ({"run": "main.go", "exit": 0, "runs": 0}, "positive"),
        ({"run": "main.go", "exit": 0, "share": 1.5}, "share"),
        ({"run": "main.go", "exit": 0, "hangs": True}, "ends in one way: say one of exit, signal, hangs"),
        ({"run": "main.go", "exit": 0, "signal": 11}, "ends in one way"),
        ({"run": "main.go", "exit": 256}, "0 to 255"),
        ({"run": "main.go", "signal": 0}, "a signal is more than 0"),
        ({"run": "main.go", "prints": ""}, "every output has an empty `prints` in it"),
    ],
)
def test_what_claims_nothing_or_has_no_control_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"^look: .*{says}"):
        looked(table(**given))


def test_the_control_of_a_run_never_prints_what_is_claimed(folder: Path) -> None:
    for claimed, is_silent in (("claimlab", True), ("c", True), ("\n", True), ("hello", False)):
        question, _ = looked(table(run="main.go", prints=claimed)).asks(folder)
        assert isinstance(question, Run)
        assert question.control_is_silent is is_silent


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"line": 9999}, r"line 9999 of main\.go has no code"),
        ({"line": 0}, r"line 0 of main\.go has no code"),
        ({"line": 2}, r"line 2 of main\.go has no code"),
        ({"line": 1, "file": "nosuch.go"}, r"no file nosuch\.go in main\.go, where there is main\.go"),
        ({"compiler": "two", "line": 3}, r"line 3 of which `file`: there is a\.go, b\.go"),
        ({"compiler": "two", "line": 2, "file": "b.go"}, r"line 2 of b\.go has no code"),
        ({"compiler": "two", "line": 3, "file": "b.go"}, r"line 3 of b\.go has no code"),
    ],
)
def test_of_a_place_without_code_nothing_can_be_claimed(folder: Path, given: dict[str, object], says: str) -> None:
    (folder / "two").mkdir()
    (folder / "two" / "a.go").write_text("package two\n\nfunc A() {}\n")
    (folder / "two" / "b.go").write_text("package two\n\n// B is nothing.\nfunc B() {}\n")
    for never in (False, True):
        row = looked(table(**{"compiler": "main.go", "decides": "escapes", "never": never} | given))
        with pytest.raises(ValueError, match=says):
            row.asks(folder)


def test_sources_that_are_not_there_are_told(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"nosuch\.go"):
        looked(table(run="nosuch.go", exit=0)).asks(folder)


ROW = '[[claim]]\nid = "{id}"\nen = "It is there."\nlook = {{ layout = "runtime.g", exists = true }}\n'


def project_with(root: Path, **ids: list[str]) -> Project:
    """A project with these claims, by article."""
    made = write_project(root, tuple(ids), ("en",))
    for article, claims in ids.items():
        rows = "".join(ROW.format(id=one) for one in claims)
        (root / article / "claims.toml").write_text(f'[chapter]\ntitle = "Things"\n{rows}')
    return made


def test_claims_of_two_articles_may_have_one_id(tmp_path: Path) -> None:
    found = all_labs(project_with(tmp_path, maps=["goid", "m"], locks=["goid"]))
    assert [lab.name for lab in found] == ["look-locks-goid", "look-m", "look-maps-goid"]
    assert len({lab.path for lab in found}) == 3


def test_claims_whose_labs_would_have_one_name_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"claims\.toml: the name look-a-b is taken by claim maps:a.b"):
        all_labs(project_with(tmp_path, maps=["a.b", "a-b"]))
