"""Topics as people write them."""

from pathlib import Path

import pytest
from tests.ours import OUR

from claimlab.project.errors import BadData
from claimlab.project.outcome import Outcome
from claimlab.project.topics import load_topics
from claimlab.toolchains.pins import pins_of
from claimlab.verdicts.expectations import expected_of

GOOD = 'id = "a"\nquestion = "Is it?"\nanswer = "It is."\nclaims = { "maps:1-b" = "fails" }\n'


def load(folder: Path, text: str) -> None:
    (folder / "topics.toml").write_text(text, encoding="utf-8")
    load_topics(folder / "topics.toml", OUR.articles, ("en",))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (GOOD.replace('"maps:1-b"', '"maps:1-zz"'), "topic a: there is no claim maps:1-zz"),
        (GOOD.replace('"fails"', '"missing"'), "topic a: nothing can rest on maps:1-b being missing"),
        (GOOD.replace('"fails"', '"wrong"'), "claims"),
        (GOOD.replace('{ "maps:1-b" = "fails" }', "{}"), "topic a: an answer rests on one claim at least"),
        (GOOD.replace('"a"', '"A b"'), "'A b' is no name for a topic"),
        (GOOD.replace('"Is it?"', '{ fr = "Oui ?" }'), "a text lacks its en"),
        (f"{GOOD}[[topic]]\n{GOOD}", "topics stand twice: a"),
        (GOOD.replace("answer", "answr"), "answr"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, row: str, says: str) -> None:
    load(tmp_path, f"[[topic]]\n{GOOD}")
    with pytest.raises(BadData, match=r"topics\.toml") as refused:
        load(tmp_path, f"[[topic]]\n{row}")
    assert says in str(refused.value)


def test_our_answers_rest_on_what_we_expect_of_the_newest_release() -> None:
    claims = {claim.ref: claim for article in OUR.articles for claim in article.claims}
    newest = [one for one in pins_of(OUR).toolchains if not one.variant][-1]
    rests_on = {ref: outcome for topic in OUR.topics for ref, outcome in topic.rests_on.items()}
    assert len(OUR.topics) >= 10
    assert {ref: expected_of(claims[ref], newest) for ref in rests_on} == rests_on
    assert set(rests_on.values()) <= {Outcome.HOLDS, Outcome.FAILS, Outcome.VOID}
