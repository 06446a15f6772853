"""Memories to scale: a strip for each, with the names in it or above it, offsets below, and how it differs."""

from collections.abc import Sequence
from typing import Final

from claimlab.pictures import Difference, Layout, Memory, Role
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import LEADING, PLAIN, SMALL, STRONG, Canvas, Run, runs_of, width_of, width_of_runs
from claimlab.site.drawing.kind import Kind, Table, in_both_widths
from claimlab.site.drawing.strips import EDGE, ROW, STRIP, Scale, callouts, edges, followed, offsets, scale_of, strip
from claimlab.site.drawing.words import bytes_of, clauses, closed, joined, listed, say, sentence, told_of

BETWEEN: Final = 26.0
ROLES: Final = {
    Role.POINTER: ("pointer", "指针"),
    Role.COUNT: ("count", "计数"),
    Role.FLAGS: ("flags", "标志"),
    Role.HASH: ("hash", "哈希"),
    Role.KEY: ("key", "键"),
    Role.VALUE: ("value", "值"),
    Role.LOCK: ("lock", "锁"),
    Role.OTHER: ("other", "其他"),
}


def draw(layout: Layout, language: Language, width: float) -> Canvas:
    canvas = Canvas(width)
    scale = scale_of(layout, width)
    y = STRONG
    for memory in layout.memories:
        y = _memory(canvas, layout, memory, scale, y, language) + BETWEEN
    return _legend(canvas, layout, y - 4, language)


def _memory(canvas: Canvas, layout: Layout, memory: Memory, scale: Scale, y: float, language: Language) -> float:
    y = _heading(canvas, layout, memory, y, language)
    y = callouts(canvas, memory, scale, y)
    strip(canvas, layout, memory, scale, y)
    y += STRIP
    if memory.followed is not None:
        y = followed(canvas, memory, scale, y)
    offsets(canvas, memory, scale, y + SMALL + 2)
    y += SMALL + 2
    differs = differences_in_words(layout.differences(memory), language)
    notes = [*([f"≠ {differs}"] if differs else []), *notes_of(memory, language)]
    for number, note in enumerate(notes):
        y += 4 if number else 6
        y = canvas.paragraph(EDGE, y + SMALL, note, canvas.width - 4, "cl-note", size=PLAIN) - SMALL
    return y


def _heading(canvas: Canvas, layout: Layout, memory: Memory, y: float, language: Language) -> float:
    """Whose it is, its name and its size, in one line if there is room. First comes what sets it apart from others."""
    named = [Run(memory.name, True)] if isinstance(memory.name, str) else runs_of(say(memory.name, language))
    owner = [Run(words.whose(memory.whose, language))]
    names, owners = ({getattr(one, what) for one in layout.memories} for what in ("name", "whose"))
    title, other = (named, owner) if len(names) > len(owners) else (owner, named)
    size = "" if memory.open else bytes_of(memory.size, language)
    title_wide, other_wide = width_of_runs(title, STRONG, bold=True), width_of_runs(other, PLAIN)
    size_wide = width_of(size, PLAIN)
    canvas.text(EDGE, y, title, "cl-bold", size=STRONG)
    x = EDGE + title_wide + 10
    if title_wide + other_wide + size_wide + 40 > canvas.width:
        x, y = EDGE, y + PLAIN * 1.4
    canvas.text(x, y, other, "cl-quiet")
    if x == EDGE and other_wide + size_wide + 14 > canvas.width:
        y += PLAIN * 1.4
    canvas.text(canvas.width - EDGE, y, size, "cl-quiet", anchor="end")
    return y + 8


def _legend(canvas: Canvas, layout: Layout, y: float, language: Language) -> Canvas:
    signs = []
    number = layout.line_bytes
    if any(edges(layout, memory) for memory in layout.memories):
        says = (f"here a cache line of {number} bytes begins", f"{number} 字节的缓存行从此处开始")
        signs.append(("line", sentence(*says, language)))
    elif number:
        y = _one_line(canvas, layout, y - ROW, language)
    if any(memory.followed is not None for memory in layout.memories):
        signs.append(("dot", sentence("a word that the collector follows", "垃圾回收器会跟踪的字", language)))
        signs.append(("looked", sentence("as far as it looks", "它查看的范围", language)))
    if any(list(memory.gaps()) for memory in layout.memories):
        signs.append(("padding", sentence("padding", "填充", language)))
    x = EDGE
    for sign, meaning in signs:
        wide = 20 + width_of(meaning, SMALL) + 16
        if x > EDGE and x + wide > canvas.width:
            x, y = EDGE, y + ROW + 1
        _sign(canvas, sign, x, y)
        y = canvas.paragraph(x + 20, y, meaning, canvas.width - x - 20, "cl-quiet", size=SMALL) - SMALL * LEADING
        x += wide
    return canvas


def _one_line(canvas: Canvas, layout: Layout, y: float, language: Language) -> float:
    """All of it is within one cache line, which is drawn below."""
    ends = EDGE + layout.line_bytes * scale_of(layout, canvas.width).unit
    says = (f"a cache line: {layout.line_bytes} bytes", f"一条缓存行：{layout.line_bytes} 字节")
    canvas.path(f"M{EDGE} {y - 5:g}v10m0-5H{ends:.1f}m0-5v10", y + 5, "cl-bracket")
    canvas.text((EDGE + ends) / 2, y + ROW, sentence(*says, language), "cl-quiet", size=SMALL, anchor="middle")
    return y + 2.4 * ROW


def _sign(canvas: Canvas, sign: str, x: float, y: float) -> None:
    if sign == "line":
        canvas.line(x + 7, y - 10, x + 7, y + 2, "cl-cache-line")
    elif sign == "dot":
        canvas.dot(x + 7, y - 4, 3.2, "cl-followed")
    elif sign == "looked":
        canvas.line(x, y - 4, x + 14, y - 4, "cl-looked")
    else:
        canvas.rect(x, y - 10, 14, 11, "cl-padding")


# --- in words ------------------------------------------------------------------------------------------------


def notes_of(memory: Memory, language: Language) -> list[str]:
    notes = [*(part.note for part in memory.parts), memory.note]
    return [say(note, language) for note in notes if note]


def differences_in_words(found: Sequence[Difference], language: Language) -> str:
    """How a measured memory differs from what the article says of it."""
    said = []
    for one in found:
        if one.found is None:
            continue
        (place, size), (at, big) = one.claimed, one.found
        if not one.name:
            said.append(sentence(f"{big} bytes, not {size}", f"共 {big} 字节，而非 {size}", language))
            continue
        moved = sentence(f"at {at}, not {place}", f"位于 {at}，而非 {place}", language) if at != place else ""
        grown = sentence(f"{big} bytes, not {size}", f"{big} 字节，而非 {size}", language) if big != size else ""
        said.append(f"`{one.name}` {listed([part for part in (moved, grown) if part], language)}")
    if absent := [f"`{one.name}`" for one in found if one.found is None]:
        said.append(sentence(f"there is no {listed(absent, language)}", f"没有 {listed(absent, language)}", language))
    return clauses(said, language)


def tell(layout: Layout, language: Language) -> str:
    told = []
    for memory in layout.memories:
        parts = [f"{part.name} {part.offset}–{part.end}" for part in memory.parts]
        size = "" if memory.open else f", {bytes_of(memory.size, language)}"
        about = f"{words.whose(memory.whose, language)} – {say(memory.name, language)}{size}"
        told.append(told_of(about, listed(parts, language), language))
        if memory.followed is not None:
            many = len(memory.followed)
            told.append(
                sentence(
                    f"The collector looks at {memory.looked_at} bytes and follows {many} word{'s' * (many != 1)}.",
                    f"垃圾回收器查看 {memory.looked_at} 字节，跟踪 {many} 个字。",
                    language,
                )
            )
        if differs := differences_in_words(layout.differences(memory), language):
            told.append(told_of(sentence("Other than in the article", "与文章不同", language), differs, language))
        told += [note if note[-1] in ".。" else closed(note, language) for note in notes_of(memory, language)]
    return joined(told, language)


def tabulate(layout: Layout, language: Language) -> Table:
    head = (("Whose", "Memory", "Part", "Offset", "Size", "For"), ("来源", "内存", "部分", "偏移", "大小", "用途"))
    rows = []
    for memory in layout.memories:
        origin = (words.whose(memory.whose, language), say(memory.name, language))
        for part in memory.parts:
            name = f"{part.name} ×{part.count}" if part.count > 1 else part.name
            rows.append((*origin, name, str(part.offset), str(part.size), sentence(*ROLES[part.role], language)))
        for begins, ends in memory.gaps():
            rows.append((*origin, sentence("padding", "填充", language), str(begins), str(ends - begins), ""))
    return Table(head[0] if language != "zh" else head[1], rows)


LAYOUT: Final = Kind(in_both_widths(draw), tell, tabulate)
