"""Pictures of a verdict for other people's pages: a badge and a strip as SVG, a card as PNG for link previews.

Nothing of them comes from elsewhere: fonts are the reader's, and the card has none.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from math import cos, hypot, pi, sin
from typing import Final

from markupsafe import Markup

from claimlab.project.outcome import Outcome
from claimlab.site.render import SIGNS
from claimlab.verdicts.verdict import Kind

COLOURS: Final = {
    Outcome.HOLDS: "1b7f3b",
    Outcome.FAILS: "b3261e",
    Outcome.VOID: "5f6672",
    Outcome.UNCLEAR: "8a5a00",
    Outcome.BROKEN: "6d28a8",
    Outcome.MISSING: "6b7079",
}
"""White on each has a contrast of 4.5 at least."""
OF_KINDS: Final = {
    Kind.CONFIRMED: COLOURS[Outcome.HOLDS],
    Kind.WHEREVER_IT_EXISTS: COLOURS[Outcome.HOLDS],
    Kind.REFUTED: COLOURS[Outcome.FAILS],
    Kind.VERSION_DEPENDENT: "2557a7",
}
WIDTH: Final = 1200
HEIGHT: Final = 630
"""What previews of links show at their best: 1.91 to 1."""
_TILE: Final = 90
_STROKE: Final = 0.09
_RING: Final = [(0.5 + 0.38 * cos(turn * pi / 8), 0.5 + 0.38 * sin(turn * pi / 8)) for turn in range(17)]
_LINES: Final[Mapping[Outcome, Sequence[Sequence[tuple[float, float]]]]] = {
    Outcome.HOLDS: [[(0.12, 0.55), (0.4, 0.82), (0.88, 0.2)]],
    Outcome.FAILS: [[(0.18, 0.18), (0.82, 0.82)], [(0.82, 0.18), (0.18, 0.82)]],
    Outcome.VOID: [_RING, [(0.85, 0.1), (0.15, 0.9)]],
    Outcome.UNCLEAR: [[(0.3, 0.3), (0.4, 0.15), (0.6, 0.15), (0.7, 0.3), (0.5, 0.5), (0.5, 0.62)], [(0.5, 0.85)] * 2],
    Outcome.BROKEN: [[(0.5, 0.12), (0.5, 0.62)], [(0.5, 0.86)] * 2],
    Outcome.MISSING: [[(0.2, 0.5), (0.8, 0.5)]],
}


def badge(label: str, words: str, kind: Kind) -> str:
    """A label and the verdict beside it."""
    left, right = _width(label), _width(words)
    colour = OF_KINDS.get(kind, COLOURS[Outcome.MISSING])
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="20" role="img" aria-label="{label}: {words}">'
        '<title>{label}: {words}</title><g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff">'
        '<rect width="{left}" height="20" fill="#444"/><rect x="{left}" width="{right}" height="20" fill="#{colour}"/>'
        '<text x="8" y="14" textLength="{left_text}">{label}</text>'
        '<text x="{start}" y="14" textLength="{right_text}">{words}</text></g></svg>\n'
    ).format(
        all=left + right,
        left=left,
        right=right,
        left_text=left - 16,
        right_text=right - 16,
        start=left + 8,
        label=label,
        words=words,
        colour=colour,
    )


def _width(text: str) -> int:
    """In pixels, with room at both ends: a Chinese character is twice as wide as a Latin one."""
    return 16 + sum(12 if ord(sign) > 0x2E7F else 7 for sign in text)


def strip(outcomes: Sequence[tuple[str, Outcome]], words: str) -> str:
    """A cell for each release, with its sign."""
    cells = [
        Markup(
            '<rect x="{x}" width="42" height="22" fill="#{colour}"/><text x="{mid}" y="16" fill="#fff">{sign}</text>'
            '<text x="{mid}" y="36" fill="#777">{name}</text>'
        ).format(x=44 * place, mid=44 * place + 21, colour=COLOURS[outcome], sign=SIGNS[outcome], name=name)
        for place, (name, outcome) in enumerate(outcomes)
    ]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="42" role="img" aria-label="{words}">'
        '<title>{words}</title><g font-family="Verdana,DejaVu Sans,sans-serif" font-size="12" text-anchor="middle">'
        "{cells}</g></svg>\n"
    ).format(width=44 * len(outcomes) - 2, words=words, cells=Markup("").join(cells))


def card_name(outcomes: Sequence[Outcome]) -> str:
    """Claims with the same outcomes share a card."""
    return f"cards/{'-'.join(outcomes)}.png"


def card(outcomes: Sequence[Outcome]) -> bytes:
    """A column for each release in the colour of its outcome, with its sign."""
    palette = [*COLOURS.values(), "ffffff"]
    edges = [WIDTH * place // len(outcomes) for place in range(len(outcomes) + 1)]
    grounds = [bytes([list(COLOURS).index(outcome)]) for outcome in outcomes]
    size = min(_TILE, WIDTH // len(outcomes))
    tiles = {outcome: _tile(outcome, size) for outcome in set(outcomes)}
    top = (HEIGHT - size) // 2
    rows = []
    for line in range(HEIGHT):
        row = bytearray()
        for place, outcome in enumerate(outcomes):
            column = bytearray(grounds[place] * (edges[place + 1] - edges[place]))
            if top <= line < top + size:
                start = (len(column) - size) // 2
                for at in tiles[outcome][line - top]:
                    column[start + at] = len(palette) - 1
            row += column
        rows.append(b"\0" + bytes(row))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"PLTE", bytes.fromhex("".join(palette)))]
    chunks += [(b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _tile(outcome: Outcome, size: int) -> list[list[int]]:
    """Line by line, the pixels that the sign covers."""
    parts = [(line[place], line[place + 1]) for line in _LINES[outcome] for place in range(len(line) - 1)]
    return [[x for x in range(size) if any(_near((x / size, y / size), *part) for part in parts)] for y in range(size)]


def _near(spot: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> bool:
    """The spot lies on the stroke between two points."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    share = 0.0 if not length else ((spot[0] - start[0]) * along[0] + (spot[1] - start[1]) * along[1]) / length
    share = min(1.0, max(0.0, share))
    return hypot(spot[0] - start[0] - share * along[0], spot[1] - start[1] - share * along[1]) <= _STROKE


def _chunk(name: bytes, content: bytes) -> bytes:
    """As the PNG specification has it (ISO/IEC 15948, section 5.3)."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
