"""What workers have and trials want, and how it is told what differs."""

import subprocess
from collections.abc import Callable

import pytest
from tests.ours import OUR
from tests.tiny_lab import Checkout, write_lab

from claimlab.benches.engine import Engine
from claimlab.cluster import offers
from claimlab.cluster.choice import refuse_unless_cluster, workers_here
from claimlab.project.errors import Refused
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.trial import Trial

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


@pytest.fixture
def trial(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(), toolchains[0], make_engine())


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_this_machine_can_measure_its_own_trials(trial: Trial) -> None:
    has = offers.offered(OUR, 3, "desk", "local")
    want = offers.wanted(trial)
    assert offers.has(has, want)
    assert offers.unlike(has, want) == ""
    assert {has[name] for name in want} == {3.0}
    assert has[offers.MACHINE] == 1.0
    assert offers.facts_of(has)["name"] == "desk"
    assert offers.host_of(has)


def test_what_a_worker_lacks_is_told(trial: Trial) -> None:
    want = offers.wanted(trial)
    package = next(name for name in want if name.startswith("distribution msgspec "))
    has = dict.fromkeys(want, 1.0)
    del has[package], has[f"python {trial.inputs['python']}"]
    has |= {"distribution msgspec 0.1 ab": 1.0, "python CPython 3.9.1": 1.0}
    told = offers.unlike(has, want)
    assert f"it has msgspec 0.1 ab, and here is {package.removeprefix('distribution msgspec ')}" in told
    assert f"it has python CPython 3.9.1, and here is {trial.inputs['python']}" in told
    assert "claimlab cluster.worker" in offers.unlike({}, want)


@pytest.mark.parametrize(
    ("on", "is_so"),
    [
        ([], True),
        (["cpu=epyc"], True),
        (["cpu=EPYC", "cores=8"], True),
        (["cores=80"], False),
        (["cores=1"], False),
        (["name=big", "kernel=6.18"], True),
        (["machine=aarch64"], False),
    ],
)
def test_hosts_are_chosen_by_their_facts(on: list[str], is_so: bool) -> None:
    facts = ("cpu AMD EPYC 7763", "cores 8", "kernel 6.18.44", "machine x86_64", "name big one")
    assert offers.matches({f"fact {one}": 8.0 for one in facts}, on) is is_so


@pytest.mark.parametrize(
    ("cluster", "on", "words"),
    [
        ("lab:8786", [], "--cluster lab:8786 is no cluster"),
        ("tcp://lab", [], "tcp://host:8786"),
        ("local:0", [], "is no cluster"),
        ("", ["cpu=EPYC"], "Say --cluster too"),
        ("local:2", ["colour=red"], "--on colour=red is no kind of host. Say one of kernel=…"),
        ("local:2", ["cpu="], "is no kind of host"),
    ],
)
def test_what_is_no_cluster_is_refused(cluster: str, on: list[str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_unless_cluster(cluster, on)
    assert words in str(refused.value)


def test_clusters_are_told_apart() -> None:
    assert [workers_here(one) for one in ("local:2", "local:16", "tcp://lab:8786", "tls://lab:8786", "")] == [
        2,
        16,
        0,
        0,
        0,
    ]
    for one in ("local:1", "tcp://lab:8786", "tls://10.0.0.1:8786"):
        refuse_unless_cluster(one, ["cpu=x"])


def test_nobody_else_needs_dask(start_python: Callable[..., "subprocess.Popen[str]"]) -> None:
    """Every task is listed, and none has imported it."""
    code = (
        "import sys; from claimlab.cli import tasks_of; tasks_of(None); print({'dask', 'distributed'} & {*sys.modules})"
    )
    assert start_python(code).communicate()[0].strip() == "set()"


def test_without_dask_it_is_said_how_to_get_it(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    blocked = checkout.root / "src" / "sitecustomize.py"
    blocked.write_text("import sys\nsys.modules['distributed'] = None\n")
    for command in (["lab.tiny", "--cluster", "local:2"], ["cluster.scheduler"], ["cluster.worker", "tcp://lab:8786"]):
        done = checkout.inv(*command)
        assert done.returncode == 2
        assert done.stderr.strip().endswith("which is not installed. Run: pip install claimlab[cluster]")
