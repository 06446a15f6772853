"""Labs whose code does what no lab may do: each is broken by name, and the one beside them comes out as ever."""

import json
import re
from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST
from tests.cli.wrong_input import FAILING, pattern
from tests.tiny_lab import LabsFolder, write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]

LIMIT_S = 2.0
HOSTILE = r"printf '\033]0;owned\007\033[31mred\033]52;c;ZWNobw==\007 \302\233 31m\n' >&2; exit 3"
"""Sets the terminal's title, its colour and its clipboard, and begins a sequence with CSI as one character (C1)."""


def write_all(labs: Path) -> None:
    for name in ("sound", *FAILING):
        write_lab(labs, name, script=HOSTILE if name == "hostile" else "echo 42")
    judging = {
        "ender": "raise SystemExit(0)",
        "quitter": "__import__('os')._exit(0)",
        "forever": "while True: pass",
        "raiser": "1 / 0",
    }
    for name, statement in judging.items():
        change(labs, name, "judges.py", "    return decided", f"    {statement}\n    return decided")
    observing = {"liar": "return 7", "mute": "return None", "leaver": "raise SystemExit(0)"}
    for name, statement in observing.items():
        change(labs, name, "lab.py", "    return Seen", f"    {statement}\n    return Seen")
    change(labs, "loader", "lab.py", "lab = Lab(", "raise SystemExit(0)\n\nlab = Lab(")
    change(labs, "unread", "judges.py", "judges = Judges()", "judges = = Judges()")


def change(labs: Path, name: str, file: str, old: str, new: str) -> None:
    path = labs / "ch9_things" / name / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.usefixtures("local_engine")
def test_each_is_broken_and_no_other(folder: LabsFolder) -> None:
    write_all(folder.labs)
    settings = folder.root / "claimlab.toml"
    settings.write_text(f"{settings.read_text()}\n[limits]\njudge_s = {LIMIT_S}\n")
    engine = ["--engine", "local"]
    done = folder.claimlab("lab.all", *engine, "--go", NEWEST)
    assert done.returncode == 1, done.stdout + done.stderr
    for name, says in FAILING.items():
        assert re.search(pattern(says), done.stdout), f"{name} in\n{done.stdout}"
    assert f"✔ sound[{NEWEST}]" in done.stderr
    assert_quiet(done.stdout + done.stderr)

    told = folder.claimlab("verdicts", "--json", *engine)
    assert told.returncode == 0, told.stderr
    outcomes = {row["lab"]: row["outcomes"][NEWEST] for row in json.loads(told.stdout)}
    assert outcomes == {"sound": "holds"} | dict.fromkeys(FAILING, "broken")
    assert "unread is broken: " in told.stderr

    one = folder.pytest("labs", "--rootdir", folder.root)
    assert one.returncode == pytest.ExitCode.TESTS_FAILED
    assert "10 failed, 1 passed" in one.stdout
    assert_quiet(one.stdout + one.stderr)

    (folder.root / "docs").mkdir()
    (folder.root / "docs" / "conf.py").write_text('extensions = ["claimlab.site"]\nhtml_theme = "furo"\n')
    (folder.root / "docs" / "index.md").write_text("# Toys\n\n```{toctree}\n:glob:\n\nlabs/*\nchapters/*\n```\n")
    pages = folder.claimlab("docs", "--no-run", *engine)
    assert pages.returncode == 0, pages.stdout + pages.stderr
    page = next((folder.root / "docs" / "_build" / "html").rglob("*hostile*.html")).read_text()
    assert r"\x1b]0;owned\x07" in page
    assert_quiet(page)


def assert_quiet(said: str) -> None:
    """Nothing in it steers a terminal, nor is anything in it that HTML cannot hold."""
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", said) == []
    assert "Traceback" not in said
