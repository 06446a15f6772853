"""What a Go says of itself, as many have said it."""

from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST, newest, silent
from tests.ours import OUR, toolchain
from tests.small_toolchain import TIP, small_goroot

from claimlab.benches.bench import Journal
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.saying import Said, ask, printed, read_said
from claimlab.toolchains.toolchain import Release, Toolchain

DATE = "Mon Nov 23 10:00:00 2026 +0000"
SAID = {
    "go1.27.3": ("go1.27.3", "", "1.27.3", ""),
    "go1.28rc1": ("go1.28rc1", "", "1.28rc1", ""),
    "go1.20": ("go1.20", "", "1.20", ""),
    "go1.24.11 X:noswissmap": ("go1.24.11", "noswissmap", "1.24.11", ""),
    "go1.27.3-X:nogreenteagc": ("go1.27.3", "nogreenteagc", "1.27.3", ""),
    TIP: (TIP, "", "1.28.dev0", "0123456789"),
    f"{TIP} X:jsonv2,simd": (TIP, "jsonv2 simd", "1.28.dev0", "0123456789"),
    f"devel go1.24-b521ebb55a {DATE}": (f"devel go1.24-b521ebb55a {DATE}", "", "1.24.dev0", "b521ebb55a"),
    "go1.27.3-ours": ("go1.27.3-ours", "", "1.27.3", ""),
    "devel +b521ebb55a": ("devel +b521ebb55a", "", "", ""),
    "": ("", "", "", ""),
}


@pytest.mark.parametrize(("text", "expected"), SAID.items(), ids=SAID)
def test_what_is_said_is_taken_apart(text: str, expected: tuple[str, str, str, str]) -> None:
    found = read_said(text)
    assert (found.go, " ".join(sorted(found.experiments)), found.version, found.commit) == expected
    assert printed(f"go version {text} linux/amd64\n") == text


def test_what_go_prints_else_is_no_version() -> None:
    assert [printed(text) for text in ("", "go: no such tool", "go1.27.3 linux/amd64")] == ["", "", ""]


def test_a_real_go_and_one_in_a_folder_are_asked(tmp_path: Path) -> None:
    assert ask(ensure(newest(), OUR, silent)) == f"go{NEWEST}"
    assert ask(small_goroot(tmp_path / "tip", TIP)) == TIP


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("#!/bin/sh\necho banana\n", "it says 'banana'"),
        ("#!/bin/sh\necho 'go version devel +b521 linux/amd64'\n", "it says 'go version devel"),
        ("#!/bin/sh\nexit 1\n", "it says 'nothing'"),
        ("no program", "Exec format error"),
        ("", "No such file"),
    ],
)
def test_what_says_nothing_is_no_go(tmp_path: Path, script: str, why: str) -> None:
    if script:
        small_goroot(tmp_path, "")
        (tmp_path / "bin" / "go").write_text(script)
    with pytest.raises(EnvironmentMissing, match=rf"does not say which Go it is: {why}"):
        ask(tmp_path)


def test_a_toolchain_of_ones_own_has_a_name_and_the_version_that_it_says() -> None:
    tip = Toolchain(Release("1.28.dev0", {}, ("noswissmap",), own="tip", said=f"{TIP} X:jsonv2"), "noswissmap")
    assert (tip.name, tip.language, tip.series, str(tip.go)) == ("tip+noswissmap", "1.28", "tip", "1.28")
    assert tip.release.says == Said(TIP, frozenset({"jsonv2"}))
    assert tip.links == Said(TIP, frozenset({"noswissmap"}))
    release, candidate = toolchain(NEWEST), Toolchain(Release("1.28rc1", {}))
    assert sorted([candidate, tip, release], key=lambda one: one.order) == [release, tip, candidate]
    assert str(candidate.go) == "1.28"


@pytest.mark.parametrize(
    ("release", "experiment", "go", "binary"),
    [
        (Release("1.27.3", {}), "", "go1.27.3", "go1.27.3"),
        (Release("1.25.5", {}), "noswissmap", "go1.25.5", "go1.25.5 X:noswissmap"),
        (Release("1.27.3", {}), "nogreenteagc", "go1.27.3", "go1.27.3-X:nogreenteagc"),
        (Release("1.28.dev0", {}, own="tip", said=TIP), "", TIP, TIP),
        (Release("1.28.dev0", {}, own="tip", said=f"{TIP} X:a"), "", f"{TIP} X:a", f"{TIP} X:a"),
        (Release("1.28.dev0", {}, own="tip", said=f"{TIP} X:a"), "b", f"{TIP} X:a", f"{TIP} X:b"),
    ],
)
def test_what_is_heard_has_to_be_what_the_trial_is_of(release: Release, experiment: str, go: str, binary: str) -> None:
    journal, tool = Journal(), Toolchain(release, experiment)
    journal.heard("go", go, tool)
    journal.heard("program", binary, tool)
    assert journal.says == {"go": go, "program": binary}
    for name, said in (("go", binary if experiment else ""), ("program", f"{binary},c"), ("program", "go1.99.1")):
        with pytest.raises(LabBroken, match=r"says that it is .*, and the trial is of Go"):
            journal.heard(name, said, tool)
