"""Counts of one, in sentences that are written for many."""

import pytest

from claimlab.project.singular import singular


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("at 8, 1 bytes", "at 8, 1 byte"),
        ("on 1 of 1 toolchains", "on 1 of 1 toolchain"),
        ("executed 1 times, and 1 processes died", "executed once, and 1 process died"),
        ("1 entries", "1 entry"),
        ("21 bytes, 1.1 times, 2,1 bytes, 0.1 rounds", "21 bytes, 1.1 times, 2,1 bytes, 0.1 rounds"),
        ("Go 1.24 – 1 releases", "Go 1.24 – 1 release"),
        ("1 byteswap", "1 byteswap"),
    ],
)
def test_one_is_one(text: str, right: str) -> None:
    assert singular(text) == right
