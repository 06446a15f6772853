"""The head carries the tools image to the daemons of workers, piece by piece: see :mod:`claimlab.cluster.tools`."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from distributed import Worker

from claimlab.benches.recipe import Notes, Tools
from claimlab.cluster import tools as tools_
from claimlab.cluster.joining import Link
from claimlab.cluster.worker import cache_of, project_of
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import current_run

_ARCHIVE: Final = "tools.tar"


@dataclass
class Carrier:
    """Between the head's daemon, if it has one, and those of the workers."""

    link: Link
    project: Project
    """The head's."""

    def agreed(self, workers: list[str]) -> Tools:
        """The tools that trials of this head stand on: those it knows, or else those of one of these workers, which it
        knows from now on."""
        known = Notes(self.project.cache).tools()
        if known:
            return known
        (made,) = self.link.client.run(_prepared, workers=workers[:1]).values()
        Notes(self.project.cache).keep_tools(made)
        return made  # type: ignore[no-any-return]

    def bring(self, tools: Tools, to: list[str]) -> None:
        """These workers' daemons have the image. :class:`EnvironmentMissing` if nobody has it who could give it."""
        pieces = self._pieces(tools, to)
        for number, piece in enumerate(pieces):
            self.link.client.run(_take, number, piece, workers=to)
        self.link.client.run(_load, tools, workers=to)

    def _pieces(self, tools: Tools, to: list[str]) -> Iterator[bytes]:
        if tools_.is_there(self.project, tools):
            yield from tools_.pieces(self.project, tools)
            return
        owners = [address for address, has in self.link.client.run(_has, tools, on_error="ignore").items() if has]
        owner = next((one for one in owners if one not in to), None)
        if owner is None:
            raise EnvironmentMissing(
                f"No daemon has the tools image {tools.tag} any more, which this project's trials stand on.",
                "Let the head forget it, and one is made anew: claimlab images.clean",
            )
        (size,) = self.link.client.run(_save, tools, workers=[owner]).values()
        for start in range(0, size, tools_.PIECE_BYTES):
            (piece,) = self.link.client.run(_give, start, workers=[owner]).values()
            yield piece
        self.link.client.run(_drop, workers=[owner])


async def _prepared(dask_worker: Worker) -> Tools:
    return await asyncio.to_thread(tools_.prepared, project_of(cache_of(dask_worker)))


async def _has(tools: Tools, dask_worker: Worker) -> bool:
    return await asyncio.to_thread(tools_.is_there, project_of(cache_of(dask_worker)), tools)


async def _save(tools: Tools, dask_worker: Worker) -> int:
    """The size of the image's archive in bytes, which lies at the worker."""
    cache = cache_of(dask_worker)

    def save() -> int:
        with _archive(cache).open("wb") as opened:
            for piece in tools_.pieces(project_of(cache), tools):
                opened.write(piece)
            return opened.tell()

    return await asyncio.to_thread(save)


async def _give(start: int, dask_worker: Worker) -> bytes:
    with _archive(cache_of(dask_worker)).open("rb") as opened:
        opened.seek(start)
        return opened.read(tools_.PIECE_BYTES)


async def _take(number: int, piece: bytes, dask_worker: Worker) -> None:
    with _archive(cache_of(dask_worker)).open("ab" if number else "wb") as opened:
        opened.write(piece)


async def _load(tools: Tools, dask_worker: Worker) -> None:
    cache = cache_of(dask_worker)
    await asyncio.to_thread(tools_.load, project_of(cache), _archive(cache), tools)
    await _drop(dask_worker)


async def _drop(dask_worker: Worker) -> None:
    shutil.rmtree(_archive(cache_of(dask_worker)).parent)


def _archive(cache: Path) -> Path:
    """One for each worker, also where several share a cache; what a killed one leaves is known by its name."""
    folder = cache / f"scratch-{current_run()}-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    return folder / _ARCHIVE
