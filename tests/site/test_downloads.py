"""The files that pages offer: they are there, up to date, and cost nothing where nothing has changed."""

import gzip
from pathlib import Path

from tests.ours import FOR_ALL
from tests.toy_project import Project

from claimlab.site.data import SiteData
from claimlab.site.downloads import hand_out, offered_to
from claimlab.verdicts.ledger import Ledger

pytest_plugins = ["tests.toy_project"]
SOURCES = {"sources/toy/judges.py", "sources/toy/lab.py", "sources/toy/main.go"}
NEWEST = FOR_ALL[-1].name


def desk_of(project: Project) -> SiteData:
    return SiteData(Ledger(project.laboratory))


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def recorded(*but: str) -> set[str]:
    return {f"record/toy-{toolchain.name}.json.gz" for toolchain in FOR_ALL if toolchain.name not in but}


def test_every_source_and_every_observation_is_handed_out_and_nothing_else_stays(project: Project) -> None:
    project.put_all(NEWEST)
    out = project.root / "out"
    (out / "record").mkdir(parents=True)
    (out / "record" / "gone.json").touch()
    hand_out(desk_of(project), out)
    assert files_in(out) == SOURCES | recorded(NEWEST)
    project.put(NEWEST, 2)
    hand_out(desk_of(project), out)
    assert files_in(out) == SOURCES | recorded()
    (project.lab.path / "more.go").write_text("package main\n")  # now all observations are out of date
    hand_out(desk_of(project), out)
    assert files_in(out) == SOURCES | {"sources/toy/more.go"}


def unpacked(out: Path) -> bytes:
    return gzip.decompress((out / f"record/toy-{NEWEST}.json.gz").read_bytes())


def test_the_record_is_whole_and_compressed(project: Project) -> None:
    project.put_all()
    out, site = project.root / "out", desk_of(project)
    hand_out(site, out)
    (newest,) = (trial for trial in site.ledger.trials(project.lab) if trial.toolchain.name == NEWEST)
    assert unpacked(out) == site.file(newest).read_bytes()
    assert (out / "sources/toy/main.go").read_text() == (project.lab.path / "main.go").read_text()


def test_what_has_not_changed_is_not_written_again_and_what_has_is(project: Project) -> None:
    project.put_all()
    out = project.root / "out"
    hand_out(desk_of(project), out)
    inodes = {name: (out / name).stat().st_ino for name in files_in(out)}
    times = {name: (out / name).stat().st_ctime_ns for name in SOURCES}
    hand_out(desk_of(project), out)
    assert {name: (out / name).stat().st_ino for name in files_in(out)} == inodes
    assert {name: (out / name).stat().st_ctime_ns for name in SOURCES} == times
    project.put(NEWEST, 4)
    judges = project.lab.path / "judges.py"
    judges.write_text(judges.read_text() + "# more\n")
    hand_out(desk_of(project), out)
    assert b'"number": 4' in unpacked(out)
    assert (out / "sources/toy/judges.py").read_text().endswith("# more\n")


def test_records_are_an_option(project: Project) -> None:
    project.put_all()
    out = project.root / "out"
    hand_out(desk_of(project), out)
    hand_out(desk_of(project), out, records=False)
    assert files_in(out) == SOURCES
    assert offered_to("labs/toy", ".", records=False).record(project.trial(NEWEST)) == ""


def test_links_lead_from_the_page_to_the_files(project: Project) -> None:
    trial = project.trial(NEWEST)
    assert offered_to("labs/toy", ".").record(trial) == f"../record/toy-{NEWEST}.json.gz"
    assert offered_to("labs/toy", "..").record(trial) == f"../../record/toy-{NEWEST}.json.gz"
    assert offered_to("toy", ".").source(project.lab, project.lab.path / "main.go") == "sources/toy/main.go"
