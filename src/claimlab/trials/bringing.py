"""Observations of an archive come into a record, and take nothing away that is newer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from claimlab.benches.recipe import Notes, Tools, tools_recipe
from claimlab.project.errors import EnvironmentMissing
from claimlab.trials.archive import Archive, Entry
from claimlab.trials.record import Observation, Record, is_of, observation_in


class Fate(StrEnum):
    """What becomes of an observation of the archive."""

    NEW = "new"
    SAME = "same"
    """The record has it."""
    REPLACES = "replaces an older one"
    KEPT = "the record's is kept"
    """The record has another one of the same inputs that is not older."""


_FILED: Final = (Fate.NEW, Fate.REPLACES)


@dataclass(frozen=True, slots=True)
class Brought:
    """An observation of the archive, verified."""

    entry: Entry
    inputs: dict[str, str]
    fate: Fate
    was: str = ""
    """When the record's own, if it differs, was measured."""
    broke: bool = False
    """The trial broke in this place when it was last tried, and has an observation now."""


def bring(archive: Archive, record: Record, *, dry_run: bool = False) -> list[Brought]:
    """The record has what the archive has, but for what it has itself that is not older; with `dry_run` it is as it
    was. All of the archive is verified before anything is written: :class:`Refused` if any of it is damaged.
    :class:`EnvironmentMissing` where the record takes no more: what it took is whole."""
    brought = [_fate(entry, observation.inputs, record) for entry, observation in archive.observations()]
    if dry_run or not any(one.fate in _FILED for one in brought):
        return brought
    record.check()
    brought = []
    for entry, observation in archive.observations():
        try:
            brought.append(_brought(entry, observation, record))
        except OSError as error:
            raise EnvironmentMissing(
                f"The record {record.root} has {len(brought)} of {len(archive.manifest.observations)} observations, "
                f"and takes no more: {error.strerror}.",
                "Each that it has is whole. Make it writable and its disk not full, and import again.",
            ) from None
    return brought


def _brought(entry: Entry, observation: Observation, record: Record) -> Brought:
    """As the record is at this moment: somebody may have measured since all was verified."""
    record.get(*entry.where, entry.address)  # what is damaged is set aside, and not lost
    found = _fate(entry, observation.inputs, record)
    if found.fate in _FILED:
        record.put(observation, entry.address)
    return found


def _fate(entry: Entry, inputs: dict[str, str], record: Record) -> Brought:
    where = (entry.lab, entry.toolchain, entry.engine, entry.address)
    content, broke = record.content(*where), record.breakage(*where) is not None
    try:
        ours = observation_in(content or b"")
    except ValueError:  # nothing stands there, or nothing that counts
        return Brought(entry, inputs, Fate.NEW, broke=broke)
    if not is_of(ours, *where):
        return Brought(entry, inputs, Fate.NEW, broke=broke)
    if ours.digest == entry.digest:
        return Brought(entry, inputs, Fate.SAME)
    measured_at = ours.provenance.measured_at
    fate = Fate.REPLACES if measured_at < entry.measured_at else Fate.KEPT
    return Brought(entry, inputs, fate, measured_at, broke and fate is Fate.REPLACES)


class Adopted(StrEnum):
    """What becomes of the tools image that an archive names: addresses of the docker engine depend on it."""

    NONE = "none"
    """It names none."""
    SAME = "same"
    ADOPTED = "adopted"
    """The project knew of none."""
    KEPT = "kept"
    """The project knows of another, and keeps it."""
    OTHER_RECIPE = "other recipe"
    """It was made by another recipe than this claimlab's."""


def adopt(tools: Tools | None, notes: Notes, *, dry_run: bool = False) -> Adopted:
    """The project knows of a tools image, if the archive does; where it knew of one, it is that one still."""
    if tools is None:
        return Adopted.NONE
    ours = notes.tools()
    if ours is not None:
        return Adopted.SAME if ours == tools else Adopted.KEPT
    if tools.recipe != tools_recipe(notes.recipes):
        return Adopted.OTHER_RECIPE
    if not dry_run:
        notes.keep_tools(tools)
    return Adopted.ADOPTED
