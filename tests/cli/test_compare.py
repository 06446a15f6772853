"""``compare`` on the command line, on a project where everything is recorded."""

import json
import re

import pytest
from invoke.config import Config
from invoke.context import Context
from invoke.exceptions import Exit

from claimlab.cli import compare
from claimlab.cli.compare import compare_
from claimlab.questions.laboratory import Laboratory

pytest_plugins = ["tests.readers_site"]


@pytest.fixture
def here(readers: Laboratory, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The project's folder; its engine can only be read from."""
    monkeypatch.setattr(compare, "laboratory", lambda _project, _engine: readers)
    return Context(Config({"claimlab": {"root": str(readers.project.root)}}))


def test_people_read_first_what_is_true_no_longer(here: Context, capsys: pytest.CaptureFixture[str]) -> None:
    compare_(here, "1.23", "1.26.6")
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "Go 1.23.9 beside Go 1.26.6",
        "",
        "true before, false now: 1",
        "  maps became Swiss tables",
        "    1.1-a  The header is `1.1-a`.",
        "           > It was so up to 1.23.",
        "",
        "false before, true now: 1",
        "  fails → holds",
        "    1.1-c  The header is `1.1-c`.",
        "",
        "exists no longer: 1",
        "  maps became Swiss tables",
        "    1.1-b",
        "",
        "exists only now: 0",
        "",
        "claimed about 1.24",
        "  true now, and not before: 24-a",
        "  true before, too: 24-b",
        "  not known: 24-c",
        "",
        "types laid out otherwise: 1",
        "  maps became Swiss tables",
        "    + internal/runtime/maps.Map: 40 bytes, in the place of runtime.hmap",
        "",
        "2 claims as before, 0 not known on both",
    ]


def test_programs_have_it_as_data(here: Context, capsys: pytest.CaptureFixture[str]) -> None:
    compare_(here, "1.23", "1.26", json=True)
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["older"], data["newer"]) == (1, "1.23.9", "1.26.6")
    assert data["turned"][0]["correction"]["en"] == "It was so up to 1.23."


@pytest.mark.parametrize(
    ("older", "newer", "says"),
    [
        ("1.26", "1.23", "1.23.9 is older. Say the older one first: claimlab compare 1.23 1.26"),
        ("1.23", "1.23.9", "1.23.9 is the same release."),
        ("1.2", "1.26", "1.2 does not name one pinned release."),
        ("1.23", "1.24.11+noswissmap", "does not name one pinned release"),
    ],
)
def test_what_cannot_be_is_refused(here: Context, older: str, newer: str, says: str) -> None:
    with pytest.raises(Exit, match=re.escape(says)) as refused:
        compare_(here, older, newer)
    assert refused.value.code == 2


def test_a_gap_on_one_of_them_ends_with_1_and_nothing_at_all_with_2(
    here: Context, readers: Laboratory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = readers.record.path("maps-lab", "1.26.6", "local", "x").parent
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        with pytest.raises(Exit) as ended:
            compare_(here, "1.23", "1.26")
    finally:
        aside.rename(folder)
    assert ended.value.code == 1
    assert "4 not known on both\n  1.1-a, 1.1-b, 1.1-c, 1.1-d" in capsys.readouterr().out
