"""Pictures of what map-gc-mask saw: which words of a map's memory the collector follows."""

from collections.abc import Mapping

from claimlab import ARTICLE, WORD_BYTES, Layout, Memory, Part, Pictures, Role, TypeLayout, Words, alike

from .lab import MAPS, Seen

pictures = Pictures()

Masked = tuple[Words, int, tuple[Part, ...], tuple[int, ...], int]
"""Name, size, parts, the offsets that are followed, and how far the collector looks."""
ROLES = {"tophash": Role.HASH, "ctrl": Role.HASH, "key": Role.KEY, "elem": Role.VALUE, "overflow": Role.POINTER}
ENTRIES = 8


@pictures.of(
    "2.5-c",
    "2.5-d",
    "2.5-e",
    "2.5-f",
    title=Words("What the collector follows in a `map[string]int`", "垃圾回收器在 `map[string]int` 中跟踪什么"),
)
def string_to_int(seen: Mapping[str, Seen]) -> Layout | None:
    note = Words("0 bytes to be scanned, the values marked noPointers", "扫描 0 字节，值区域标记为 noPointers")
    return layout(seen, "string", "int", note)


@pictures.of(
    "2.5-c",
    "2.5-g",
    "2.5-j",
    title=Words("What the collector follows in a `map[string]*int`", "垃圾回收器在 `map[string]*int` 中跟踪什么"),
)
def string_to_pointer(seen: Mapping[str, Seen]) -> Layout | None:
    return layout(seen, "string", "*int", Words("8 × 8 = 64 bytes to be scanned", "扫描 8 × 8 = 64 字节"))


def layout(seen: Mapping[str, Seen], key: str, value: str, claimed: Words) -> Layout | None:
    """The values that the article speaks of, and the whole bucket or group with the mask of its type."""
    values = Part(0, 64, "values", Role.VALUE, ENTRIES)
    followed = tuple(range(0, 64, WORD_BYTES)) if value.startswith("*") else ()
    scanned = 64 if followed else 0
    described = Memory(
        ARTICLE,
        Words("the values of a bucket", "桶的值区域"),
        64,
        (values,),
        open=True,
        followed=followed,
        looked_at=scanned,
        note=claimed,
    )
    blocks = {name: masked(one, MAPS.index((key, value))) for name, one in seen.items()}
    measured = [
        Memory(on, name, size, parts, followed=words, looked_at=ends)
        for on, (name, size, parts, words, ends) in alike(blocks, lambda block: block)
    ]
    return Layout((described, *measured), line_bytes=0, compared=False) if measured else None


def masked(seen: Seen, number: int) -> Masked | None:
    bucket, group, mask = seen.buckets[number], seen.groups[number], seen.map_masks[number]
    if not mask.present or mask.words is None:
        return None
    parts = bucket_parts(bucket) if bucket.present else group_parts(group)
    english, chinese = ("bucket", "桶") if bucket.present else ("group", "组")
    name = Words(f"{english} of `{mask.label}`", f"`{mask.label}` 的{chinese}")
    return name, mask.size, parts, tuple(word * WORD_BYTES for word in mask.words), mask.ptr_bytes


def bucket_parts(bucket: TypeLayout) -> tuple[Part, ...]:
    roles = {**ROLES, "keys": Role.KEY, "values": Role.VALUE}
    return tuple(
        Part(one.offset, one.size, one.name, roles.get(one.name, Role.OTHER), 1 if one.name == "overflow" else ENTRIES)
        for one in bucket.fields
    )


def group_parts(group: TypeLayout) -> tuple[Part, ...]:
    """Each slot's key and element, from the words of which DWARF says that they belong to it."""
    control = group.fields[0]
    spans: dict[str, tuple[int, int]] = {}
    for word in group.parts:
        slot, _, rest = word.path.partition("].")
        name = rest.partition(".")[0].partition("[")[0]
        if name:
            begins, _ = spans.get(f"{slot} {name}", (word.offset, 0))
            spans[f"{slot} {name}"] = (begins, word.offset + word.size)
    slots = (
        Part(begins, ends - begins, path.rpartition(" ")[2], ROLES.get(path.rpartition(" ")[2], Role.OTHER))
        for path, (begins, ends) in sorted(spans.items(), key=lambda span: span[1])
    )
    return (Part(control.offset, control.size, control.name, Role.HASH, ENTRIES), *slots)
