"""Runs one command in N fresh processes and prints how they ended, as JSON. Runs inside the bench; stdlib only.

One that met a limit of the bench ended for no reason of its own: then nothing is counted, and the exit code is 1.
"""

import json
import os
import signal
import sys
import types

watching = types.ModuleType("watching")
with open("watching.py") as source:  # not imported: a program may have left a compiled one that is another
    exec(source.read(), watching.__dict__)

OUTPUT_LIMIT_BYTES = 16 * 1024**2
LIMITS = {
    signal.SIGXCPU: "had used up its processor time",
    signal.SIGXFSZ: "wrote a file that became larger than files may be",
}


def run(argv, env, timeout_s):
    stderr = bytearray()
    before = watching.limits_hit()
    done = watching.watch(argv, env, timeout_s, OUTPUT_LIMIT_BYTES, [[2]], lambda _, chunk: stderr.extend(chunk))
    code = os.waitstatus_to_exitcode(done.status)
    return code, done, limit_met(done, -code, before, watching.limits_hit()), stderr.decode("utf-8", "replace")


def limit_met(done, number, before, now):
    """What ended a process, or kept it from going on, if that was none of its own doing; else nothing."""
    if done.over >= 0:
        return "printed more than %d bytes on standard error" % OUTPUT_LIMIT_BYTES
    if now["memory"] != before["memory"]:
        return "was killed, or one that it started, because the memory was used up"
    if now["processes"] != before["processes"]:
        return "was given no more processes"
    if number == signal.SIGKILL and not done.late and now["memory"] is None:
        return "was killed, and the kernel does not say whether for memory"
    return LIMITS.get(number, "")


def describe(code, late, stderr, marks):
    lines = stderr.splitlines()
    message = next((line for line in lines if line.startswith(("fatal error:", "panic:"))), "")
    exit_code, number = (code, 0) if code >= 0 else (128 - code, -code)
    return exit_code, late, message, tuple(mark for mark in marks if mark in stderr), number


def sample(stderr):
    return "\n".join(line[:1000] for line in stderr.splitlines()[:40])


def main():
    watching.guard()
    order = json.loads(sys.argv[1])
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "CLAIMLAB_BENCH") if name in os.environ}
    env = {**inherited, **order["env"]}
    found = {}
    for number in range(order["runs"]):
        code, done, limit, stderr = run(order["argv"], env, order["timeout_s"])
        if not done.started:
            sys.exit("it could not be run: %s" % sample(stderr))
        if limit:
            sys.exit("process %d of %d %s\n%s" % (number + 1, order["runs"], limit, sample(stderr)))
        kind = describe(code, done.late, stderr, order["marks"])
        entry = found.setdefault(kind, {"count": 0, "sample": sample(stderr)})
        entry["count"] += 1
    names = ("exit_code", "timed_out", "message", "marks", "signal")
    json.dump([{**entry, **dict(zip(names, kind))} for kind, entry in sorted(found.items())], sys.stdout)


main()
