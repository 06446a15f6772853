"""A project: its settings as they are read, how it is found, and what its people are told to type."""

from pathlib import Path

import pytest
from tests.ours import OUR, ROOT, write_article, write_project

from claimlab.cli import tasks_of
from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.project import FILE, Project, find, found, load, spelled

LEAST = 'title = "Toys"\narticles = []\n'


def write(root: Path, text: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(text, encoding="utf-8")
    return root


# Settings


def test_what_is_not_set_has_a_default(tmp_path: Path) -> None:
    project = load(write(tmp_path, LEAST))
    settings = project.settings
    assert (project.title, project.command, project.articles) == ("Toys", "claimlab", [])
    assert (settings.languages, settings.engine) == (("en",), "auto")
    assert (project.cache, project.record) == (tmp_path / ".claimlab", tmp_path / ".claimlab" / "record")
    assert (project.docs, project.site) == (tmp_path / "docs", tmp_path / "docs" / "_build" / "html")
    assert project.pins is None
    assert (settings.limits.workers, settings.limits.life_s) == (0, 600)
    assert settings.extensions.engines == settings.extensions.origins == {}
    assert settings.extensions.presenters == settings.extensions.pictures == []
    assert (settings.site.address, settings.site.untranslated) == ("", [])


def test_paths_are_relative_to_the_projects_folder(tmp_path: Path) -> None:
    text = 'cache = "made"\nrecord = "seen"\ndocs = "pages"\ntoolchains = "go/pins.toml"\n'
    project = load(write(tmp_path, LEAST + text))
    assert (project.cache, project.record, project.docs) == tuple(tmp_path / name for name in ("made", "seen", "pages"))
    assert project.pins == tmp_path / "go" / "pins.toml"
    elsewhere = tmp_path / "else where"
    project = load(write(tmp_path, f'{LEAST}cache = "{elsewhere}"\n'))
    assert (project.cache, project.record) == (elsewhere, elsewhere / "record")


def test_pins_beside_the_settings_are_the_projects_own(tmp_path: Path) -> None:
    project = load(write(tmp_path, LEAST))
    (tmp_path / "toolchains.toml").write_text("releases = []")
    assert project.pins == tmp_path / "toolchains.toml"


BAD = {
    "an unknown key": (LEAST + 'language = "en"\n', r"there is no key language; did you mean languages\?"),
    "an unknown key of a part": (
        LEAST + '[site]\nlicense = "MIT"\n',
        r"site: there is no key license; did you mean licence\?",
    ),
    "an unknown kind of extension": (LEAST + '[extensions]\nlabs = ["a:b"]\n', "extensions: there is no key labs"),
    "a text for a list": ('title = "Toys"\narticles = "labs"\n', "articles: it has to be a list, and is a text"),
    "a number for a text": (LEAST + "command = 3\n", "command: it has to be a text, and is a whole number"),
    "a text for a number": (
        LEAST + '[limits]\nlife_s = "long"\n',
        r"limits\.life_s: it has to be a number, and",
    ),
    "no title": ("articles = []\n", "there is no 'title'"),
    "no articles": ('title = "Toys"\n', "there is no 'articles'"),
    "a language twice": (LEAST + 'languages = ["en", "zh", "en"]\n', "languages: en stands twice"),
    "no language": (LEAST + "languages = []\n", "languages: pages need at least one"),
    "an article twice": ('title = "Toys"\narticles = ["a", "b", "a"]\n', "articles: a stands twice"),
    "no language's code": (LEAST + 'languages = ["../x"]\n', "'../x' is no language"),
    "an empty title": ('title = " "\narticles = []\n', "title: ' ' is no line of text"),
    "no TOML": ("title = Toys\n", "line 1"),
}


@pytest.mark.parametrize(("text", "reason"), BAD.values(), ids=BAD)
def test_bad_settings_are_named_with_their_file(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadData, match=rf"{FILE}: .*{reason}"):
        load(write(tmp_path, text))


def test_settings_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'title = "\xff"\n')
    with pytest.raises(BadData, match=FILE):
        load(tmp_path)


def test_an_article_that_is_not_there_is_named(tmp_path: Path) -> None:
    project = load(write(tmp_path, 'title = "Toys"\narticles = ["lost"]\n'))
    with pytest.raises(BadData, match=r"lost/article\.toml"):
        _ = project.articles


def test_two_articles_with_one_name_are_refused(tmp_path: Path) -> None:
    project = write_project(tmp_path, ("one", "two"))
    assert [article.name for article in project.articles] == ["one", "two"]
    (tmp_path / "two" / "article.toml").unlink()
    write_article(tmp_path / "two", name="one")
    with pytest.raises(BadData, match=rf"{FILE}: two articles have the name one"):
        _ = load(tmp_path).articles


# Where it is


def test_the_nearest_project_upwards_is_found(tmp_path: Path) -> None:
    outer, inner = write(tmp_path, LEAST), write(tmp_path / "sub" / "inner", LEAST)
    (inner / "labs" / "deep").mkdir(parents=True)
    projects = [find(folder) for folder in (inner / "labs" / "deep", inner, inner.parent, outer)]
    assert [project and project.root for project in projects] == [inner, inner, outer, outer]
    assert found(inner / "labs") == load(inner)


def test_where_no_project_is_the_way_to_one_is_named(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    with pytest.raises(EnvironmentMissing, match=rf"no {FILE} in {tmp_path}.*claimlab new my-checks"):
        found(tmp_path)


def test_a_project_may_be_found_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (write(tmp_path, LEAST) / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    project = find(Path())
    assert project is not None
    assert project.root == tmp_path


def test_a_path_may_have_spaces_and_chinese_letters(tmp_path: Path) -> None:
    root = tmp_path / "我的 文章 #1"
    write_article(root / "文章 一" / "map's", name="maps")
    write_project(root, ("文章 一/map's",))
    project = find_again(root / "文章 一")
    (article,) = project.articles
    assert article.folder == root / "文章 一" / "map's"
    assert project.article_of(article.folder / "ch1" / "toy" / "lab.py") == article
    assert project.shown(article.folder) == "文章 一/map's"


def find_again(folder: Path) -> Project:
    project = find(folder)
    assert project is not None
    return project


def test_a_file_belongs_to_the_innermost_article(tmp_path: Path) -> None:
    project = write_project(tmp_path, ("labs", "labs/more"))
    names = [project.article_of(tmp_path / path) for path in ("labs/ch1/x", "labs/more/ch1/x", "labs/moreover/x", "x")]
    assert [article and article.name for article in names] == ["labs", "more", "labs", None]


def test_a_path_outside_is_shown_whole(tmp_path: Path) -> None:
    project = write_project(tmp_path / "in", ())
    assert project.shown(tmp_path / "in" / "labs" / "x") == "labs/x"
    assert project.shown(tmp_path / "inside") == str(tmp_path / "inside")


# What its people type


@pytest.mark.parametrize("task", [*sorted(tasks_of(OUR).task_names), "lab.gdb-panic", "new", "--help", "--list"])
def test_every_command_is_spelled_as_the_project_calls_it(task: str) -> None:
    assert spelled(f"Run: claimlab {task}, then look.", "./inv") == f"Run: ./inv {task}, then look."
    assert spelled(f"Run: claimlab {task}, then look.", "claimlab") == f"Run: claimlab {task}, then look."


@pytest.mark.parametrize(
    "text",
    ["claimlab is there", "claimlab checks it", "src/claimlab/cli", "claimlab.toml", "myclaimlab lab.x", "claimlab's"],
)
def test_what_is_no_command_stays_as_it_is(text: str) -> None:
    assert spelled(text, "./inv") == text


def test_any_command_can_stand_there() -> None:
    assert spelled("claimlab docs", r"uv run --with a\1b claimlab") == r"uv run --with a\1b claimlab docs"


# This checkout


def test_this_checkout_is_a_project_of_articles_in_two_languages() -> None:
    assert find(ROOT / "tests" / "project") == OUR
    assert [article.name for article in OUR.articles] == ["maps", "releases", "reports"]
    assert {OUR.settings.languages, *(article.languages for article in OUR.articles)} == {("en", "zh")}
    assert OUR.pins == ROOT / "docker" / "toolchains.toml"
