"""`claimlab new`: what it writes, and what it refuses. That a project works is asked in tests/test_new_project.py."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ours import ROOT, write_project
from tests.tiny_lab import clean_environment

from claimlab.cli.new_project import MADE, draft, write
from claimlab.project.errors import Refused
from claimlab.project.languages import Words
from claimlab.project.project import load
from claimlab.trials.lab import find_labs
from claimlab.verdicts.judges import judges_of


def claimlab(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command does in a folder."""
    env = clean_environment(PYTHONPATH=str(ROOT / "src"))
    command = [sys.executable, "-m", "claimlab.cli", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120)


# What it writes


@pytest.mark.parametrize("languages", [(), ("zh",), ("en", "zh"), ("zh", "fr", "en")])
def test_a_new_project_can_be_read(tmp_path: Path, languages: tuple[str, ...]) -> None:
    write(draft(tmp_path, "my-checks", "", languages))
    project = load(tmp_path / "my-checks")
    assert (project.title, project.settings.languages) == ("My checks", languages or ("en",))
    (article,) = project.articles
    assert (article.name, article.languages) == ("my-checks", project.settings.languages)
    (lab,) = find_labs(project)
    assert lab.name == "timer-channel"
    assert [judge.claim for judge in judges_of(lab)] == [claim.id for claim in article.claims] == ["timer-has-room"]
    assert set(lab.asks) == set(languages or ("en",)) - {"fr"}


@pytest.mark.parametrize("title", ["Zeiger & $Werte", '"Quoted" \\ `code` *stars* [x] <b>', "为什么", "# heading {x}"])
def test_a_title_is_any_line_of_text(tmp_path: Path, title: str) -> None:
    write(draft(tmp_path, "my-checks", title, ("en", "zh")))
    project = load(tmp_path / "my-checks")
    assert project.title == title
    assert project.articles[0].title == Words(title, title)


def test_every_file_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    assert set(write(draft(tmp_path, "one"))) == {name.format(name="one") for name in MADE}


def test_every_page_leads_to_itself_in_each_other_language(tmp_path: Path) -> None:
    """Nothing is measured for this: the pages show gaps."""
    write(draft(tmp_path, "my-checks", "", ("zh", "en", "fr")))
    done = claimlab(tmp_path / "my-checks", "docs", "--no-run", "--engine", "local")
    assert done.returncode == 0, done.stderr
    site = Path(done.stdout.strip()).parent
    for page in ("index", "claims/timer-has-room", "articles/my-checks"):
        places = {"zh": site / f"{page}.html", **{one: site / one / f"{page}.html" for one in ("en", "fr")}}
        for here, path in places.items():
            (links,) = re.findall(r'<p class="cl-language">(.*?)</p>', path.read_text(), re.DOTALL)
            found = dict(re.findall(r'href="(.*?)" hreflang="(..).*?"', links))
            leads = {language: (path.parent / link).resolve() for link, language in found.items()}
            assert leads == {language: place for language, place in places.items() if language != here}, path


def test_what_is_written_is_in_good_style(tmp_path: Path) -> None:
    write(draft(tmp_path, "my-checks", "", ("en", "zh")))
    settings = ["--isolated", "--line-length", "120", "--no-cache"]
    for check in (["check", "--select", "E,F,I,B,UP,PTH,RUF100"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, *settings, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_an_empty_folder_of_that_name_is_taken(tmp_path: Path) -> None:
    (tmp_path / "my-checks").mkdir()
    done = claimlab(tmp_path, "new", "my-checks", "--title", "Mine")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("my-checks/README.md  ")
    assert tomllib.loads((tmp_path / "my-checks" / "claimlab.toml").read_text())["title"] == "Mine"


# What it refuses: one sentence says why, another what to do, and nothing is there afterwards


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("My Checks",), "'My Checks' is no name for a project. Take up to 40 small letters and digits, with hyphens"),
        (("a/b",), "'a/b' is no name for a project."),
        (
            ("..",),
            "'..' is no name for a project. Take up to 40 small letters and digits, with hyphens between words, such",
        ),
        (("x", "--title", "two\nlines"), "'two\\nlines' is no title. Give one line of text: --title"),
        (("x", "--title", " "), "' ' is no title."),
        (("x", "--language", "English"), "'English' is no language. Give its code, such as --language en"),
        (("x", "--language"), "--language wants a value, such as --language en."),
        ((), "new wants a name. claimlab --help new shows its options."),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    done = claimlab(tmp_path, "new", *given)
    assert done.returncode == 2
    assert done.stderr.startswith(said), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def _file(folder: Path) -> None:
    folder.write_text("")


def _full(folder: Path) -> None:
    folder.mkdir()
    (folder / ".hidden").touch()


def _link(folder: Path) -> None:
    folder.symlink_to("nowhere")


@pytest.mark.parametrize("make", [_file, _full, _link])
def test_what_is_there_is_left_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "my-checks")
    with pytest.raises(Refused, match=r"my-checks is there already, and is no empty folder\. Take another name"):
        draft(tmp_path, "my-checks")
    assert len(list(tmp_path.rglob("*"))) <= 2


@pytest.mark.parametrize("below", ["", "labs"])
def test_a_project_in_a_project_is_refused(tmp_path: Path, below: str) -> None:
    write_project(tmp_path, command="./lab")
    before = sorted(tmp_path.rglob("*"))
    done = claimlab(tmp_path / below, "new", "my-checks")
    assert done.returncode == 2
    assert done.stderr == (
        f"This is a project already: Toys, in {tmp_path}. A project cannot lie in another: change to a folder outside. "
        "For a lab of this one: ./lab lab.new NAME\n"
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be written is in the way: here because the last file's template says what nobody knows."""
    from claimlab.cli import new_project

    monkeypatch.setitem(new_project.MADE, "docs/unknown.md", "a file without a template")
    with pytest.raises(Refused, match=r"my-checks cannot be made in .*: No such file or directory\."):
        write(draft(tmp_path, "my-checks"))
    assert list(tmp_path.iterdir()) == []
