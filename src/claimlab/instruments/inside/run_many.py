"""Runs one command in N fresh processes and prints how they ended, as JSON. Runs inside the bench; stdlib only.

One that met a limit of the bench ended for no reason of its own: then nothing is counted, and the exit code is 1.
"""

import hashlib
import json
import os
import signal
import sys
import types

watching = types.ModuleType("watching")
with open(
    "watching.py", encoding="utf-8"
) as source:  # not imported: a program may have left a compiled one that is another
    exec(source.read(), watching.__dict__)

OUTPUT_LIMIT_BYTES = 16 * 1024**2
LIMITS = {
    signal.SIGXCPU: "had used up its processor time",
    signal.SIGXFSZ: "wrote a file that became larger than files may be",
}


def run(argv, env, timeout_s, groups):
    streams = [bytearray() for _ in groups]
    before = watching.limits_hit()
    done = watching.watch(argv, env, timeout_s, OUTPUT_LIMIT_BYTES, groups, lambda at, chunk: streams[at].extend(chunk))
    code = os.waitstatus_to_exitcode(done.status)
    return code, done, limit_met(done, -code, before, watching.limits_hit()), streams


def limit_met(done, number, before, now):
    """What ended a process, or kept it from going on, if that was none of its own doing; else nothing."""
    if done.over >= 0:
        return "printed more than %d bytes on standard %s" % (OUTPUT_LIMIT_BYTES, ("error", "output")[done.over])
    if now["memory"] != before["memory"]:
        return "was killed, or one that it started, because the memory was used up"
    if now["processes"] != before["processes"]:
        return "was given no more processes"
    if number == signal.SIGKILL and not done.late and now["memory"] is None:
        return "was killed, and the kernel does not say whether for memory"
    return LIMITS.get(number, "")


def describe(code, late, stderr, marks, stdout):
    lines = stderr.splitlines()
    message = next((line for line in lines if line.startswith(("fatal error:", "panic:"))), "")
    exit_code, number = (code, 0) if code >= 0 else (128 - code, -code)
    return exit_code, late, message, tuple(mark for mark in marks if mark in stderr), number, stdout


def sample(stderr):
    return "\n".join(line[:1000] for line in stderr.splitlines()[:40])


def shown(stdout, limit):
    """All of it, or a beginning of so many characters that says how much more there was and what all of it was."""
    if len(stdout) <= limit:
        return stdout
    more, known = len(stdout) - limit, hashlib.sha256(stdout.encode()).hexdigest()
    return "%s\n... %d characters more, SHA-256 of all %s" % (stdout[:limit], more, known)


def main():
    watching.guard()
    order = json.loads(sys.argv[1])
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "CLAIMLAB_BENCH") if name in os.environ}
    env = {**inherited, **order["env"]}
    found = {}
    groups = [[2], [1]] if order["printed"] else [[2]]
    for number in range(order["runs"]):
        code, done, limit, streams = run(order["argv"], env, order["timeout_s"], groups)
        stderr, stdout = ([one.decode("utf-8", "replace") for one in streams] + [""])[:2]
        if not done.started:
            sys.exit("it could not be run: %s" % sample(stderr))
        if limit:
            sys.exit("process %d of %d %s\n%s" % (number + 1, order["runs"], limit, sample(stderr)))
        kind = describe(code, done.late, stderr, order["marks"], shown(stdout, order["printed_characters"]))
        entry = found.setdefault(kind, {"count": 0, "sample": sample(stderr)})
        entry["count"] += 1
    names = ("exit_code", "timed_out", "message", "marks", "signal", "printed")
    json.dump([{**entry, **dict(zip(names, kind))} for kind, entry in sorted(found.items())], sys.stdout)


main()
