"""What is installed and shapes an observation on this side of the bench is an input, and nothing else that is."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest

from claimlab.trials import distributions
from claimlab.trials.distributions import distributions_behind
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder

MakeLab = Callable[..., LabFolder]


def install(
    place: Path, name: str, version: str, files: dict[str, str], needs: tuple[str, ...] = (), *, by: str = "pip"
) -> None:
    """As pip or uv leave a distribution: the latter compiles nothing, and names itself."""
    info = place / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    needed = "".join(f"Requires-Dist: {need}\n" for need in needs)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}\nAbout it.\n")
    lines = []
    for file, text in files.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(text)
        lines.append(f"{file},sha256={hashlib.sha256(text.encode()).hexdigest()},{len(text)}")
        if by == "pip":
            lines.append(f"{file}c,,")
    lines += [f"{info.name}/INSTALLER,sha256={by},4", "../../../bin/tool,sha256=abc,7", f"{info.name}/RECORD,,"]
    (info / "RECORD").write_text("\n".join(reversed(lines)) + "\n")


def behind(place: Path, *names: str) -> dict[str, str]:
    distributions._infos.cache_clear()
    distributions._text.cache_clear()
    distributions._behind.cache_clear()
    return {name: str(one) for name, one in distributions_behind(names, [str(place)]).items()}


def test_a_module_is_found_in_the_distribution_that_has_it(tmp_path: Path) -> None:
    install(tmp_path, "py_elf.tools", "0.33", {"elftools/__init__.py": "", "elftools/dwarf.py": "1"})
    install(tmp_path, "other", "1.0", {"other.py": ""})
    assert list(behind(tmp_path, "elftools.dwarf", "os.path", "claimlab.heap", "nowhere")) == ["py-elf-tools"]
    assert list(behind(tmp_path, "other")) == ["other"]
    assert behind(tmp_path, "elftools.dwarf")["py-elf-tools"].startswith("0.33 ")


CHANGES: dict[str, Callable[[Path], None]] = {
    "another version": lambda place: install(place, "elf", "0.34", {"elf/__init__.py": "same"}),
    "other content": lambda place: install(place, "elf", "0.33", {"elf/__init__.py": "other"}),
    "a file more": lambda place: install(place, "elf", "0.33", {"elf/__init__.py": "same", "elf/more.py": ""}),
    "another name": lambda place: install(place, "elf2", "0.33", {"elf/__init__.py": "same"}),
    "no distribution": lambda place: edit_alone(place, "elf/__init__.py", "same"),
}


def edit_alone(place: Path, name: str, text: str) -> None:
    (place / name).parent.mkdir(parents=True)
    (place / name).write_text(text)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_one_in_its_place_is_another_input(tmp_path: Path, change: Callable[[Path], None]) -> None:
    install(tmp_path / "one", "elf", "0.33", {"elf/__init__.py": "same"})
    change(tmp_path / "two")
    assert behind(tmp_path / "two", "elf")
    assert behind(tmp_path / "one", "elf") != behind(tmp_path / "two", "elf")


def test_who_installed_it_makes_no_difference(tmp_path: Path) -> None:
    for by in ("pip", "uv"):
        install(tmp_path / by, "elf", "0.33", {"elf/__init__.py": "same", "elf/a.py": "a"}, by=by)
    assert behind(tmp_path / "pip", "elf") == behind(tmp_path / "uv", "elf")


def test_a_module_without_a_distribution_is_known_by_its_files(tmp_path: Path) -> None:
    for number in ("1", "2"):
        edit_alone(tmp_path / number, "lever/deep.py", number)
        (tmp_path / number / "lever" / "__init__.py").touch()
        (tmp_path / number / "gauge.py").write_text(number)
    for module in ("lever", "gauge"):
        assert list(behind(tmp_path / "1", module)) == [module]
        assert behind(tmp_path / "1", module) != behind(tmp_path / "2", module)


def test_what_a_distribution_needs_counts_too_but_no_extras_nor_what_other_systems_need(tmp_path: Path) -> None:
    needs = ("numpy<3,>=1", 'pytest; extra == "test"', 'colours; sys_platform == "win32"', "not-here")
    install(tmp_path, "scipy", "1.0", {"scipy/__init__.py": ""}, needs)
    install(tmp_path, "numpy", "2.0", {"numpy/__init__.py": ""}, ("scipy",))  # a circle is no trouble
    for other in ("pytest", "colours"):
        install(tmp_path, other, "1.0", {f"{other}/__init__.py": ""})
    assert set(behind(tmp_path, "scipy.stats")) == {"scipy", "numpy"}


# Those of labs

USES = {
    "from claimlab import Bench, Lab": set(),
    "from claimlab import heap": {"msgspec"},
    "from claimlab import machine_code": {"msgspec", "capstone"},
    "from claimlab.instruments import symbols": {"msgspec", "pyelftools"},
    "from claimlab import timing": {"msgspec", "numpy", "scipy", "packaging"},
    "def look():\n    import sphinx_nowhere, capstone": {"capstone"},
}


@pytest.mark.parametrize(("imports", "used"), USES.items(), ids=USES)
def test_only_what_takes_part_is_an_input(make_lab: MakeLab, imports: str, used: set[str]) -> None:
    here = Shared(make_lab(lab=f'"""Toy?"""\n{imports}\nlab = Lab("toy")\n')).here
    found = {name.partition(" ")[2] for name in here if name.startswith("distribution ")}
    assert found == used
    assert all(here[f"distribution {name}"].startswith(distribution(name).version) for name in found)


def test_python_is_an_input(make_lab: MakeLab) -> None:
    assert Shared(make_lab()).here["python"].startswith("CPython 3.")


HERE = """
import sys
from pathlib import Path
from claimlab.project.project import load
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder

print(sorted(Shared(LabFolder(Path(sys.argv[1]), load(Path(sys.argv[2])))).here.items()))
"""


def test_an_exchanged_capstone_makes_another_address(
    make_lab: MakeLab, tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    """Copies of the real one, whose release differs only in one file, stand before it on the path."""
    lab = make_lab(lab='"""Toy?"""\nfrom claimlab import machine_code\nlab = Lab("toy")\n')
    real = Path(str(distribution("capstone").locate_file("capstone")))
    (info,) = real.parent.glob("capstone-*.dist-info")
    found = {}
    for name in ("same", "other"):
        place = tmp_path / name
        shutil.copytree(real, place / "capstone")
        shutil.copytree(info, place / info.name)
        if name == "other":
            record = place / info.name / "RECORD"
            record.write_text(
                record.read_text().replace("capstone/__init__.py,sha256=", "capstone/__init__.py,sha256=X")
            )
    for name in ("", "same", "other"):
        process = start_python(
            HERE, lab.path, lab.project.root, **({"PYTHONPATH": str(tmp_path / name)} if name else {})
        )
        out, err = process.communicate(timeout=60)
        assert not err
        found[name] = out
    assert found[""] == found["same"] != found["other"]
