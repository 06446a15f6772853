"""Runs Go benchmarks in rounds, one fresh process each, and prints what they printed, as JSON. Runs inside the bench;
stdlib only.

A round has every arm once, in an order of its own; it counts if each arm had the processors it needs. Rounds that do
not count are made again, up to a limit.
"""

import json
import os
import random
import resource
import sys
import time
import types

watching = types.ModuleType("watching")
with open(
    "watching.py", encoding="utf-8"
) as source:  # not imported: a program may have left a compiled one that is another
    exec(source.read(), watching.__dict__)

OUTPUT_LIMIT_BYTES = 1024**2


def used():
    """Processor time and involuntary switches of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime, usage.ru_nivcsw


def busy():
    """Seconds of work of all processors for anybody since the machine's start (proc_stat(5)), and those that a
    hypervisor withheld; None where that is not to be seen."""
    try:
        with open("/proc/stat", encoding="utf-8") as opened:
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, opened.readline().split()[1:9])
    except (OSError, ValueError):
        return None
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own():
    """Seconds of work of this script and of all its children that have ended."""
    usages = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def run(arm, timeout_s, allowed):
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "CLAIMLAB_BENCH") if name in os.environ}
    cpu_before, switched_before = used()
    # A child inherits what its parent may run on; this script itself needs no core of its own meanwhile.
    os.sched_setaffinity(0, [allowed[number] for number in arm["pinned"]] or allowed)
    started = time.perf_counter()
    output, errors = bytearray(), bytearray()
    done = watching.watch(
        arm["argv"],
        {**inherited, **arm["env"]},
        timeout_s,
        OUTPUT_LIMIT_BYTES,
        [[1], [2]],  # apart: what a benchmark logs would stand in the midst of its result
        lambda group, chunk: (output, errors)[group].extend(chunk),
    )
    wall_s = time.perf_counter() - started
    os.sched_setaffinity(0, allowed)
    text = output.decode("utf-8", "replace")
    said = text + errors.decode("utf-8", "replace")
    if done.late:
        sys.exit("a benchmark took more than %s s: %s" % (timeout_s, arm["argv"]))
    if done.over >= 0:
        sys.exit("a benchmark printed more than %d bytes: %s" % (OUTPUT_LIMIT_BYTES, arm["argv"]))
    code = os.waitstatus_to_exitcode(done.status)
    if code < 0:
        sys.exit("a benchmark was ended by signal %d: %s\n%s" % (-code, arm["argv"], said))
    if code:
        sys.exit("a benchmark ended with exit code %d: %s\n%s" % (code, arm["argv"], said))
    cpu_after, switched_after = used()
    return {
        "text": text,
        "wall_s": wall_s,
        "cpu_s": cpu_after - cpu_before,
        "switched": switched_after - switched_before,
    }


def metrics(text):
    """The last value of each unit in the results."""
    found = {}
    for line in text.splitlines():
        fields = line.split()
        if line.startswith("Benchmark") and len(fields) >= 4:
            try:
                found.update(zip(fields[3::2], map(float, fields[2::2])))
            except ValueError:  # something that the benchmark prints
                continue
    return found


def is_clean(arm, ran):
    if ran["cpu_s"] < arm["busy"] * arm["cores"] * ran["wall_s"]:
        return False
    found = metrics(ran["text"])
    return all(found.get(unit, 0) >= least for unit, least in arm["least"].items())


def one_round(arms, shuffler, timeout_s, allowed):
    order = list(arms)
    shuffler.shuffle(order)
    seen = {label: run(arms[label], timeout_s, allowed) for label in order}
    for label, ran in seen.items():
        ran["clean"] = is_clean(arms[label], ran)
    return seen


def main():
    watching.guard()
    order = json.loads(sys.argv[1])
    allowed = sorted(os.sched_getaffinity(0))
    pinned = [number for arm in order["arms"].values() for number in arm["pinned"]]
    if pinned and max(pinned) >= len(allowed):
        sys.exit("core %d is asked for, but there are only %d" % (max(pinned), len(allowed)))
    shuffler = random.Random(order["seed"])
    rounds, clean = [], 0
    started, busy_before, own_before = time.perf_counter(), busy(), own()
    while clean < order["rounds"] and len(rounds) < order["most"]:
        rounds.append(one_round(order["arms"], shuffler, order["timeout_s"], allowed))
        clean += all(ran["clean"] for ran in rounds[-1].values())
    others = None
    if busy_before is not None:
        # The kernel counts in ticks of a hundredth of a second, so a difference of nothing may come out below it.
        others = max(0.0, busy() - busy_before - (own() - own_before)) / (time.perf_counter() - started)
    json.dump({"processors": len(allowed), "rounds": rounds, "others_busy": others}, sys.stdout)


main()
