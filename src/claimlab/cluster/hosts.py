"""The workers of a cluster as the head sees them: which can measure what, and which differ."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from claimlab.benches.host import host_facts
from claimlab.cluster.joining import Link
from claimlab.cluster.offers import PROCESSOR, Resources, facts_of, has, host_of, matches, on_one, unlike, wanted
from claimlab.cluster.worker import AGAIN_S
from claimlab.project.errors import EnvironmentMissing
from claimlab.trials.trial import Trial

_LOOK_S = 1.0


Place = frozenset[str] | str
"""What trials have in common that go to the same workers: what they want, or, where they go to one host, their lab."""


@dataclass
class Hosts:
    """What the scheduler said last of its workers."""

    link: Link
    trials: Sequence[Trial]
    on: Sequence[str]
    say: Callable[[str], None]
    wants: dict[str, Resources] = field(default_factory=dict)
    """By the trial's name; without the host."""
    workers: dict[str, Resources] = field(default_factory=dict)
    """What each that takes tasks now has, by its name."""
    processors: int = 0
    """Of those that can measure something."""
    rests: bool = False
    """A worker that took tasks has paused since the look before."""
    _paused: set[str] = field(default_factory=set)
    _kinds: set[frozenset[str]] = field(default_factory=set)
    """What trials want, each once."""
    _places: dict[Place, Trial] = field(default_factory=dict)
    """One trial of each."""
    _chosen: dict[str, Resources] = field(default_factory=dict)
    """What keeps the trials of a lab on one host, by the lab's name."""
    _there: dict[Place, float] = field(default_factory=dict)
    """When there was last a worker for it."""
    _told: set[str] = field(default_factory=set)
    _looked: float = 0.0

    def __post_init__(self) -> None:
        self.wants = {trial.name: wanted(trial) for trial in self.trials}
        self._kinds = set(map(frozenset, self.wants.values()))
        for trial in self.trials:
            self._places.setdefault(self._place(trial), trial)
        self.be_patient()

    def be_patient(self) -> None:
        """Whoever is not there has gone just now."""
        self._there = dict.fromkeys(self._places, time.monotonic())

    def refuse_unless_fit(self) -> None:
        """For every trial there is a worker; :class:`EnvironmentMissing` says otherwise what differs."""
        there = self.look()
        if not there:
            raise EnvironmentMissing(
                "The cluster has no workers yet.", "Start one on each host: claimlab cluster.worker ADDRESS"
            )
        nobodys = [trial for trial in self._places.values() if not self.fit(trial)]
        if nobodys:
            trial = nobodys[0]
            told = {name: self._unfit(name, resources, trial) for name, resources in there.items()}
            raise EnvironmentMissing(
                "\n".join(
                    [f"No worker can measure {trial.name}:", *(f"  {name}: {why}" for name, why in told.items())]
                ),
                "Workers need the claimlab, Python and packages of whoever asks: install the same there."
                if any(unlike(one, self.wants[trial.name]) for one in there.values())
                else "Start a worker that can, on a host of the kind that is wanted: claimlab cluster.worker ADDRESS",
            )

    def _unfit(self, name: str, resources: Resources, trial: Trial) -> str:
        """Why the worker does not measure the trial, in words."""
        if told := unlike(resources, self.wants[trial.name]):
            return told
        if name not in self.workers:
            return f"it has paused: it lacked something, and looks again every {AGAIN_S:.0f} s"
        return "it is of another kind than --on wants"

    def look(self) -> Mapping[str, Resources]:
        """What all workers there are have, by their names. Those that differ are told of, each once."""
        known = self.link.client.scheduler_info()["workers"].values()
        everyone = {str(one["name"]): dict(one["resources"]) for one in known}
        self.workers = {str(one["name"]): dict(one["resources"]) for one in known if one["status"] == "running"}
        paused = everyone.keys() - self.workers.keys()
        self.rests, self._paused = bool(paused - self._paused), paused
        for name, resources in everyone.items():
            if name not in self._told and not self._is_fit(resources):
                self._told.add(name)
                self.say(f"worker {name} gets no trials: {unlike(resources, next(iter(self._kinds)))}")
        self.processors = sum(int(one[PROCESSOR]) for one in self.workers.values() if self._is_fit(one))
        self._looked = time.monotonic()
        self._there |= {place: self._looked for place, trial in self._places.items() if self.fit(trial)}
        return everyone

    def _is_fit(self, resources: Resources) -> bool:
        """It can measure something."""
        return any(has(resources, want) for want in self._kinds)

    def look_again(self) -> None:
        """As :meth:`look`, unless somebody just did."""
        self.rests = False
        if time.monotonic() - self._looked > _LOOK_S:
            self.look()

    def absent_s(self, trial: Trial) -> float:
        """For so long there has been no worker that can measure it."""
        return self._looked - self._there[self._place(trial)]

    def moved(self, after_s: float) -> list[str]:
        """The labs whose host has been gone for so long, and which may go to another one from now on."""
        labs = []
        for lab in [lab for lab in self._chosen if self.absent_s(self._places[lab]) > after_s]:
            chosen = self._chosen.pop(lab)
            if self.fit(self._places[lab]):
                self._there[lab] = self._looked
                labs.append(lab)
            else:
                self._chosen[lab] = chosen
        return labs

    def fit(self, trial: Trial) -> list[Resources]:
        """The workers that can measure it, of the hosts that it may be measured on."""
        want = self.wants[trial.name] | self._chosen.get(trial.lab.name, {})
        found = [one for one in self.workers.values() if has(one, want)]
        return [one for one in found if not trial.lab.declared.depends_on_host or matches(one, self.on)]

    def addresses(self, trial: Trial) -> list[str]:
        """Of the workers that can measure it, as Dask knows them."""
        known = self.link.client.scheduler_info()["workers"]
        return [address for address, one in known.items() if has(dict(one["resources"]), self.wants[trial.name])]

    def wants_of(self, trial: Trial) -> Resources:
        """What a worker must have for it; of all trials of a lab that depends on the host, the same one."""
        want = self.wants[trial.name]
        if not trial.lab.declared.depends_on_host:
            return want
        if trial.lab.name not in self._chosen:
            self._chosen[trial.lab.name] = on_one(_of_one_host(self.fit(trial), trial.lab.name), self.on)
        return want | self._chosen[trial.lab.name]

    def _place(self, trial: Trial) -> Place:
        return trial.lab.name if trial.lab.declared.depends_on_host else frozenset(self.wants[trial.name])


def _of_one_host(workers: Sequence[Resources], lab: str) -> list[Resources]:
    """Those of one host: one like this machine if there is any, since what is recorded here counts there too; or else
    another for each lab."""
    known = {host_of(one): facts_of(one) for one in workers}
    here = host_facts()
    alike = [host for host, facts in known.items() if facts.items() >= here.items()]
    hosts = sorted(alike or known)
    host = hosts[crc32(lab.encode()) % len(hosts)]
    return [one for one in workers if host_of(one) == host]
