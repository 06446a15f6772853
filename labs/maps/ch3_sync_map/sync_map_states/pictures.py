"""Pictures of what sync-map-states saw: states one after the other, the switch write by write, and a nil `read`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from claimlab import (
    ARTICLE,
    Box,
    Cell,
    Code,
    Layout,
    Line,
    Listing,
    Memory,
    Part,
    Pictures,
    Role,
    Scene,
    Story,
    Words,
    alike,
    most,
    parts,
)

from .seen import Seen, State, Write

pictures = Pictures()

TOUR, NIL = "shared tour", "shared nil"
SCENES = {
    (0, ""): Words("An empty map", "空的 map"),
    (4, "Store c"): Words("`Store` of a, b and c: new keys go to `dirty`", "`Store` a、b、c：新 key 进入 `dirty`"),
    (5, "Load a"): Words("`Load a`: found in `dirty`, which is a miss", "`Load a`：在 `dirty` 中找到，记一次 miss"),
    (6, "Load x"): Words("`Load x`: absent, the next miss", "`Load x`：不存在，又一次 miss"),
    (7, "Load b"): Words(
        "`Load b`: as many misses as keys, and `dirty` is promoted to `read`",
        "`Load b`：miss 次数等于 key 数，`dirty` 提升为 `read`",
    ),
    (11, "Store a"): Words(
        "`Store a`: a key of `read` gets its value in place", "`Store a`：key 在 `read` 中，原地换值"
    ),
    (12, "Delete b"): Words("`Delete b`: its entry is emptied", "`Delete b`：entry 置空"),
    (14, "Store d"): Words(
        "`Store d`: a new key makes a new `dirty`, without b", "`Store d`：新 key 使 `dirty` 重建，其中没有 b"
    ),
    (15, "Delete d"): Words(
        "`Delete d`: `dirty` has nothing that `read` lacks, and `amended` stays true",
        "`Delete d`：`dirty` 已没有 `read` 缺少的 key，`amended` 仍为 true",
    ),
}
"""Of the tour: the number of the step, and the operation."""
FORGED = {
    (4, "Load a"): Words(
        "While `amended` is true, `Load a` looks into `dirty`", "`amended` 为 true 时，`Load a` 会查 `dirty`"
    ),
    (5, "forge nil"): Words("By force, `read` is nil", "强行把 `read` 置为 nil"),
    (6, "Load a"): Words("`Load a` answers “absent”", "`Load a` 返回“不存在”"),
    (7, "Store a"): Words("`Store a` goes to `dirty`", "`Store a` 写入 `dirty`"),
    (8, "Delete a"): Words("`Delete a` deletes nothing", "`Delete a` 什么也没删"),
}
SWITCHES = {
    7: ("sync.(*Map).Load", Words("The third miss of three keys.", "三个 key，第三次 miss。")),
    23: ("sync.(*Map).Range", Words("The map was amended.", "map 处于 amended 状态。")),
}
"""Steps of the tour that make dirty the read map, each in its way."""
LOCKED = Words("`mu` is locked meanwhile", "此时 `mu` 处于锁定状态")


@pictures.of(
    "3.1-a",
    "3.1-c",
    "3.1-d",
    "3.1-e",
    "3.1-j",
    "3.1-l/1",
    "3.1-l/2",
    "3.1-m/1",
    "3.1-m/2",
    title=Words("`sync.Map` from state to state, on Go 1.21 – 1.23", "Go 1.21 – 1.23 上，`sync.Map` 的状态变迁"),
)
def states(seen: Mapping[str, Seen]) -> Story | None:
    return story(
        seen,
        TOUR,
        SCENES,
        Words(
            "v1 is the first value that was stored under a key, v2 the second.", "v1 是该 key 的第一个值，v2 是第二个。"
        ),
    )


@pictures.of(
    "3.1-k",
    title=Words(
        "A `read` that is nil sends nobody to `dirty` but `Store`", "`read` 为 nil 时，只有 `Store` 会转到 `dirty`"
    ),
)
def nil_read(seen: Mapping[str, Seen]) -> Story | None:
    return story(seen, NIL, FORGED)


def story(
    seen: Mapping[str, Seen], walk: str, scenes: Mapping[tuple[int, str], Words], says: Words | None = None
) -> Story | None:
    """Of the largest group of toolchains that went this way."""

    def ours(one: Seen) -> list[tuple[str, bool, State]] | None:
        steps = one.walks.get(walk)
        return [(step.operation, step.waited, step.after) for step in steps] if steps else None

    found = most(seen, ours)
    if found is None:
        return None
    on, steps = found
    values = numbered(after for _, _, after in steps)
    every = dict.fromkeys(number for _, _, after in steps for number in (after.ReadMap, after.Dirty) if number)
    maps = {number: place for place, number in enumerate(every, start=1)}
    shown = [
        Scene(title, boxes(steps[number][2], values, maps), spoken(operation, steps[number][1]))
        for (number, operation), title in scenes.items()
        if number < len(steps) and steps[number][0] == operation
    ]
    return Story(tuple(shown), on, says) if shown else None


def spoken(operation: str, waited: bool) -> Words | None:
    """Whether the mutex was needed: with it locked beforehand, the operation waited."""
    if not operation or operation.startswith("forge"):
        return None
    return Words("locks `mu`", "锁住 `mu`") if waited else Words("without `mu`", "不加锁")


def numbered(states: Iterable[State]) -> dict[tuple[str, str], str]:
    """Values are the numbers of operations: of each key, in their order."""
    names: dict[tuple[str, str], str] = {}
    many: dict[str, int] = {}
    for state in states:
        for key, holds in (*state.ReadKeys, *state.DirtyKeys):
            if holds.isdigit() and (key, holds) not in names:
                many[key] = many.get(key, 0) + 1
                names[key, holds] = f"v{many[key]}"
    return names


def boxes(state: State, values: Mapping[tuple[str, str], str], maps: Mapping[int, int]) -> tuple[Box, ...]:
    """The map, the struct behind `read`, and the one or two maps."""

    def pointer(name: str, kind: str, number: int) -> Cell:
        return Cell(name, "" if number else "nil", f"{kind}{number}" if number else "", Role.POINTER)

    found = [
        Box(
            "map",
            "sync.Map",
            (
                pointer("read", "read", state.Read),
                pointer("dirty", "m", state.Dirty),
                Cell("misses", str(state.Misses), role=Role.COUNT),
            ),
        )
    ]
    if state.Read:
        amended = Cell("amended", str(state.Amended).lower(), role=Role.FLAGS)
        found.append(Box(f"read{state.Read}", "readOnly", (pointer("m", "m", state.ReadMap), amended), 1))
    for number, keys in {state.ReadMap: state.ReadKeys, state.Dirty: state.DirtyKeys}.items():
        if number:
            cells = (Cell(key, values.get((key, holds), holds), role=Role.KEY) for key, holds in keys)
            found.append(Box(f"m{number}", f"map {maps[number]}", tuple(cells), 2))
    return tuple(found)


@pictures.of(
    "3.1-e",
    "3.1-f",
    "3.1-g/1",
    title=Words("The switch, write by write", "切换过程的每一次写入"),
)
def switch(seen: Mapping[str, Seen]) -> Code | None:
    """Of the largest group of toolchains; their source lines differ."""

    def ours(one: Seen) -> list[tuple[int, list[Write]]] | None:
        steps = one.walks.get(TOUR)
        return [(number, steps[number].writes) for number in SWITCHES if number < len(steps)] if steps else None

    def order(switches: list[tuple[int, list[Write]]]) -> object:
        return [
            [(write.word, write.instruction.split(" %")[0], write.held) for write in writes] for _, writes in switches
        ]

    found = most(seen, ours, order)
    if found is None:
        return None
    on, switches = found
    says = Words(
        "What the processor's debug registers noted of the words `mu`, `read`, `dirty` and `misses`.",
        "处理器的调试寄存器记录下的对 `mu`、`read`、`dirty`、`misses` 的写入。",
    )
    listings = [Listing(on, SWITCHES[number][0], lines(writes), SWITCHES[number][1]) for number, writes in switches]
    return Code(tuple(listings), says)


def lines(writes: Iterable[Write]) -> tuple[Line, ...]:
    return tuple(
        Line(
            write.instruction,
            source=write.place,
            means=write.word,
            marked=write.word == "read",
            note=LOCKED if write.word == "read" and write.held else None,
        )
        for write in writes
    )


ROLES = {"mu": Role.LOCK, "read": Role.POINTER, "dirty": Role.POINTER, "misses": Role.COUNT, "m": Role.OTHER}


@pictures.of(
    "3.1-a",
    "3.1-b",
    title=Words("What `sync.Map` consists of", "`sync.Map` 由什么组成"),
)
def fields(seen: Mapping[str, Seen]) -> Layout:
    """The article gives no offsets; an atomic.Value has two words."""
    claimed = Memory(
        ARTICLE,
        Words("the field `read`", "`read` 字段"),
        16,
        (Part(0, 16, "read", Role.VALUE, marked=True),),
        note=Words("an `atomic.Value`: two words, one for the type", "`atomic.Value`：两个字，其一为类型"),
    )
    found = alike(seen, shown)
    return Layout((claimed, *(replace(one, whose=on) for on, one in found)), compared=False)


def shown(seen: Seen) -> Memory:
    layout = seen.types[0]
    marked = ["read"] if layout.field("read") else [field.name for field in layout.fields if field.size]
    types = "; ".join(f"`{field.name}`: `{field.type}`" for field in layout.fields if field.name in marked)
    return replace(parts.memory(ARTICLE, layout, ROLES, marked=marked), note=Words(types, types.replace("; ", "；")))
