"""What a worker has, and what a trial wants of it, in Dask's own terms: resources, by name.

A name such as ``python CPython 3.11.7`` says all there is to say: a trial goes to workers that have every name that it
wants, whenever they join, and to no other. Of each a worker has as many as processors, for it measures so many trials
at a time; of the machine, which a trial that measures time takes, it has one.
"""

import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from claimlab.benches.engines import choose
from claimlab.benches.host import host_facts
from claimlab.project.errors import EnvironmentMissing, Refused
from claimlab.project.files import digest
from claimlab.project.project import Project
from claimlab.toolchains.toolchain import this_platform
from claimlab.trials.distributions import all_distributions
from claimlab.trials.fingerprint import python_here
from claimlab.trials.trial import Trial

Resources = dict[str, float]
PROCESSOR: Final = "processor"
MACHINE: Final = "machine"
_CLAIMLAB: Final = "claimlab"
_PYTHON: Final = "python"
_DISTRIBUTION: Final = "distribution"
_PLATFORM: Final = "platform"
_ENGINE: Final = "engine"
_HOST: Final = "host"
_FACT: Final = "fact"
_NAME: Final = "name"
_HASH_DIGITS: Final = 12
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
ENGINES: Final = ("docker", "local")


def offered(project: Project, processors: int, name: str, engine: str = "") -> Resources:
    """What a worker of this name on this machine has: with an `engine` only that, else every one that works here.

    :class:`EnvironmentMissing` if none does.
    """
    names = [
        PROCESSOR,
        f"{_CLAIMLAB} {claimlab_here()}",
        f"{_PYTHON} {python_here()}",
        f"{_PLATFORM} {this_platform()}",
        f"{_HOST} {host_here()}",
        f"{_FACT} {_NAME} {name}",
        *(f"{_FACT} {key} {value}" for key, value in host_facts().items()),
        *(f"{_DISTRIBUTION} {key} {one}" for key, one in all_distributions().items()),
        *(f"{_ENGINE} {one}" for one in _engines(project, engine)),
    ]
    return {MACHINE: 1.0, **dict.fromkeys(names, float(processors))}


def _engines(project: Project, wanted: str) -> list[str]:
    """Those that work here; of a project's own engines nobody knows before a trial comes, and none wants their name."""
    if wanted and wanted not in ENGINES:
        return []
    found, lacking = [], []
    for name in [wanted] if wanted else ENGINES:
        engine = choose(project, name)
        try:
            engine.check()
            found.append(name)
        except EnvironmentMissing as missing:
            lacking.append(missing)
        finally:
            engine.close()
    if not found:
        raise lacking[-1]
    return found


@cache
def claimlab_here() -> str:
    """Its version, and a hash over all its modules and over what images are made of."""
    package = Path(str(files("claimlab")))
    paths = sorted([*package.rglob("*.py"), *(one for one in (package / "docker").iterdir() if one.is_file())])
    parts = (part for path in paths for part in (path.relative_to(package).as_posix(), path.read_bytes()))
    return f"{version('claimlab')} {digest(*parts)[:_HASH_DIGITS]}"


def host_here() -> str:
    """The host's name, and the kernel's own of this boot (random(4)): several hosts may be called ``localhost``."""
    return f"{socket.gethostname()} {_BOOT.read_text(encoding='utf-8')[:_HASH_DIGITS].strip()}"


def wanted(trial: Trial) -> Resources:
    """What a worker must have to measure this trial, whichever host it is on."""
    names = [f"{_CLAIMLAB} {claimlab_here()}", f"{_PLATFORM} {this_platform()}"]
    names += [f"{key} {value}" for key, value in trial.inputs.items() if key == _PYTHON]
    # What no distribution has is known by its files alone: it travels, or the worker finds that its own is another.
    names += [
        f"{key} {value}" for key, value in trial.inputs.items() if key.startswith(f"{_DISTRIBUTION} ") and " " in value
    ]
    if trial.engine.name in ENGINES:
        names.append(f"{_ENGINE} {trial.engine.name}")
    return dict.fromkeys([MACHINE if trial.lab.declared.timing else PROCESSOR, *names], 1.0)


def on_one(workers: Sequence[Resources], on: Sequence[str]) -> Resources:
    """What keeps trials on these workers of one host; on the first of them, if its name was asked for."""
    want = {f"{_HOST} {host_of(workers[0])}": 1.0}
    is_named = any(one.startswith(f"{_NAME}=") for one in on)
    return want | ({f"{_FACT} {_NAME} {facts_of(workers[0])[_NAME]}": 1.0} if is_named else {})


def has(resources: Mapping[str, float], want: Iterable[str]) -> bool:
    return all(name in resources for name in want)


def host_of(resources: Mapping[str, float]) -> str:
    return next(iter(_those(resources, _HOST)), "")


def facts_of(resources: Mapping[str, float]) -> dict[str, str]:
    """The host's facts and the worker's name, as ``--on`` asks for them."""
    pairs = (one.partition(" ") for one in _those(resources, _FACT))
    return {key: value for key, _, value in pairs}


def matches(resources: Mapping[str, float], on: Sequence[str]) -> bool:
    """The worker's host is as all of ``cpu=…``, ``cores=…``, ``machine=…``, ``kernel=…`` and ``name=…`` want it."""
    facts = facts_of(resources)
    asked = (one.partition("=") for one in on)
    return all(
        value == facts[key] if key == "cores" else value.lower() in facts[key].lower() for key, _, value in asked
    )


def refuse_unless_facts(on: Sequence[str]) -> None:
    """Every ``--on`` can be understood; :class:`Refused` otherwise."""
    known = [*host_facts(), _NAME]
    for one in on:
        key, equals, value = one.partition("=")
        if key not in known or not equals or not value:
            raise Refused(f"--on {one} is no kind of host.", f"Say one of {', '.join(f'{name}=…' for name in known)}.")


def unlike(resources: Mapping[str, float], want: Iterable[str]) -> str:
    """What a worker lacks of that, in words; empty if nothing."""
    if PROCESSOR not in resources:
        return "it is no worker of claimlab: start one with claimlab cluster.worker"
    return "; ".join(_told(name, resources) for name in sorted(want) if name not in resources)


def _told(name: str, resources: Mapping[str, float]) -> str:
    kind, _, value = name.partition(" ")
    if kind == _ENGINE:
        return f"the engine {value} does not work there"
    if kind == _DISTRIBUTION:
        package, _, release = value.partition(" ")
        there = next(
            (one.removeprefix(package) for one in _those(resources, kind) if one.startswith(f"{package} ")), ""
        )
        return f"it has {package}{there}, and here is {release}" if there else f"it has no {package} {release}"
    there = ", ".join(_those(resources, kind))
    return f"it has {kind} {there}, and here is {value}"


def _those(resources: Mapping[str, float], kind: str) -> list[str]:
    return [name.removeprefix(f"{kind} ") for name in resources if name.startswith(f"{kind} ")]


def processors_here() -> int:
    return len(os.sched_getaffinity(0))
