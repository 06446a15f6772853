"""The instrument every other one needs: a Go binary, built on the bench, known by its hash."""

from collections.abc import Mapping
from dataclasses import dataclass

from claimlab.benches.bench import Bench
from claimlab.toolchains.flags import FLAG_SETS, Flags


@dataclass(frozen=True, slots=True)
class Binary:
    """A built program: its name on the bench, and the SHA-256 of its bytes."""

    name: str
    sha256: str


def build(
    bench: Bench,
    sources: Mapping[str, bytes],
    name: str = "program",
    flags: Flags = "plain",
    *,
    gcflags: str = "",
    benchmarks: bool = False,
) -> Binary:
    """The sources are one compiled package main; with `benchmarks` its tests are (``go test -c``).

    `gcflags` go to the compiler of this package alone, not of the standard library.

    They are a module that declares the toolchain's own language version, because go.mod's version decides semantics
    (loop variables from 1.22) and GODEBUG defaults (https://go.dev/doc/godebug).
    """
    module = f"module claimlab/{name}\n\ngo {bench.toolchain.language}\n".encode()
    bench.put({f"{name}.src/{file}": text for file, text in sources.items()} | {f"{name}.src/go.mod": module})
    options, env = FLAG_SETS[flags]
    options += (f"-gcflags={gcflags}",) if gcflags else ()
    verb = ("test", "-C", f"{name}.src", "-c") if benchmarks else ("build", "-C", f"{name}.src")
    command = ["go", *verb, *options, "-o", f"../{name}", "."]
    if bench.toolchain.experiment:
        env = env | {"GOEXPERIMENT": bench.toolchain.experiment}
    bench.run(command, step="build", env=env, timeout_s=180).or_broken("the lab's Go source does not build")
    hashed = bench.run(["sha256sum", name], step="housekeeping").or_broken("the binary cannot be read")
    binary = Binary(name, hashed.text().split()[0])
    bench.journal.binaries[name] = binary.sha256
    return binary
