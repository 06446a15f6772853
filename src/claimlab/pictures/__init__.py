'''Pictures as plain data: what is to be seen, and nothing of how it is drawn.

A lab may have a ``pictures.py`` beside its judges. It declares which pictures stand at which claims; each is made by a
function from what the toolchains saw, and like a judge it measures nothing::

    """Pictures of what bucket-layout saw."""

    from collections.abc import Mapping

    from claimlab import ARTICLE, Layout, Memory, Part, Pictures, Role, Words, alike, parts

    from .lab import Seen

    pictures = Pictures()

    @pictures.of("2.1-c", "2.1-n", title=Words("A bucket of map[int64]int64", "map[int64]int64 的一个桶"))
    def bucket(seen: Mapping[str, Seen]) -> Layout | None:
        measured = alike(seen, lambda one: one.buckets[0] if one.buckets[0].present else None)
        fields = (Part(0, 8, "tophash", Role.HASH, 8), Part(32, 8, "overflow", Role.POINTER))
        claimed = Memory(ARTICLE, "bucket", 32, fields)
        return Layout((claimed, *(parts.memory(on, layout) for on, layout in measured))) if measured else None

Words that a reader reads are :class:`~claimlab.project.languages.Words`, in the article's languages; what is called so
in Go's own source (types, fields, functions, registers) is plain text. :func:`alike` puts toolchains together that
showed the same.

The kinds, with the least of each that can be drawn:

:class:`Layout`: memories to scale, the article's above the measured ones, with fields by role, cache lines, padding and
what the collector follows. How a measured memory differs is found by the names of the parts::

    Layout((
        Memory(ARTICLE, "bucket", 32, (Part(0, 8, "tophash", Role.HASH, 8), Part(32, 8, "overflow", Role.POINTER))),
        Memory(On(("1.23.9",)), "bucket", 144, (Part(0, 8, "tophash", Role.HASH, 8),)),
    ))

:class:`Registers`: what registers hold, from moment to moment::

    Registers(("AX", "BX"), (Moment(ARTICLE, Words("At entry", "入口处"), {"AX": Held("*hmap", Role.POINTER)}),))

:class:`Code`: pieces of machine code beside each other, with the deciding instructions marked::

    Code((Listing(On(("1.23.9",)), "runtime.f", (
        Skip(7),
        Line("mov rbx, qword ptr [rax]", 0x40, "map.go:12", marked=True, note=Words("reads the key", "读取键")),
    )),))

:class:`Chain`: backtraces beside each other, the outermost call first::

    Chain((Calls(ARTICLE, (Call("runtime.mapassign_fast64"), Call("runtime.throw", marked=True))),))

:class:`Distribution`: every sample of each arm, its median with an interval, and claimed figures as lines::

    Distribution(
        (Samples(Words("one line", "同一行"), (8.1, 8.3, 8.0), On(("1.23.9",))),),
        "ns/op",
        (Mark(47.9, Words("the article", "文章")),),
    )

:class:`Amounts`: bars to scale::

    Amounts((Amount("map[string]int", 0, ARTICLE), Amount("map[string]int", 208, On(("1.23.9",)))), "bytes")

:class:`Rates`: shares of runs with intervals, by category, or along an axis if each has an `at`::

    Rates((Rate(Words("two writers", "两个写入者"), 99, 100, On(("1.23.9",))),), Words("died", "崩溃"))

:class:`Frequencies`: shares of cases beside the predictions of models::

    Frequencies(
        ("case 1", "case 2"),
        (Counts((503, 497), On(("1.23.9",))),),
        (Model(Words("a fixed start", "固定起点"), (0.523, 0.477), claimed=True),),
    )

:class:`Story`: states one after the other; what changed is found by comparing, and marked::

    Story((
        Scene(Words("before", "之前"), (Box("h", "hmap", (Cell("buckets", "nil", role=Role.POINTER),)),)),
        Scene(Words("after", "之后"), (
            Box("h", "hmap", (Cell("buckets", points="b", role=Role.POINTER),)),
            Box("b", "buckets", (Cell("0"), Cell("1")), column=1, across=True),
        )),
    ))
'''

from claimlab.pictures import parts
from claimlab.pictures.code import Call, Calls, Chain, Code, Line, Listing, Skip
from claimlab.pictures.declared import Declared, Drawable, Make, Picture, Pictures
from claimlab.pictures.memory import Difference, Held, Layout, Memory, Moment, Part, Registers, Role
from claimlab.pictures.numbers import (
    Amount,
    Amounts,
    Counts,
    Distribution,
    Frequencies,
    Mark,
    Model,
    Rate,
    Rates,
    Samples,
)
from claimlab.pictures.sources import ARTICLE, Article, On, Said, Whose, alike, most
from claimlab.pictures.story import Box, Cell, Scene, Story

__all__ = [
    "ARTICLE",
    "Amount",
    "Amounts",
    "Article",
    "Box",
    "Call",
    "Calls",
    "Cell",
    "Chain",
    "Code",
    "Counts",
    "Declared",
    "Difference",
    "Distribution",
    "Drawable",
    "Frequencies",
    "Held",
    "Layout",
    "Line",
    "Listing",
    "Make",
    "Mark",
    "Memory",
    "Model",
    "Moment",
    "On",
    "Part",
    "Picture",
    "Pictures",
    "Rate",
    "Rates",
    "Registers",
    "Role",
    "Said",
    "Samples",
    "Scene",
    "Skip",
    "Story",
    "Whose",
    "alike",
    "most",
    "parts",
]
