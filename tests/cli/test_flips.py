"""--flip and flip as they are typed, on releases that take moments."""

import json

import pytest
from tests.patch_releases import CRASHES, REFUSES, PatchReleases
from tests.tiny_lab import write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.patch_releases"]
local = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]

RUN = ("look.run", "main.go", "--engine", "local", "--gomaxprocs", "1", "--flip")


def write_program(patches: PatchReleases) -> None:
    (patches.root / "main.go").write_text("package main\n\nfunc main() {}\n")


class TestMeasured:
    pytestmark = local

    def test_a_question_finds_the_patch_and_fetches_only_what_it_needs(self, patches: PatchReleases) -> None:
        write_program(patches)
        patches.releases("old", "old", "old", "new", "new", "new", "new")
        first = patches.claimlab(*RUN)
        said = "1.30.1 – 1.30.7  exit 0 | old up to 1.30.3, exit 0 | new since 1.30.4; "
        assert first.returncode == 0, first.stderr
        assert first.stdout.splitlines()[-1] == f"{said}asked: 2 releases (1.30.3, 1.30.4)"
        assert patches.fetched == ["1.30.3", "1.30.4"]
        for release in patches.fetched:
            assert f"between 1.30.1 and 1.30.7: asking {release}\nfetching Go {release}, which is not" in first.stderr

        again = patches.claimlab(*RUN, "--json")
        assert (again.returncode, again.stderr) == (0, ""), "all of that is recorded"
        (flip,) = json.loads(again.stdout)["flips"]
        assert (flip["older"], flip["newer"], flip["asked"]) == ("1.30.1", "1.30.7", ["1.30.3", "1.30.4"])
        assert flip["spans"] == [{"first": "1.30.1", "last": "1.30.3"}, {"first": "1.30.4", "last": "1.30.7"}]
        assert flip["words"] == ["exit 0 | old up to 1.30.3, exit 0 | new since 1.30.4"]
        assert [one["answer"]["ways"][0]["printed"] for one in flip["answers"]] == ["old\n", "new\n"]
        assert [one["toolchain"] for one in flip["answers"]] == flip["asked"]

        (patches.root / "before.json").write_text(again.stdout)
        expected = patches.claimlab(*RUN, "--expect", "before.json")
        assert expected.returncode == 0, expected.stderr

        (patches.root / "main.go").write_text("package main\n\nfunc main() { println() }\n")
        other = patches.claimlab(*RUN)
        assert "asking 1.30.3" in other.stderr, "it is another question"
        assert "fetching" not in other.stderr

    @pytest.mark.parametrize(
        ("middle", "says", "code"),
        [
            (REFUSES, "1.30.2 does not build: ./main.go:3:1: undefined: x", 0),
            (CRASHES, "1.30.2 nobody knows: ", 1),
        ],
    )
    def test_a_release_that_decides_nothing_ends_the_search(
        self, patches: PatchReleases, middle: str, says: str, code: int
    ) -> None:
        write_program(patches)
        patches.releases("old", middle, "new")
        done = patches.claimlab(*RUN)
        assert done.returncode == code
        told = "1.30.1 – 1.30.3  exit 0 | old up to 1.30.1, exit 0 | new since 1.30.3; "
        gap = "it turns between 1.30.1 and 1.30.3 (no answer from 1.30.2); "
        assert f"{told}{gap}the search ended: {says}" in done.stdout
        assert done.stdout.splitlines()[-1].endswith("; asked: 1 release (1.30.2)")

    def test_since_when_it_builds_is_a_question_too(self, patches: PatchReleases) -> None:
        write_program(patches)
        patches.releases(REFUSES, "new", "new")
        done = patches.claimlab(*RUN)
        assert done.returncode == 0, done.stderr
        assert "does not build: ./main.go:3:1: undefined: x up to 1.30.1, exit 0 | new since 1.30.2; " in done.stdout

    def test_a_claim_finds_the_patch_and_what_is_expected_stays(self, patches: PatchReleases) -> None:
        patches.releases("", "", "", "", "", "")
        write_lab(patches.root / "labs", script="case $(go version) in *go1.30.[12]' '*) echo 41;; *) echo 42;; esac")
        claims = patches.root / "labs" / "ch9_things" / "claims.toml"
        before = claims.read_bytes()
        done = patches.claimlab("flip", "9.1-a", "--engine", "local")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "9.1-a: fails on 1.30.1, holds on 1.30.6",
            "1.30.1 – 1.30.6  fails up to 1.30.2, holds since 1.30.3; asked: 3 releases (1.30.2, 1.30.3, 1.30.4)",
        ]
        assert claims.read_bytes() == before
        again = patches.claimlab("flip", "9.1-a", "--engine", "local", "--json")
        assert (again.returncode, again.stderr) == (0, "")
        data = json.loads(again.stdout)
        assert (data["schema"], data["claim"]) == (1, "labs:9.1-a")
        assert data["flips"][0]["words"] == "fails up to 1.30.2, holds since 1.30.3"
        assert data["flips"][0]["outcomes"] == {
            "1.30.1": "fails",
            "1.30.2": "fails",
            "1.30.3": "holds",
            "1.30.4": "holds",
            "1.30.6": "holds",
        }

    def test_a_broken_outcome_ends_the_search_and_the_command_with_1(self, patches: PatchReleases) -> None:
        patches.releases("", "", "")
        broken = "case $(go version) in *go1.30.1' '*) echo 41;; *go1.30.2' '*) exit 7;; *) echo 42;; esac"
        write_lab(patches.root / "labs", script=broken)
        done = patches.claimlab("flip", "9.1-a", "--engine", "local")
        assert done.returncode == 1
        assert "the search ended: 1.30.2 is broken: the lab failed; " in done.stdout
        assert "it turns between 1.30.1 and 1.30.3 (no answer from 1.30.2)" in done.stdout
        write_lab(
            patches.root / "labs", "other", script="case $(go version) in *1.30.1' '*) exit 7;; *) echo 42;; esac"
        )
        beside = patches.claimlab("flip", "9.1-b", "--engine", "local")
        assert beside.returncode == 1
        assert "nobody is asked between 1.30.1 and 1.30.3: 1.30.1 is broken" in beside.stderr


def test_what_cannot_turn_is_refused_before_anything_is_fetched(patches: PatchReleases) -> None:
    patches.releases("", "", "")
    (patches.root / "b_test.go").write_text("package b\n")
    write_lab(patches.root / "labs", has_axis=False)
    claims = patches.root / "labs" / "ch9_things" / "claims.toml"
    row = '\n[[claim]]\nid = "9.1-{}"\nsection = "9.1"\nen = "It is."\nzh = "是。"\n'
    untestable = 'untestable = { en = "It is secret.", zh = "秘密。" }\n'
    claims.write_text(claims.read_text() + row.format("p") + row.format("u") + untestable, encoding="utf-8")
    refusals = {
        ("look.bench", "b_test.go", "--flip"): "Times do not flip: ",
        ("flip", "9.1-z"): "There is no claim '9.1-z'. claimlab verdicts shows all there are.",
        ("flip", "9.1-a"): "9.1-a asks nothing of Go.",
        ("flip", "9.1-p"): "9.1-p has no outcome that could turn: no lab asks it yet.",
        ("flip", "9.1-u"): "9.1-u has no outcome that could turn: it is untestable.",
    }
    for command, says in refusals.items():
        done = patches.claimlab(*command, "--engine", "local")
        assert (done.returncode, done.stdout) == (2, ""), command
        assert says in done.stderr
    assert patches.fetched == []
