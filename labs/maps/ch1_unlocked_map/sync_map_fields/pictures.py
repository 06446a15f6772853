"""Pictures of what sync-map-fields saw: sync.Map to scale, within a cache line."""

from collections.abc import Mapping
from dataclasses import replace

from claimlab import ARTICLE, Layout, Memory, Part, Pictures, Role, Words, alike, parts

from .lab import Seen

pictures = Pictures()

ROLES = {"mu": Role.LOCK, "read": Role.POINTER, "dirty": Role.POINTER, "misses": Role.COUNT}
DESCRIBED = Memory(
    ARTICLE,
    "sync.Map",
    24,
    (
        Part(0, 8, "mu", Role.LOCK, marked=True, open=True),
        Part(8, 16, "read", Role.VALUE, marked=True, open=True),
    ),
    open=True,
    note=Words("`read`, an `atomic.Value`, at 8 or 16", "`read` 是 `atomic.Value`，偏移 8 或 16"),
)


@pictures.of(
    "1-i",
    "1-j",
    "1-m",
    "1-n",
    "1-o",
    title=Words("`sync.Map` in a cache line", "缓存行中的 `sync.Map`"),
)
def fields(seen: Mapping[str, Seen]) -> Layout:
    found = alike(seen, shown)
    return Layout((DESCRIBED, *(replace(one, whose=on) for on, one in found)))


def shown(seen: Seen) -> Memory:
    """The map with its marked fields; its type of `read`, and where in a line the maps on the heap began."""
    dwarf, reflected = seen.types[0], seen.report.Layouts[0]
    drawn = parts.memory(ARTICLE, dwarf, ROLES, marked=["mu", "read"])
    read = dwarf.field("read")
    if read is None:
        names = ", ".join(f"`{one.name}`: `{one.type}`" for one in dwarf.fields if one.size)
        return replace(drawn, note=Words(names, names))
    starts = [str(start) for start in reflected.Starts or []]
    note = Words(
        f"`read` is a `{read.type}`; maps on the heap began at byte {' or '.join(starts)} of a line",
        f"`read` 的类型是 `{read.type}`；堆上的 map 起始于缓存行内偏移 {' 或 '.join(starts)} 处",
    )
    return replace(drawn, note=note)
