"""The sources and the trials of a lab on its page."""

import msgspec
import pytest
from tests.ours import FOR_ALL
from tests.shown_html import cells, listings, parsed, words
from tests.toy_project import Project

from claimlab.site import source_view
from claimlab.site.data import SiteData
from claimlab.site.downloads import Offered
from claimlab.site.source_view import lab_sources
from claimlab.site.trial_view import lab_trials
from claimlab.verdicts.ledger import Ledger

pytest_plugins = ["tests.toy_project"]
HERE = Offered("../")
PROGRAM = '// Says <hello>.\npackage main\n\nfunc main() {\n\tprintln(`a\nb`, 1, "c")\n}\n'


def test_sources_are_shown_as_they_are_with_a_link_to_each_file(project: Project) -> None:
    (project.lab.path / "main.go").write_text(PROGRAM)
    (project.lab.path / "inner").mkdir()
    (project.lab.path / "inner" / "more.go").write_text("package inner\n")
    shown = lab_sources(project.lab, HERE)
    files = [project.lab.path / name for name in ("inner/more.go", "main.go", "lab.py", "judges.py")]
    assert listings(shown) == [path.read_text() for path in files]
    soup = parsed(shown)
    assert [label.get_text() for label in soup.find_all("label")] == ["inner/more.go", "main.go"]
    assert [line.get_text() for line in soup.find_all("summary")] == [
        "How it is observed: lab.py",
        "How it is judged: judges.py",
    ]
    assert [str(link["href"]) for link in soup.find_all("a")] == [
        f"../sources/toy/{path.relative_to(project.lab.path)}" for path in files
    ]


def test_programs_have_colours_for_what_they_are_made_of(project: Project) -> None:
    (project.lab.path / "main.go").write_text(PROGRAM)
    spans = parsed(lab_sources(project.lab, HERE)).find_all("span")
    assert [(span["class"], span.get_text()) for span in spans if "k" not in span["class"]] == [
        (["c"], "// Says <hello>."),
        (["s"], "`a\nb`"),
        (["m"], "1"),
        (["s"], '"c"'),
    ]
    assert "package" in [span.get_text() for span in spans if "k" in span["class"]]


def test_of_long_sources_the_rest_is_in_the_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_view, "ROOM", 3_000)
    judges = project.lab.path / "judges.py"
    judges.write_text(judges.read_text() + 1000 * "# more\n")
    shown = lab_sources(project.lab, HERE)
    kept = listings(shown)[-1].count("\n")
    assert len(shown) < 6_000
    missing = judges.read_text().count("\n") - kept
    assert f"Lines of the file judges.py that are not shown here: {missing}." in words(shown)


def desk_of(project: Project) -> SiteData:
    return SiteData(Ledger(project.laboratory))


def test_each_trial_has_its_record_and_its_replay(project: Project) -> None:
    *others, missing = [toolchain.name for toolchain in FOR_ALL]
    project.put_all(missing)
    site = desk_of(project)
    shown = lab_trials(site, project.lab, site.observations(project.lab), HERE)
    rows = cells(shown)[1:]
    size = -(-site.file(project.trial(others[0])).stat().st_size // 1000)
    replay = f"claimlab lab.toy --go {others[0]} --engine local --fresh"
    assert rows[0] == [others[0], "2026-11-23 12:00", "1.5 s", f"JSON, {size} kB", replay]
    assert rows[-1] == [missing, "–", "–", "–", replay.replace(others[0], missing)]
    links = parsed(shown).find_all("a", download=True)
    assert [str(link["href"]) for link in links] == [f"../record/toy-{name}.json.gz" for name in others]


def test_what_trials_have_in_common_is_said_once_and_hashes_are_short(project: Project) -> None:
    project.put_all()
    site = desk_of(project)
    shown = lab_trials(site, project.lab, site.observations(project.lab), HERE)
    facts = {name: values for name, *values in cells(shown, 1)}
    assert facts["CPU"] == ["Some CPU"]
    assert facts["SHA-256 of toy"] == ["f" * 16 + "…"]
    assert facts["Image"] == ["sha256:abcdef"]
    assert facts["Go"][0] == "go1.21.13"
    assert listings(shown)[-1] == "$ GOFLAGS=-mod=mod go build -o toy ."


def test_without_any_observation_there_are_still_the_commands(project: Project) -> None:
    site = desk_of(project)
    shown = lab_trials(site, project.lab, site.observations(project.lab), HERE)
    assert len(cells(shown)) == len(FOR_ALL) + 1
    assert len(listings(shown)) == len(FOR_ALL)


def test_many_commands_are_cut(project: Project) -> None:
    project.put_all()
    site = desk_of(project)
    observations = site.observations(project.lab)
    name, newest = list(observations.items())[-1]
    assert newest
    many = msgspec.structs.replace(newest.provenance, commands=1000 * newest.provenance.commands)
    observations = {**observations, name: msgspec.structs.replace(newest, provenance=many)}
    shown = lab_trials(site, project.lab, observations, HERE)
    assert f"The commands of the trial on {name}: 1000" in words(shown)
    assert "lines left out here, but in the record" in listings(shown)[-1]
    assert len(shown) < 30_000
