"""Runs one command in N fresh processes and prints how they ended, as JSON. Runs inside the bench; stdlib only."""

import json
import os
import signal
import subprocess
import sys


def run(argv, env, timeout_s):
    process = subprocess.Popen(
        argv,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        process_group=0,
    )
    try:
        _, stderr = process.communicate(timeout=timeout_s)
        late = False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        _, stderr = process.communicate()
        late = True
    code = process.returncode if process.returncode >= 0 else 128 - process.returncode
    return code, late, stderr.decode("utf-8", "replace")


def describe(code, late, stderr, marks):
    lines = stderr.splitlines()
    message = next((line for line in lines if line.startswith(("fatal error:", "panic:"))), "")
    return code, late, message, tuple(mark for mark in marks if mark in stderr)


def main():
    order = json.loads(sys.argv[1])
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "CLAIMLAB_BENCH") if name in os.environ}
    env = {**inherited, **order["env"]}
    found = {}
    for _ in range(order["runs"]):
        code, late, stderr = run(order["argv"], env, order["timeout_s"])
        kind = describe(code, late, stderr, order["marks"])
        entry = found.setdefault(kind, {"count": 0, "sample": "\n".join(stderr.splitlines()[:40])})
        entry["count"] += 1
    names = ("exit_code", "timed_out", "message", "marks")
    json.dump([{**entry, **dict(zip(names, kind))} for kind, entry in sorted(found.items())], sys.stdout)


main()
