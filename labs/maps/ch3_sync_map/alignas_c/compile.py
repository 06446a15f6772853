"""Has gcc compile small sources in several modes of C, and prints what became of it, as JSON. Runs inside the bench;
stdlib only.
"""

import json
import subprocess
import sys

MODES = ["c99", "c11", "c17", "c2x", "gnu99", "gnu11", "gnu17", "gnu2x"]
"""C2x became C23. GCC knows all of these from release 9 on."""
HEADERS = ["", "stdalign.h"]


def compiled(source: str, mode: str, header: str) -> dict[str, object]:
    include = f"#include <{header}>\n" if header else ""
    text = f"#include <stdint.h>\n{include}{source}\n"
    command = ["gcc", f"-std={mode}", "-fsyntax-only", "-x", "c", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=20, check=False)
    errors = [line.partition("error: ")[2] for line in done.stderr.splitlines() if "error: " in line]
    accepted = done.returncode == 0
    return {"mode": mode, "header": header, "accepted": accepted, "errors": errors[:1]}


sources = json.loads(sys.argv[1])
version = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
tried = {
    name: [compiled(source, mode, header) for mode in MODES for header in HEADERS] for name, source in sources.items()
}
json.dump({"gcc": version, "tried": tried}, sys.stdout)
