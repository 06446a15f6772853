"""The Go compiler as an instrument: what it says of one package main, as data.

Escapes, inlining and bounds checks come from its JSON log, merged with its text; calls from the assembly it prints;
and the functions' syntax trees from before and after the phase that puts calls of the runtime in. Without sources it is
asked about the lab's own, at the top of its folder.
"""

import shlex
from collections.abc import Mapping, Sequence

import msgspec

from claimlab.benches.bench import Bench, Completed
from claimlab.instruments import packages
from claimlab.instruments.builds import refusal
from claimlab.instruments.diagnostics_text import CallSite, Diagnostic, Tree, calls, merged, trees
from claimlab.instruments.gobuild import flag_set, lab_sources, put_module


class Typed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command as a person types it that is to print assembly, and what it printed."""

    command: str
    exit_code: int
    calls: list[CallSite]
    """In what it wrote to standard output."""
    complaint: str
    """All that it wrote, if it failed."""


class Decided(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the compiler has decided about a package of somebody's module."""

    diagnostics: list[Diagnostic]
    refused: str = ""
    """Why it does not compile; nothing was decided then."""
    notes: tuple[str, ...] = ()
    """What had to be done to compile it."""


def decisions(bench: Bench, sources: Mapping[str, bytes] | None = None, name: str = "decisions") -> list[Diagnostic]:
    """What escapes, what is inlined, and where bounds are checked, in the order of the source."""
    put_module(bench, lab_sources(bench) if sources is None else sources, name)
    log = _log(bench)
    done = _compiled(bench, name, ".", _flags(log)).or_broken("the source does not compile")
    return _merged(bench, done, name, log, f"claimlab/{name}/")


def of_package(
    bench: Bench, files: Mapping[str, bytes], package: str, path: str, arch: str = "", name: str = "decided"
) -> Decided:
    """The same of the package in that folder of a module; `path` is its import path, or its module's for package main.

    The names of files in it are those in the folder. `arch` is a GOARCH, the machine's own if it is empty.
    """
    notes = packages.put(bench, files, name)
    log = _log(bench)
    done = _compiled(bench, name, f"./{package}", _flags(log), arch)
    refused = refusal(done, "the compiler came to no answer")
    return Decided([] if refused else _merged(bench, done, name, log, f"{path}/"), refused, notes)


def _log(bench: Bench) -> str:
    """The compiler writes its log only when it runs: a build that go finds in its cache writes none. The log's folder
    is part of the flags, and these of the cache's key, so each call names a new one."""
    return f"log{len(bench.journal.commands)}"


def _flags(log: str) -> str:
    # A file URL is taken as it is; of plain names the compiler takes only absolute ones (cmd/compile's logopt).
    return f"-m=2 -d=ssa/check_bce/debug=1 -json=0,file://./{log}"


def _merged(bench: Bench, done: Completed, name: str, log: str, prefix: str) -> list[Diagnostic]:
    found = ["find", f"{name}.src", "-path", f"*/{log}/*/*.json", "-exec", "cat", "{}", "+"]
    written = bench.run(found, step="housekeeping").or_broken("the compiler has written no log").text()
    return merged(done.stderr.decode("utf-8", "replace"), written, prefix)


def assembly(bench: Bench, sources: Mapping[str, bytes] | None = None, name: str = "assembly") -> list[CallSite]:
    """Every call in the assembly that the compiler prints for the package."""
    return calls(_compile(bench, sources, name, "-S"))


def walked(
    bench: Bench, functions: Sequence[str], sources: Mapping[str, bytes] | None = None, name: str = "walked"
) -> list[Tree]:
    """The trees of these functions before and after walk; one that the compiler does not print is left out."""
    return trees(_compile(bench, sources, name, "-W"), functions)


def typed(bench: Bench, command: str, sources: Mapping[str, bytes] | None = None, folder: str = "typed") -> Typed:
    """The command has been run by a shell in a folder that holds nothing but the sources, not even a go.mod."""
    bench.put({f"{folder}/{file}": text for file, text in (lab_sources(bench) if sources is None else sources).items()})
    done = bench.run(["sh", "-c", f"cd {shlex.quote(folder)} && {command}"], step="build")
    complaint = done.text() + done.stderr.decode("utf-8", "replace") if done.exit_code else ""
    return Typed(command, done.exit_code, calls(done.text()), complaint)


def _compile(bench: Bench, sources: Mapping[str, bytes] | None, name: str, gcflags: str) -> str:
    """The compiler's standard output and error for this package, with these flags, and no link after it."""
    put_module(bench, lab_sources(bench) if sources is None else sources, name)
    done = _compiled(bench, name, ".", gcflags).or_broken("the source does not compile")
    return done.stderr.decode("utf-8", "replace")


def _compiled(bench: Bench, name: str, package: str, gcflags: str, arch: str = "") -> Completed:
    options, env = flag_set(bench.toolchain, "plain", gcflags)
    env = env | ({"GOARCH": arch} if arch else {})
    # To the null device go only compiles (go help build).
    command = ["go", "build", "-C", f"{name}.src", *options, "-o", "/dev/null", package]
    return bench.run(command, step="build", env=env, timeout_s=300)
