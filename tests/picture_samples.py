"""A picture of each kind, with what is hard to draw in it: long names, markup in names, marks at the edge, nothing."""

from typing import Final

from claimlab.pictures import (
    ARTICLE,
    Amount,
    Amounts,
    Box,
    Call,
    Calls,
    Cell,
    Chain,
    Code,
    Counts,
    Distribution,
    Frequencies,
    Held,
    Layout,
    Line,
    Listing,
    Mark,
    Memory,
    Model,
    Moment,
    On,
    Part,
    Picture,
    Rate,
    Rates,
    Registers,
    Role,
    Samples,
    Scene,
    Skip,
    Story,
)
from claimlab.project.languages import Words

OLD: Final = On(("1.21.13", "1.22.10", "1.23.9", "1.24.11+noswissmap", "1.25.5+noswissmap"))
NEW: Final = On(("1.24.11", "1.24.11+nosynchashtriemap", "1.25.5", "1.25.5+nosynchashtriemap", "1.26.6", "1.27.3"))
MARKUP: Final = '<script>&"it\'s"'
"""A name that would break a page if it were not escaped."""


def words(text: str) -> Words:
    return Words(text, f"中文：{text}")


HEADER: Final = (
    Part(0, 8, "count", Role.COUNT),
    Part(8, 1, "flags", Role.FLAGS, marked=True, note=words("Bit 2 of `flags` marks a writer.")),
    Part(9, 1, "B", Role.COUNT),
    Part(10, 2, "noverflow", Role.COUNT),
    Part(12, 4, "hash0", Role.HASH),
    Part(16, 8, "buckets", Role.POINTER, marked=True),
    Part(24, 8, "oldbuckets", Role.POINTER),
)
LAYOUT: Final = Layout(
    (
        Memory(ARTICLE, "runtime.hmap", 24, (Part(0, 8, "count"), Part(8, 8, "buckets"), Part(24, 8, "extra"))),
        Memory(
            OLD, "runtime.hmap", 48, (*HEADER, Part(40, 8, "extra", Role.POINTER)), note=words("32 to 39 is padding.")
        ),
        Memory(
            NEW,
            f"map[{MARKUP}]int",
            200,
            (
                Part(0, 8, "ctrl", Role.HASH, 8),
                *(Part(8 + 24 * at, 16, "key", Role.KEY) for at in range(8)),
            ),
            starts=32,
            followed=tuple(8 + 24 * at for at in range(8)),
            looked_at=184,
        ),
    ),
    says=words("Three memories."),
)
ONE_LINE: Final = Layout((Memory(OLD, "sync.Map", 32, (Part(0, 8, "mu", Role.LOCK), Part(8, 8, "read", Role.VALUE))),))
REGISTERS: Final = Registers(
    ("AX", "BX", "CX", "DX"),
    (
        Moment(ARTICLE, words("At entry"), {"AX": Held("*hmap", Role.POINTER), "BX": Held("key", Role.KEY)}),
        Moment(
            OLD,
            words("At entry"),
            {"AX": Held("*maptype", Role.OTHER), "BX": Held("*hmap", Role.POINTER, True), "CX": Held("key", Role.KEY)},
        ),
        Moment(NEW, words("On return"), {"AX": Held(words("the address of the value"), Role.VALUE)}),
    ),
)
CODE: Final = Code(
    (
        Listing(ARTICLE, "runtime.mapassign_fast64", (Line("MOVQ (AX), BX", marked=True, note=words("`h.buckets`")),)),
        Listing(
            OLD,
            "runtime.mapassign_fast64",
            (
                Skip(12),
                Line("cmp qword ptr [rbx + 0x10], 0", 0x80, "map_fast64.go:113"),
                Line("mov rcx, qword ptr [rbx + 0x10]", 0x86, "map_fast64.go:113", marked=True, note=words("here")),
                Line(f"call 0x45d000 {MARKUP}", 0x8A, "map_fast64.go:114", "runtime.newobject"),
                Skip(7),
            ),
            words("The rest is left out."),
        ),
    )
)
CHAIN: Final = Chain(
    (
        Calls(ARTICLE, (Call("runtime.mapassign_fast64"), Call("runtime.throw", marked=True))),
        Calls(
            OLD,
            (
                Call("main.main", "main.go:12"),
                Call("runtime.mapassign_fast64", "map_fast64.go:102"),
                Call("runtime.fatal", "panic.go:1089", True, words("There is no `runtime.throw`.")),
            ),
            words("fatal error: concurrent map writes"),
        ),
        Calls(NEW, (Call("github.com/some/where.(*Long).functionWithALongName[go.shape.int_0]"), Call(MARKUP))),
    )
)
DISTRIBUTION: Final = Distribution(
    (
        Samples(words("one line each"), (2.1, 2.1, 2.2, 2.1, 2.3, 2.1, 2.0), OLD),
        Samples(words("one line each"), (2.4, 2.5, 2.6, 2.4, 2.5, 2.9, 2.5), NEW),
        Samples(words("one line for both"), (9.1, 9.9, 10.4, 8.7, 9.5, 11.2, 10.0), OLD),
        Samples(words("one line for both"), (40.2,), NEW),
    ),
    "ns/op",
    (Mark(8.2, words("article, own line")), Mark(47.9, words("article, shared line"))),
)
LOGARITHMIC: Final = Distribution((Samples("a", (3.0, 3.5)), Samples("b", (980.0, 1200.0))), "ns/op")
AMOUNTS: Final = Amounts(
    (
        Amount("map[string]int", 0, ARTICLE),
        Amount("map[string]int", 208, OLD),
        Amount("map[string]int", 184, NEW, True),
        Amount("map[string]*int", 64, ARTICLE),
        Amount("map[string]*int", 208, OLD),
    ),
    "bytes",
)
RATES: Final = Rates(
    (
        Rate(words("two writers"), 100, 100, OLD),
        Rate(words("two writers"), 97, 100, NEW),
        Rate(words("readers only"), 0, 1000, OLD),
    ),
    words("of so many processes died"),
)
NEAR: Final = Rates(
    (
        Rate(words("unbuffered"), 150_112, 300_000, OLD),
        Rate(words("capacity 1"), 149_686, 300_000, OLD),
    ),
    words("selects that took the first"),
    claimed=(Mark(0.523, words("article, unbuffered")), Mark(0.491, words("article, capacity 1"))),
    near=True,
)
ALONG: Final = Rates(
    tuple(
        Rate(name, count, 200, whose, at)
        for name, whose, counts in (
            (words("two writers"), OLD, (1, 14, 90, 196)),
            (words("a writer and a reader"), NEW, (0, 3, 41, 150)),
        )
        for at, count in zip((10, 100, 1000, 10000), counts, strict=True)
    ),
    words("processes that died"),
    words("assignments of each goroutine"),
)
FREQUENCIES: Final = Frequencies(
    (words("first case"), words("second case"), MARKUP),
    (Counts((3340, 3310, 3350), OLD), Counts((333, 340, 327), NEW)),
    (
        Model(words("a random order"), (1 / 3, 1 / 3, 1 / 3)),
        Model(words("from a fixed start"), (0.523, 0.3, 0.177), claimed=True),
    ),
)
STORY: Final = Story(
    (
        Scene(
            words("The map is full"),
            (
                Box(
                    "h",
                    "hmap",
                    (Cell("B", "1"), Cell("buckets", points="one", role=Role.POINTER), Cell("oldbuckets", "nil")),
                ),
                Box("one", words("2 buckets"), (Cell("0", "8"), Cell("1", "5")), 1, across=True),
            ),
        ),
        Scene(
            words("An assignment makes it grow"),
            (
                Box(
                    "h",
                    "hmap",
                    (
                        Cell("B", "2"),
                        Cell("buckets", points="two", role=Role.POINTER),
                        Cell("oldbuckets", points="one", role=Role.POINTER),
                    ),
                ),
                Box("two", words("4 buckets"), tuple(Cell(str(at), "0") for at in range(4)), 1, across=True),
                Box("one", words("2 buckets"), (Cell("0", "8"), Cell("1", "5")), 1, across=True),
            ),
            words("The old buckets stay, and entries move with later assignments."),
        ),
        Scene(
            words(f"All have moved {MARKUP}"),
            (
                Box("h", "hmap", (Cell("B", "2"), Cell("buckets", points="two"), Cell("oldbuckets", "nil"))),
                Box("two", words("4 buckets"), (*(Cell(str(at), "3") for at in range(3)), Cell("3", points="h")), 1),
                Box("one", words("2 buckets"), (Cell("0"), Cell("1")), 1, across=True, faded=True),
            ),
        ),
    ),
    OLD,
)
SAMPLES: Final[dict[str, Picture]] = {
    "layout": LAYOUT,
    "one line": ONE_LINE,
    "registers": REGISTERS,
    "code": CODE,
    "chain": CHAIN,
    "distribution": DISTRIBUTION,
    "logarithmic": LOGARITHMIC,
    "amounts": AMOUNTS,
    "rates": RATES,
    "rates along an axis": ALONG,
    "near": NEAR,
    "frequencies": FREQUENCIES,
    "story": STORY,
}
