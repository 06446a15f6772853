"""Pictures of what bucket-layout saw: one bucket or group, beside the one that the article describes."""

from collections.abc import Mapping

from claimlab import ARTICLE, Layout, Memory, Part, Pictures, Role, TypeLayout, Words, alike

from .lab import MAPS, Block, Seen

pictures = Pictures()

ENTRIES = 8
DESCRIBED = Memory(
    ARTICLE,
    "bucket",
    32,
    (
        Part(0, 8, "tophash", Role.HASH, ENTRIES),
        Part(8, 8, "keys", Role.KEY, open=True),
        Part(16, 16, "values", Role.VALUE, open=True),
        Part(32, 8, "overflow", Role.POINTER, marked=True),
    ),
    note=Words(
        "8 tophash bytes, 8 keys and 8 values in 32 bytes; behind them, at 32, the overflow pointer",
        "8 个 tophash 字节、8 个键和 8 个值共 32 字节；紧随其后、偏移 32 处是溢出指针",
    ),
)
"""Size and offsets as section 2.1 has them. Where its offsets leave off, the next one says how far a part reaches."""


@pictures.of(
    "2.1-c",
    "2.1-d",
    "2.1-e",
    "2.1-f",
    "2.1-h",
    "2.1-i",
    "2.1-j",
    "2.1-n",
    title=Words("A bucket of `map[int64]int64`, to scale", "`map[int64]int64` 的一个桶，按比例绘制"),
)
def bucket(seen: Mapping[str, Seen]) -> Layout:
    found = alike(seen, lambda one: block(one, "int64", "int64"))
    return Layout((DESCRIBED, *(Memory(on, name, size, parts) for on, (name, size, parts) in found)))


@pictures.of(
    "2.1-c",
    "2.1-j",
    title=Words("What a bucket's size depends on", "桶的大小取决于什么"),
)
def sizes(seen: Mapping[str, Seen]) -> Layout:
    """Eight entries in any case: of the smallest types, and of large ones."""
    shown = [DESCRIBED]
    for key, value in (("int8", "int8"), ("string", "string")):
        blocks = {name: block(one, key, value) for name, one in seen.items()}
        shown += [Memory(on, name, size, parts) for on, (name, size, parts) in alike(blocks, lambda found: found)]
    return Layout(tuple(shown))


def block(seen: Seen, key: str, value: str) -> tuple[Words, int, tuple[Part, ...]]:
    """What a map of these types is made of: its bucket, or its group with a slot for each entry."""
    number = MAPS.index((key, value))
    bucket, group = seen.buckets[number], seen.groups[number]
    if bucket.present:
        return name_of("bucket", "桶", key, value), bucket.size, bucket_parts(bucket)
    live = next(one for one in seen.report.Blocks if one.Label == f"map[{key}]{value}")
    return name_of("group", "组", key, value), group.size, group_parts(group, live)


def name_of(english: str, chinese: str, key: str, value: str) -> Words:
    return Words(f"{english} of `map[{key}]{value}`", f"`map[{key}]{value}` 的{chinese}")


def bucket_parts(bucket: TypeLayout) -> tuple[Part, ...]:
    roles = {"tophash": Role.HASH, "keys": Role.KEY, "values": Role.VALUE, "overflow": Role.POINTER}
    return tuple(
        Part(
            field.offset,
            field.size,
            field.name,
            roles[field.name],
            1 if field.name == "overflow" else ENTRIES,
            field.name == "overflow",
        )
        for field in bucket.fields
    )


def group_parts(group: TypeLayout, live: Block) -> tuple[Part, ...]:
    """By DWARF the slots are one array; where keys and values lie in them, a live map shows, if one was looked into."""
    control, slots = group.fields
    parts = [Part(control.offset, control.size, control.name, Role.HASH, ENTRIES)]
    if live.Found is None:
        parts.append(Part(slots.offset, slots.size, slots.name, Role.OTHER, ENTRIES))
    else:
        places = [(at, "key", Role.KEY) for at in live.Found.Keys] + [
            (at, "elem", Role.VALUE) for at in live.Found.Values
        ]
        places.sort()
        ends = [at for at, _, _ in places[1:]] + [group.size]
        parts += [Part(at, end - at, name, role) for (at, name, role), end in zip(places, ends, strict=True)]
    return tuple(parts)
