"""The engine ``local``: a trial runs in a private folder of this machine, in namespaces of its own where that can be.

======================  =============================================  ============================================
what is bounded         in a room (:mod:`claimlab.benches.namespace`)  where no namespace can be made
======================  =============================================  ============================================
what can be seen        system, GOROOT, Python, warm cache; read-only  all that the user can see, home and network
what can be written     the folder (1 GiB) and /tmp (256 MiB)          all that the user may write
memory                  4 GiB, by a control group; else watched        4 GiB if a control group can be made
processes               1024, by a control group; else RLIMIT_NPROC    1024 if a control group can be made
a file                  1 GiB                                          1 GiB
processor time          600 s a process                                600 s a process
output, answers         see :mod:`claimlab.benches.bench`              the same
what a command leaves   ends with it, all of it                        the same by a group; else by its watcher
======================  =============================================  ============================================

Watched means: what its processes have of memory for themselves is added up many times a second, and what lies on the
room's memory disks is bounded by their sizes. RLIMIT_NPROC binds no process of root's; but in a room none is.
"""

import contextlib
import os
import selectors
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from claimlab.benches import cgroup, crossing, putting
from claimlab.benches.bench import FILE_LIMIT_BYTES, NO_LAB, Bench, Completed, Journal, Step, variables
from claimlab.benches.execs import STDERR, STDOUT
from claimlab.benches.namespace import Isolation, isolation
from claimlab.benches.place import MARK, Bounds, Place, end_processes, open_place, python
from claimlab.benches.report import Report, watched
from claimlab.project.errors import LabBroken
from claimlab.toolchains.toolchain import Toolchain

GRACE_S: Final = 60.0
"""So long may a command's watcher take to tell that its time is over."""
LOOK_EVERY_S: Final = 0.05
_CHUNK_BYTES: Final = 65536


class FolderBench:
    """A :class:`claimlab.benches.bench.Bench` in a folder, with this machine's gdb and binutils."""

    def __init__(self, place: Place, goroot: Path, toolchain: Toolchain, deadline: float) -> None:
        self.toolchain = toolchain
        self.journal = Journal()
        self.name = NO_LAB
        self.files: Mapping[str, bytes] = {}
        self.beside: Mapping[str, Bench] = {}
        self.python = str(python())
        self.goroot = str(goroot)
        self.folder = place.folder
        self._place = place
        self._deadline = deadline

    def put(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            putting.write(self._place.root, name, content, self._place.owner)

    def get(self, name: str) -> bytes:
        below = f"{self.goroot}/"
        root, inside = (below, name.removeprefix(below)) if name.startswith(below) else (self._place.root, name)
        try:
            return crossing.read(root, inside, FILE_LIMIT_BYTES)
        except (crossing.NoFile, OSError) as reason:
            raise LabBroken(f"the bench has no file {name} that can be read: {reason}") from None

    def run(
        self,
        argv: Sequence[str],
        *,
        step: Step,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Completed:
        started = time.monotonic()
        limit_s = max(0.0, min(timeout_s, self._deadline - started))
        report = Report()
        given = variables(self.toolchain, step, env)
        why = self._watched(argv, {**self._place.env, **given}, limit_s, report)
        if why or not report.ended:
            why = why or f"nobody told how the command ended: {report.trouble or 'its watcher fell silent'}"
            raise LabBroken(why, shlex.join(argv))
        done = report.completed(argv, time.monotonic() - started)
        if done.timed_out and limit_s < timeout_s:
            raise LabBroken("the bench's life ended under the command", shlex.join(argv))
        self.journal.ran(done, step, given)
        report.refuse_limits(done)
        return done

    def _watched(self, argv: Sequence[str], env: Mapping[str, str], limit_s: float, report: Report) -> str:
        """The report has what there is to say of the command; if that is not all of it, why not."""
        process = subprocess.Popen(
            [*self._place.before(), *watched(self.python, limit_s, self._place.disks, argv)],
            cwd="/" if self._place.room else self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        with process:
            try:
                return _reported(process, report, time.monotonic() + limit_s + GRACE_S, self._place)
            finally:
                if not report.ended:
                    self._place.end(process)


def _reported(process: "subprocess.Popen[bytes]", report: Report, until: float, place: Place) -> str:
    """All that the watcher says has been taken; why not, if it had to be given up."""
    assert process.stdout is not None and process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, STDOUT)
        selector.register(process.stderr, selectors.EVENT_READ, STDERR)
        look = time.monotonic() + LOOK_EVERY_S
        while selector.get_map():
            for key, _ in selector.select(LOOK_EVERY_S):
                if chunk := os.read(key.fd, _CHUNK_BYTES):
                    report.take(key.data, chunk)
                else:
                    selector.unregister(key.fileobj)
            now = time.monotonic()
            if now >= look:
                look = now + LOOK_EVERY_S
                if why := place.too_much_memory():
                    return f"a limit of the bench was met: {why}"
            if now >= until:
                return "the command's watcher stood still, and was ended"
    if place.room and not place.room.is_there():
        return "the bench's namespace is gone"
    return ""


@contextmanager
def open_folder(
    goroot: Path,
    warm: Sequence[Path],
    toolchain: Toolchain,
    run_id: str,
    life_s: float,
    *,
    within: Isolation | None = None,
    bounds: Bounds | None = None,
) -> Iterator[FolderBench]:
    """A fresh private folder whose build cache is links into what was compiled beforehand.

    After `life_s` every command ends at once, so the trial is broken, not endless.
    """
    with open_place(goroot, warm, toolchain, run_id, within or isolation(), bounds or Bounds()) as place:
        _fill_cache(warm, place)
        yield FolderBench(place, goroot, toolchain, time.monotonic() + life_s)


def _fill_cache(warm: Sequence[Path], place: Place) -> None:
    cache = place.folder / ".gocache"
    for tree in warm:
        shutil.copytree(tree, cache, copy_function=_link, dirs_exist_ok=True)
    # go trims entries older than five days, which would recompile the standard library, unless it has just done so.
    (cache / "trim.txt").unlink(missing_ok=True)
    (cache / "trim.txt").write_text(f"{int(time.time())}", encoding="utf-8")
    if place.owner != os.geteuid():
        for around, folders, files in os.walk(cache):
            for one in (".", *folders, *files):
                os.chown(Path(around, one), place.owner, -1, follow_symlinks=False)


def _link(source: str, target: str) -> str:
    """A link to what is named by its content; a copy of an index entry, which go overwrites where it lies
    (cmd/go/internal/cache: putIndexEntry opens without O_EXCL, hence through a link)."""
    if source.endswith("-a"):
        shutil.copyfile(source, target)
    else:
        with contextlib.suppress(FileExistsError):  # two trees may have it: what has one name has one content
            Path(target).symlink_to(source)
    return target


def sweep(run_id: str) -> int:
    """No process of this run is left, nor a folder; the count of processes that were."""
    ended = end_processes(lambda names: names.get(MARK) == run_id)
    for folder in Path(tempfile.gettempdir()).glob(f"claimlab-{run_id}-*"):
        shutil.rmtree(folder, ignore_errors=True)
    cgroup.sweep(run_id)
    return ended
