"""Trials on a real scheduler and two real workers: the same observations, whatever is killed meanwhile."""

import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.bench_fixtures import eventually
from tests.processes import is_gone, those
from tests.tiny_lab import Checkout, Started, write_lab
from tests.two_hosts import START_S, Cluster

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab", "tests.two_hosts"]
pytestmark = pytest.mark.gdb
ALL_AS_EXPECTED = "all as expected"


def gone(processes: list[psutil.Process]) -> bool:
    return all(map(is_gone, processes))


def stable(observation: dict[str, Any]) -> dict[str, Any]:
    """What neither time nor host changes."""
    origin = observation["provenance"]
    del observation["digest"], origin["host"]
    for name in ("measured_at", "duration_s", "waited_s"):
        origin.pop(name, None)
    for command in origin["commands"]:
        del command["duration_s"]
    return observation


def test_two_hosts_record_what_one_would(two_hosts: Cluster) -> None:
    checkout = two_hosts.checkout
    for name in ("first", "second", "third"):
        write_lab(checkout.labs, name, script="sleep 0.5; echo 42")
    write_lab(checkout.labs, "fourth", script="echo gone >&2; exit 7")
    done = two_hosts.inv("lab.all")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "s on one" in done.stderr
    assert "s on two" in done.stderr
    assert done.stdout.count("fourth[1.30.1] is broken: the lab failed") == 1
    assert "  exit: 7" in done.stdout
    assert set(two_hosts.hosts().values()) == {"one", "two"}
    far = two_hosts.observations()
    assert two_hosts.inv("lab.first").returncode == 0  # it is recorded, and nothing is measured again
    assert two_hosts.observations() == far
    shutil.rmtree(checkout.record)
    assert checkout.inv("lab.all", "--engine", "local").returncode == 1
    near = two_hosts.observations()
    assert near.keys() == far.keys()
    assert [stable(one) for one in near.values()] == [stable(far[path]) for path in near]


def test_a_worker_that_is_killed_loses_nothing_and_leaves_nothing(two_hosts: Cluster) -> None:
    for name in ("first", "second", "third"):
        write_lab(two_hosts.checkout.labs, name, script="sleep 2; echo 42")
    running = two_hosts.start("lab.all")
    assert eventually(lambda: len(two_hosts.sleepers()) == 2)
    worker = two_hosts.workers["one"].dask_worker()
    left = worker.children(recursive=True)
    worker.kill()
    done = two_hosts.checkout.started.finish(running)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ALL_AS_EXPECTED in done.stdout
    assert eventually(lambda: gone(left), 20)
    assert two_hosts.workers["one"].dask_worker().pid != worker.pid


def test_a_process_that_measures_is_replaced_when_it_is_killed(two_hosts: Cluster) -> None:
    write_lab(two_hosts.checkout.labs, script="sleep 2; echo 42")
    running = two_hosts.start("lab.all")
    assert eventually(lambda: len(two_hosts.sleepers()) == 1)
    busy = next(one for one in two_hosts.workers.values() if one.sleepers())
    child = those(busy.dask_worker().children(), lambda one: "--multiprocessing-fork" in one.cmdline())[0]
    child.kill()
    done = two_hosts.checkout.started.finish(running)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_interrupt_ends_all_trials_on_all_workers(two_hosts: Cluster) -> None:
    for name in ("first", "second"):
        write_lab(two_hosts.checkout.labs, name, script="sleep 100; echo 42")
    running = two_hosts.start("lab.all")
    assert eventually(lambda: len(two_hosts.sleepers()) == 2)
    sleepers = two_hosts.sleepers()
    os.killpg(running.pid, signal.SIGINT)
    done = two_hosts.checkout.started.finish(running, 60)
    assert done.returncode == 130
    assert "interrupted: 0 of 2 trials were finished and are recorded (none)" in done.stderr
    assert "nothing is left running" in done.stderr
    assert gone(sleepers)
    assert "Traceback" not in done.stderr


def test_the_trials_of_a_head_that_is_killed_end_too(two_hosts: Cluster) -> None:
    write_lab(two_hosts.checkout.labs, script="sleep 100; echo 42")
    running = two_hosts.start("lab.all")
    assert eventually(lambda: len(two_hosts.sleepers()) == 1)
    sleepers = two_hosts.sleepers()
    running.kill()
    assert eventually(lambda: gone(sleepers), 20)


def test_a_worker_that_differs_is_told_of_and_gets_no_trials(
    cluster: Cluster, started: Started, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        write_lab(cluster.checkout.labs, name)
    done = cluster.inv("lab.all")
    assert done.returncode == 2
    assert "The cluster has no workers yet. Start one on each host" in done.stderr
    other = Checkout(tmp_path / "other", started)
    changed = other.root / "src" / "claimlab" / "site" / "__init__.py"
    changed.write_text(f"{changed.read_text()}# changed\n")
    cluster.work("strange", other)
    done = cluster.inv("lab.all")
    assert done.returncode == 2
    assert "No worker can measure first[1.30.1]" in done.stderr
    assert "strange: it has claimlab 0.2" in done.stderr
    assert "Workers need the claimlab, Python and packages of whoever asks" in done.stderr
    cluster.work("one")
    done = cluster.inv("lab.all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "worker strange gets no trials: it has claimlab 0.2" in done.stderr
    assert set(cluster.hosts().values()) == {"one"}


def test_trials_that_depend_on_the_host_go_to_the_wanted_one(two_hosts: Cluster) -> None:
    for name in ("first", "second"):
        write_lab(two_hosts.checkout.labs, name, timing=True)
    done = two_hosts.inv("lab.all", "--on", "name=two", "--on", "machine=" + os.uname().machine)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(two_hosts.hosts().values()) == {"two"}
    done = two_hosts.inv("lab.all", "--on", "cpu=abacus", "--fresh")
    assert done.returncode == 2
    assert "it is of another kind than --on wants" in done.stderr


def test_after_a_restart_of_the_scheduler_it_goes_on(two_hosts: Cluster) -> None:
    for name in ("first", "second", "third"):
        write_lab(two_hosts.checkout.labs, name, script="sleep 2; echo 42")
    running = two_hosts.start("lab.all")
    assert eventually(lambda: len(two_hosts.sleepers()) == 2)
    assert two_hosts.scheduler
    two_hosts.scheduler.process.kill()
    time.sleep(1)
    two_hosts.serve(int(two_hosts.address.rpartition(":")[2]))
    done = two_hosts.checkout.started.finish(running)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_host_that_has_left_is_not_waited_for(two_hosts: Cluster) -> None:
    """The lab is measured on another host, all of it, or the command ends."""
    write_lab(two_hosts.checkout.labs, script="sleep 3; echo 42", timing=True)
    running = two_hosts.impatient("lab.all", "--on", "name=o")
    assert eventually(lambda: len(two_hosts.sleepers()) == 1, START_S)
    busy = next(name for name, one in two_hosts.workers.items() if one.sleepers())
    two_hosts.workers.pop(busy).vanish()
    done = two_hosts.checkout.started.finish(running)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the host that measured tiny is gone: all its trials are measured on another one" in done.stderr
    assert "workers that were killed, or left, while they measured: 1" in done.stderr
    (other,) = two_hosts.workers
    assert two_hosts.hosts() == {"tiny": other}
    shutil.rmtree(two_hosts.checkout.record)
    running = two_hosts.impatient("lab.all", "--on", f"name={other}")
    assert eventually(lambda: len(two_hosts.sleepers()) == 1, START_S)
    two_hosts.workers.pop(other).vanish()
    done = two_hosts.checkout.started.finish(running)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "No worker has been able to measure tiny[1.30.1] for 2 s. 0 of 1 trials were finished" in done.stderr
    assert "The same command goes on from here." in done.stderr
    for name in ("one", "two"):
        two_hosts.work(name)


def test_a_worker_whose_environment_lacks_something_gets_no_more_trials(two_hosts: Cluster) -> None:
    """Nobody's trials are lost, and one worker has done all."""
    two_hosts.desk("one").touch()
    for name in ("first", "second", "third", "fourth"):
        write_lab(two_hosts.checkout.labs, name)
    command = ("lab.all", "--engine", "fussy", "--cluster", two_hosts.address)
    done = two_hosts.checkout.inv(*command, LACKS=str(two_hosts.desk("head")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "worker one: The desk is full. Clear it." in done.stderr
    assert two_hosts.desk("one").read_text() == "asked "  # what waited there too has not waited for it
    assert set(two_hosts.hosts().values()) == {"two"}
    two_hosts.desk("two").touch()
    write_lab(two_hosts.checkout.labs, "fifth")
    done = two_hosts.checkout.inv(*command, LACKS=str(two_hosts.desk("head")))
    assert done.returncode == 1
    assert "no host could measure it; the last one said: The desk is full. Clear it." in done.stdout
    done = two_hosts.inv("lab.all")
    assert done.returncode == 2
    assert "one: it has paused: it lacked something, and looks again every 10 s" in done.stderr
