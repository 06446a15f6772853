"""The pictures of every lab, drawn from observations that real trials recorded."""

from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.ours import OUR, TOOLCHAINS
from tests.site.test_drawing import drawings, ends, text

from claimlab.pictures import Declared, Distribution, On
from claimlab.pictures.declared import declared_by
from claimlab.site.drawing.figure import Drawn, draw
from claimlab.trials.lab import find_labs
from claimlab.verdicts.kept_observations import Kept

LABS = {folder.name: Kept(folder) for folder in find_labs(OUR) if declared_by(folder)}
PICTURES = [(lab, declared.name) for lab, recorded in LABS.items() for declared in declared_by(recorded.folder)]
ORDER = [toolchain.name for toolchain in TOOLCHAINS]


def declared(lab: str, name: str) -> Declared:
    return next(one for one in declared_by(LABS[lab].folder) if one.name == name)


@cache
def seen(lab: str) -> dict[str, Any]:
    names = sorted(LABS[lab].toolchains, key=lambda name: ORDER.index(name) if name in ORDER else -1)
    return {name: LABS[lab].seen(name) for name in names}


def drawn(lab: str, name: str, language: Any = "en") -> Drawn:
    one = declared(lab, name)
    picture = one.make(seen(lab))
    assert picture is not None
    return draw(picture, language, f"{lab}-{name}", one.title)


def test_labs_have_pictures_and_observations_to_draw_them_from() -> None:
    assert len(LABS) >= 28
    assert all(recorded.toolchains for recorded in LABS.values())


@pytest.mark.parametrize(("lab", "name"), PICTURES)
def test_a_picture_stands_at_claims_that_its_lab_judges(lab: str, name: str) -> None:
    assert set(declared(lab, name).claims) <= set(LABS[lab].judges)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("lab", "name"), PICTURES)
def test_it_can_be_drawn_within_its_frame(lab: str, name: str, language: str) -> None:
    one = drawn(lab, name, language)
    for svg in drawings(one):
        _, _, wide, high = map(float, svg.get("viewBox", "").split())
        for shape in svg.iter():
            for x, y in ends(shape):
                assert -0.5 <= x <= wide + 0.5, ElementTree.tostring(shape)
                assert -0.5 <= y <= high + 0.5, ElementTree.tostring(shape)
    assert len(one.body) < 90_000, "more than a page should carry"


@pytest.mark.parametrize(("lab", "name"), PICTURES)
def test_it_says_so_if_there_is_nothing_to_draw_and_never_fails(lab: str, name: str) -> None:
    """Of one toolchain alone, whichever; a page is made of what has been measured so far."""
    for toolchain, one in seen(lab).items():
        picture = declared(lab, name).make({toolchain: one})
        if picture is not None:
            assert draw(picture, "zh", name, declared(lab, name).title).body


@pytest.mark.parametrize(("lab", "name"), PICTURES)
def test_both_languages_are_there(lab: str, name: str) -> None:
    title = declared(lab, name).title
    assert title["en"] != title["zh"]
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in drawn(lab, name, "en").body)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in drawn(lab, name, "zh").body)


# --- what is to be seen in some of them ----------------------------------------------------------------------


def shown(lab: str, name: str) -> str:
    return text(ElementTree.fromstring(f"<figure>{drawn(lab, name).body}</figure>"))


@pytest.mark.parametrize(
    ("lab", "name", "said"),
    [
        ("bucket-layout", "bucket", "144 bytes, not 32; values at 72, not 16; overflow at 136, not 32"),
        ("bucket-layout", "bucket", "136 bytes, not 32; there is no tophash, keys, values, overflow"),
        ("sync-map-fields", "fields", "Go 1.27 – sync.Map, 48 bytes: m 0–48."),
        ("mapassign-code", "header", "buckets at 16, not 0"),
        ("mapassign-code", "instructions", "add rcx, qword ptr [rbx + 0x10]"),
        ("gdb-panic", "crash", "runtime.mapassign_fast64 → internal/runtime/maps.fatal → runtime.fatal"),
        ("fast32-registers", "lookup", "AX = *maptype, BX = *hmap, CX = key."),
        ("fast32-registers", "lookup", "AX = &zeroVal."),
        ("map-unlocked", "headers", "by lookups: nothing; by iterating: flags, extra; by an assignment: count"),
        ("map-gc-mask", "string-to-int", "The collector looks at 208 bytes and follows 9 words."),
        ("map-gc-scan", "per-block", "The article – 64 bytes"),
        ("growth-write-barriers", "growth-of-buckets", "hmap.oldbuckets → 1 bucket"),
        ("growth-lost-pointers", "diagram", "A's entry lost in 0 of"),
        ("map-fast32-locks", "checks", "for comparison: this locks"),
        ("sync-map-states", "states", "Changed: sync.Map.read → readOnly, sync.Map.dirty nil, sync.Map.misses 0"),
        ("sync-map-states", "nil-read", "Load a answers “absent”. without mu."),
        ("sync-map-states", "switch", "(sync/atomic.StoreUintptr) – mu is locked meanwhile."),
        ("memory-order", "store-buffering", "StorePointer and LoadPointer (Go 1.23): 0 of"),
        ("memory-order", "stores", "stlr x1, [x0]"),
        ("entry-false-sharing", "updates", "article, one line 47.9"),
        ("load-or-store-cas", "failures", "expects nil, finds a value, and fails"),
        ("alignas-c", "neighbours", "They share a line in 7 of the 8 places"),
        ("latency-throughput", "throughputs", "The article – 12.4 millions of operations a second; Measured – 122.0"),
        ("slice-header", "header", "The collector looks at 8 bytes and follows 1 word."),
        ("slice-escape", "variables", "n = 4: Go 1.23 – 32 bytes a call; Go 1.27; 1.25 with noswissmap – 0"),
        ("channel-waiters", "queue", "waiter 2.next → waiter 3"),
        ("hchan-ring", "fields", "buf at 16, not 0; qcount at 0, not 8; dataqsiz at 8, not 16"),
        ("hchan-ring", "ring", "sendx becomes 1 → 2 → 3 → 4 → 0"),
        ("waitq-listing", "left", "(5) Thread 1: CAS xx.next nil→aa."),
        ("select-order", "taken", "a random permutation – 33.3 %"),
    ],
)
def test_the_decisive_thing_is_to_be_seen(lab: str, name: str, said: str) -> None:
    assert said in shown(lab, name)


def test_a_load_is_as_fast_beside_another_one() -> None:
    picture = declared("sync-map-load-cost", "costs").make(seen("sync-map-load-cost"))
    assert isinstance(picture, Distribution)
    assert {arm.whose for arm in picture.arms} == {On(("1.23.9",)), On(("1.27.3",))}
