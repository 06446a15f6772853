"""Text that came from elsewhere, made fit to be shown: what would steer a terminal is spelled out."""

import re
from typing import Final

_NO_TEXT: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1: ESC and CSI begin with these (ECMA-48)
    "\ud800-\udfff"  # halves of a character, which no encoding of Unicode has
    "\ufffe\uffff"  # no characters at all
)
_NO_HTML: Final = re.compile(f"[{_NO_TEXT}]")
_STEERING: Final = re.compile(
    f"[{_NO_TEXT}"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing (Unicode TR9)
    "\u2028\u2029"  # what else ends a line
    "]"
)


def visible(text: str) -> str:
    """The text with every control character as an escape such as ``\\x1b``; tabs and ends of lines stay.

    A program's output may set a terminal's title, its clipboard (OSC 52) or its colours, and hide what stands before
    it. Whatever is printed for a person goes through here; data stay as they are.
    """
    return _STEERING.sub(_escape, text.replace("\r\n", "\n"))


def fit_for_html(page: str) -> str:
    """The page with every character that HTML and the SVG in it have no place for as an escape.

    What turns the direction of writing stays: an author's language may need it.
    """
    return _NO_HTML.sub(_escape, page.replace("\r\n", "\n"))


def _escape(character: re.Match[str]) -> str:
    code = ord(character[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
