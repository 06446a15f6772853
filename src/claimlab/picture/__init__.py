'''Pictures as plain data: what is to be seen, and nothing of how it is drawn.

A lab may have a ``pictures.py`` beside its judges. It declares which pictures stand at which claims; each is made by a
function from what the toolchains saw, and like a judge it measures nothing::

    """Pictures of what bucket-layout saw."""

    from collections.abc import Mapping

    from claimlab.words import Words
    from claimlab.picture import ARTICLE, Layout, Memory, Part, Pictures, Role, alike
    from claimlab.picture.seen import memory

    from .lab import Seen

    pictures = Pictures()

    @pictures.of("2.1-c", "2.1-n", title=Words("A bucket of map[int64]int64", "map[int64]int64 的一个桶"))
    def bucket(seen: Mapping[str, Seen]) -> Layout | None:
        measured = alike(seen, lambda one: one.buckets[0] if one.buckets[0].present else None)
        parts = (Part(0, 8, "tophash", Role.HASH, 8), Part(32, 8, "overflow", Role.POINTER))
        claimed = Memory(ARTICLE, "bucket", 32, parts)
        return Layout((claimed, *(memory(on, layout) for on, layout in measured))) if measured else None

Words that a reader reads are :class:`~claimlab.claim.Words`, in both languages; what is called so in Go's own source
(types, fields, functions, registers) is plain text. :func:`alike` puts toolchains together that showed the same.

=====================  ==============================================================================================
kind                   shows
=====================  ==============================================================================================
:class:`Layout`        memories to scale, one above the other: fields by role, cache lines, padding, what the collector
                       follows. ``Layout((Memory(ARTICLE, "bucket", 32, (…)), Memory(On(("1.23.9",)), …)))``; how a
                       measured memory differs from the article's is found by the names of the parts.
:class:`Registers`     what registers hold. ``Registers(("AX", "BX"), (Moment(ARTICLE, Words("at entry", "入口处"),
                       {"AX": Held("*hmap", Role.POINTER)}), …))``
:class:`Code`          pieces of machine code beside each other. ``Code((Listing(On(…), "runtime.f", (Line("mov rbx,
                       qword ptr [rax]", 0x40, "map.go:12", marked=True, note=Words(…)), Skip(7))),))``
:class:`Chain`         backtraces beside each other. ``Chain((Calls(ARTICLE, (Call("runtime.mapassign_fast64"),
                       Call("runtime.throw", marked=True))), …))``
:class:`Distribution`  every sample of each arm, its median with an interval, and claimed figures as lines.
                       ``Distribution((Arm(Words(…), (8.1, 8.3, …), On(…)), …), "ns/op", (Mark(47.9, Words(…)),))``
:class:`Amounts`       bars to scale. ``Amounts((Amount("map[string]int", 0, ARTICLE), Amount("map[string]int", 208,
                       On(…))), "bytes")``
:class:`Rates`         shares of runs with intervals, by category or along an axis.
                       ``Rates((Rate(Words(…), 99, 100, On(…)), …), counted=Words("processes died", "个进程崩溃"))``
:class:`Frequencies`   shares of cases beside the predictions of models. ``Frequencies(("case 1", "case 2"),
                       (Counts((503, 497), On(…)),), (Model(Words(…), (0.523, 0.477), claimed=True),))``
:class:`Story`         states one after the other; what changed is found and marked. ``Story((Step(Words(…), (Box("h",
                       "hmap", (Cell("buckets", points="new"),)), Box("new", "buckets", column=1))), …))``
=====================  ==============================================================================================
'''

from claimlab.picture.code import Call, Calls, Chain, Code, Line, Listing, Skip
from claimlab.picture.declared import Declared, Make, Picture, Pictures
from claimlab.picture.memory import Difference, Held, Layout, Memory, Moment, Part, Registers, Role
from claimlab.picture.numbers import (
    Amount,
    Amounts,
    Arm,
    Counts,
    Distribution,
    Frequencies,
    Mark,
    Model,
    Rate,
    Rates,
)
from claimlab.picture.story import Box, Cell, Step, Story
from claimlab.picture.whose import ARTICLE, Article, On, Said, Whose, alike

__all__ = [
    "ARTICLE",
    "Amount",
    "Amounts",
    "Arm",
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
    "Skip",
    "Step",
    "Story",
    "Whose",
    "alike",
]
