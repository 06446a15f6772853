"""What would steer a terminal is spelled out; all else is as it was."""

import pytest

from claimlab.project.visible import fit_for_html, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[31mred", r"\x1b[2J\x1b[31mred"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x1b]52;c;ZWNobw==\x1b\\", r"\x1b]52;c;ZWNobw==\x1b" + "\\"),
        ("\x9b31m\x9d0;t\x9c", r"\x9b31m\x9d0;t\x9c"),
        ("all well\rbroken", r"all well\x0dbroken"),
        ("abc\b\b\bxyz\x7f", r"abc\x08\x08\x08xyz\x7f"),
        ("\0", r"\x00"),
        ("\u202eedoc\u202c", r"\u202eedoc\u202c"),
        ("\udcff\uffff", r"\udcff\uffff"),
        ("one\r\ntwo\tthree\n", "one\ntwo\tthree\n"),
        ("该数是偶数 ✔ é 🙂 a\u0301", "该数是偶数 ✔ é 🙂 a\u0301"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_pages_keep_what_turns_the_direction_of_writing() -> None:
    assert fit_for_html("<p>\x1b[31m\0\u200f</p>\r\n") == "<p>\\x1b[31m\\x00\u200f</p>\n"
