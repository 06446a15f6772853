"""Pictures of what memory-order saw: who missed whose store, how words are written and read, and what races."""

from collections.abc import Mapping

from claimlab import Code, Line, Listing, On, Pictures, Rate, Rates, Words, alike

from .flow import Use
from .lab import Code as Accesses
from .lab import Compiled, Seen

pictures = Pictures()

ARMS = {
    "plain": Words("plain stores and loads", "普通的写与读"),
    "atomic": Words("`StorePointer` and `LoadPointer`", "`StorePointer` 与 `LoadPointer`"),
}
RACES = {
    "through": Words("the reader loads the `read` pointer first", "读端先加载 `read` 指针"),
    "around": Words("the reader goes around the `read` pointer", "读端绕过 `read` 指针"),
    "plain": Words("published through a plain pointer", "经由普通指针发布"),
}
MAY_WAIT = Words(
    "a plain store: may still be in the store buffer when a later load is done",
    "普通的写：后面的读执行时，它可能还留在 store buffer 里",
)
IN_C = Words("C11's release store, by gcc: the same plain store", "gcc 编译的 C11 release store：同样是普通的写")
ORDERED = {
    "amd64": Words("`XCHG` with memory: no later load is done before it", "访存的 `XCHG`：后面的读不会先于它执行"),
    "arm64": Words("store-release: no later `LDAR` is done before it", "store-release：后面的 `LDAR` 不会先于它执行"),
}


@pictures.of(
    "3.1-h",
    "3.1-i/2",
    title=Words("Two threads each store a word, then load the other's", "两个线程各写一个字，再读对方的字"),
)
def store_buffering(seen: Mapping[str, Seen]) -> Rates | None:
    """Of the plain builds: an experiment changes nothing about it."""
    rates = [
        Rate(words, tally.neither, tally.iterations, On((name,)))
        for arm, words in ARMS.items()
        for name, one in seen.items()
        if "+" not in name
        for tally in [getattr(one.litmus, arm)]
        if tally.iterations
    ]
    says = Words(
        "With release and acquire alone both may miss the other's store. In a sequentially consistent order one of "
        "the stores comes first, and its reader cannot miss it.",
        "若只有 release 与 acquire，双方都可能看不到对方的写。在顺序一致的次序里，必有一个写在先，读它的一方不会错过。",
    )
    counted = Words("iterations in which both missed the other's store", "双方都没看到对方写入的迭代")
    return Rates(tuple(rates), counted, says=says) if rates else None


@pictures.of(
    "3.1-h",
    "3.1-i/1",
    "3.1-i/2",
    title=Words("How a pointer is stored", "指针是怎样写入的"),
)
def stores(seen: Mapping[str, Seen]) -> Code | None:
    """A plain store, C11's release store, and StorePointer on both architectures."""
    listings = []
    for number, architecture in enumerate(("amd64", "arm64")):
        codes = {name: one.code[number] for name, one in seen.items() if len(one.code) > number}
        for on, (function, text) in alike(codes, plain_store):
            listings.append(Listing(on, f"{function}, {architecture}", (Line(text, marked=True, note=MAY_WAIT),)))
        if architecture == "amd64":
            listings += [
                Listing(on, f"{name}, {architecture}", (Line(texts[0], marked=True, note=IN_C),))
                for on, (name, texts) in alike(seen, lambda one: released(one.c11))
            ]
        listings += [
            Listing(
                on,
                f"sync/atomic.StorePointer, {architecture}",
                (Line(text, source=where, marked=True, note=ORDERED[architecture]),),
            )
            for on, (where, text) in alike(codes, atomic_store)
        ]
    return Code(tuple(listings)) if listings else None


def plain_store(code: Accesses) -> tuple[str, str] | None:
    uses = [use for use in code.pairs.get("main.plainly", []) if writes(use) and use.where == "mine"]
    return (uses[0].function, uses[0].text) if uses else None


def atomic_store(code: Accesses) -> tuple[str, str] | None:
    uses = [use for use in code.store_pointer if writes(use) and use.atomic]
    return (uses[0].function, uses[0].text) if uses else None


def writes(use: Use) -> bool:
    return use.access in ("w", "rw")


def released(compiled: list[Compiled]) -> tuple[str, tuple[str, ...]] | None:
    return next(((one.name, tuple(one.instructions)) for one in compiled if one.name == "release_store"), None)


@pictures.of(
    "3.1-i/1",
    "3.1-n",
    title=Words("Who races with the writes to the dirty map", "谁与对 dirty map 的写构成竞态"),
)
def races(seen: Mapping[str, Seen]) -> Rates | None:
    rates = []
    for experiment, words in RACES.items():
        counts = {name: one.races[experiment] for name, one in seen.items() if experiment in one.races}
        found = alike(counts, lambda tally: (tally.racy, tally.runs))
        rates += [Rate(words, reported, runs, on) for on, (reported, runs) in found]
    counted = Words("processes of which the race detector reported a race", "竞态检测器报告了竞态的进程")
    return Rates(tuple(rates), counted) if rates else None
