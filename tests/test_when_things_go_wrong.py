"""The page of faults says what is really said: each of its sentences is printed in a test, or stands in the source."""

import ast
import re
from typing import Final, NamedTuple

import pytest
from tests.cli.wrong_input import FAILING, WRONG
from tests.committed import TEXTS

PAGE: Final = TEXTS["docs/when-things-go-wrong.md"]
SHOWN: Final = {wrong.says: wrong.exit_code for wrong in WRONG} | dict.fromkeys(FAILING.values(), 1)
"""What :mod:`tests.cli.test_wrong_input` and :mod:`tests.cli.test_labs_that_fail` see, with the exit code."""


class Row(NamedTuple):
    fault: str
    says: str
    exit_code: int


def rows() -> list[Row]:
    """Of all tables that have faults; what is said stands between backticks."""
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and re.fullmatch(r"\d+", cells[2]):
            found.append(Row(cells[0], cells[1], int(cells[2])))
    return found


def literals() -> str:
    """Every text of the package, those of joined strings one after the other; one a line."""
    texts = []
    for name, text in TEXTS.items():
        if name.startswith("src/") and name.endswith(".py"):
            tree = ast.parse(text)
            texts += [
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
    return "\n".join(texts)


SOURCE: Final = literals()
ROWS: Final = rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", "-", row.fault))
def test_what_the_page_quotes_is_said(row: Row) -> None:
    quoted = re.findall(r"`([^`]+)`", row.says)
    assert quoted, "a row quotes what is seen"
    if row.says == f"`{quoted[0]}`" and quoted[0] in SHOWN:
        assert SHOWN[quoted[0]] == row.exit_code
        return
    if not row.says.startswith("`"):
        return  # it describes, and quotes an example
    parts = [part.strip(" :.,") for part in quoted[0].split("…")]
    assert any(len(part) > 8 for part in parts), "too little of it is fixed to be found again"
    joined = [piece for part in parts for piece in ([part] if part in SOURCE else part.split(": "))]
    assert [piece for piece in joined if piece not in SOURCE] == []


def test_the_page_has_rows_and_most_of_them_are_brought_about() -> None:
    shown = [row for row in ROWS if row.says.strip("`") in SHOWN]
    assert len(ROWS) > 40
    assert len(shown) > 30


def test_a_sentence_that_nobody_says_is_noticed() -> None:
    assert "The moon is not where it was expected" not in SOURCE
