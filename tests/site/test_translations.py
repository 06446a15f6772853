"""The catalogues are complete: every message has a translation that keeps its gaps, its code and its links."""

import ast
import re

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from tests.ours import OUR

from claimlab.project.outcome import Outcome
from claimlab.site import translations
from claimlab.site.translations import KEYWORDS, LANGUAGE, SOURCES, SPEAKING, interface_messages, pages, read_interface
from claimlab.verdicts.verdict import Kind


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


def code_and_links(text: str) -> set[str]:
    return set(re.findall(r"`[^`]+`|(?<=\]\()[^)]+", text))


def read_page(page: str) -> Catalog:
    with (OUR.docs / "locale" / LANGUAGE / "LC_MESSAGES" / f"{page}.po").open("rb") as opened:
        return read_po(opened, locale=LANGUAGE)


def by_message(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def test_every_message_is_translated_and_no_other() -> None:
    known = by_message(read_interface())
    assert set(known) == {message for message, _, _ in interface_messages()}, "run: ./inv translations"
    assert [message for message, said in known.items() if not said] == []


def test_translations_keep_the_gaps() -> None:
    lost = {message: said for message, said in by_message(read_interface()).items() if gaps(message) != gaps(said)}
    assert lost == {}


def test_hand_written_pages_are_translated_and_keep_code_and_links() -> None:
    assert {"index", "why", "write-a-lab", "reference/index"} < set(pages(OUR))
    messages = [message for page in pages(OUR) for message in read_page(page) if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == []
    said = [(str(message.id), str(message.string)) for message in messages]
    assert [pair for pair in said if code_and_links(pair[0]) != code_and_links(pair[1])] == []


def test_no_percent_sign_is_taken_for_a_format() -> None:
    catalogues = [translations.INTERFACE, *(OUR.docs / "locale").rglob("*.po")]
    assert [path for path in catalogues if "python-format" in path.read_text(encoding="utf-8")] == []


def test_outcomes_and_verdicts_have_different_words() -> None:
    known = by_message(read_interface())
    for words in (Outcome, Kind):
        assert len({known[str(word)] for word in words}) == len(words)


def test_messages_are_found_in_python_and_in_templates() -> None:
    found = {(message, file) for message, file, _ in interface_messages()}
    assert ("{outcome} on {toolchains}", "verdicts/in_words.py") in found
    assert ("What decided it", "site/templates/decided.html") in found
    assert ("true on none", "site/matrix_view.py") in found
    assert not any("daemon" in message for message, _ in found)


def said_in_f_strings(tree: ast.AST) -> list[str]:
    """Messages inside an f-string, which is one token up to Python 3.11: there no message is found in it."""
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    said = [one for one in calls if one.args and isinstance(one.args[0], ast.Constant)]
    return [ast.unparse(one) for one in said if ast.unparse(one.func).rpartition(".")[2] in KEYWORDS]


def test_messages_are_found_whatever_python_looks() -> None:
    assert said_in_f_strings(ast.parse("f\"{reader.say('x')} {say('y')} {said('z')}\"")) == [
        "reader.say('x')",
        "say('y')",
    ]
    for path in SOURCES.rglob("*.py"):
        if path.relative_to(SOURCES).as_posix().startswith(SPEAKING):
            assert said_in_f_strings(ast.parse(path.read_text(encoding="utf-8"))) == [], path


def test_an_update_changes_nothing_that_is_up_to_date() -> None:
    before = translations.INTERFACE.read_bytes()
    try:
        translations.update_interface()
        assert translations.INTERFACE.read_bytes() == before
    finally:
        translations.INTERFACE.write_bytes(before)
