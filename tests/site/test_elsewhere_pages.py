"""A claim's page says on which hosts it was measured, and what was found on another architecture."""

import gzip

import msgspec
import pytest
from tests.toy_project import Project

from claimlab.toolchains.archives import arch_of
from claimlab.toolchains.toolchain import PLATFORMS, this_platform
from claimlab.trials.record import address, observation_of

pytest_plugins = ["tests.toy_project"]
OTHER = next(one for one in PLATFORMS if one != this_platform())


def readdressed(project: Project, name: str, number: int, host: dict[str, str], **inputs: str) -> None:
    """What the record has of a trial, as if it were of these inputs and of another host."""
    trial = project.trial(name)
    found = trial.recorded(project.record)
    assert found is not None
    seen = {**msgspec.json.decode(found.seen), "number": number}
    origin = msgspec.structs.replace(found.provenance, host=host)
    other = observation_of(found.lab, found.toolchain, found.engine, {**trial.inputs, **inputs}, origin, seen)
    project.record.put(other, address(other.inputs))


def test_the_hosts_are_told_with_what_was_measured_on_each(project: Project) -> None:
    project.put_all()
    assert "Measured on Some CPU, kernel 6.1.0 " in project.build().text("claims/9.1-a")
    readdressed(project, "1.27.3", 2, {"cpu": "Another CPU", "cores": "96", "kernel": "6.12", "machine": "x86_64"})
    text = project.build().text("claims/9.1-a")
    assert "Seen on" not in text, "it counts, and measures no time"
    assert "Measured on Another CPU, 96 cores, kernel 6.12, x86_64 — 1.27.3 " in text
    assert "Measured on Some CPU, kernel 6.1.0 — " in text


def test_what_rests_on_the_machine_says_so_beside_the_verdict(project: Project) -> None:
    entry = project.lab.entry
    entry.write_text(entry.read_text().replace('Lab("toy")', 'Lab("toy", timing=True)'))
    project.put_all()
    built = project.build()
    said = "Seen on one machine: Some CPU, kernel 6.1.0"
    assert said in built.text("claims/9.1-a").partition("What it should have said")[0]
    assert said in built.text("chapters/9")
    readdressed(project, "1.27.3", 2, {"cpu": "Another CPU"}, place="another desk")
    project.record.path("toy", "1.27.3", "local", project.trial("1.27.3").address).unlink()
    text = project.build().text("chapters/9")
    assert "Seen on 2 machines: Some CPU, kernel 6.1.0; Another CPU" in text
    claims = project.lab.path.parent / "claims.toml"
    written = claims.read_text()
    rule = 'expected = [{ outcome = "holds", other_hosts = ["void"] }]'
    claims.write_text(written.replace('id = "9.1-a"\n', f'id = "9.1-a"\n{rule}\n', 1))
    assert claims.read_text() != written
    text = project.build().text("chapters/9")
    assert "Seen on 2 machines: Some CPU, kernel 6.1.0; Another CPU. On others it may come out as: void" in text


def test_pages_show_what_was_measured_elsewhere(project: Project) -> None:
    """Where nothing was measured here: verdict, evidence and record are those of the other place."""
    project.put_all()
    before = project.trial("1.27.3")
    readdressed(project, "1.27.3", 3, {"cpu": "Another CPU"}, place="another desk")
    project.record.path("toy", "1.27.3", "local", before.address).unlink()
    built = project.build()
    assert (built.exit_code, built.warnings) == (0, "")
    text = built.text("claims/9.1-a")
    assert "Measured on Another CPU — 1.27.3 " in text
    assert "the number is 3" in text
    offered = msgspec.json.decode(gzip.decompress((built.out / "record" / "toy-1.27.3.json.gz").read_bytes()))
    assert offered["inputs"]["place"] == "another desk"


@pytest.mark.parametrize("number", [2, 3])
def test_each_architecture_has_its_verdict_on_the_page(project: Project, number: int) -> None:
    project.put_all()
    release = project.trial("1.27.3").toolchain.release
    assert f"On {arch_of(OTHER)}" not in project.build().text("claims/9.1-a")
    readdressed(project, "1.27.3", number, {"machine": "other"}, toolchain=f"1.27.3 {release.hashes[OTHER]}")
    text = project.build().text("claims/9.1-a")
    part = text.partition(f"On {arch_of(OTHER)}")[2]
    assert part.split("1.27.3")[1].split()[1] == ("holds" if number == 2 else "fails")
    assert "Measured on other" in part.partition("Read as")[0], "beside its own verdict"
