"""What a program prints as JSON is read, or it is said what it printed instead."""

from typing import Any

import msgspec
import pytest
from tests.bench_fixtures import EITHER

from claimlab.benches.bench import Bench
from claimlab.instruments.answers import decoded
from claimlab.instruments.processes import answer, once
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)


class Counts(msgspec.Struct, forbid_unknown_fields=True):
    n: int


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


@either_engines
def test_json_is_read_in_its_type(either_bench: Bench) -> None:
    assert answer(either_bench, shell("""echo '{"n": 3}'"""), Counts, gomaxprocs=1) == Counts(3)
    assert answer(either_bench, shell("echo [3, 4]"), list[int], gomaxprocs=1) == [3, 4]


@either_engines
def test_each_line_may_be_json_of_its_own(either_bench: Bench) -> None:
    script = shell("""echo '{"n": 3}'; echo '{"n": 4}'""")
    assert answer(either_bench, script, list[Counts], gomaxprocs=1, lines=True) == [Counts(3), Counts(4)]
    assert answer(either_bench, shell("true"), list[Counts], gomaxprocs=1, lines=True) == []


@either_engines
def test_settings_reach_the_program_and_only_those_that_are_given(either_bench: Bench) -> None:
    script = shell("""echo "\\"${GOMAXPROCS-none} ${LAB-none}\\"" """)
    assert answer(either_bench, script, str, gomaxprocs=3, env={"LAB": "x"}) == "3 x"
    assert answer(either_bench, script, str, gomaxprocs=None) == "none none"


@either_engines
def test_what_is_no_answer_is_shown_with_what_the_program_said(either_bench: Bench) -> None:
    with pytest.raises(LabBroken) as broken:
        answer(either_bench, shell("echo oh dear >&2; printf '{\"n\": '"), Counts, gomaxprocs=1)
    said = str(broken.value)
    assert "Input data was truncated" in said
    assert """standard output: '{"n": '""" in said
    assert "| oh dear" in said
    assert "exit: 0" in said


@either_engines
def test_an_answer_of_another_type_says_where(either_bench: Bench) -> None:
    with pytest.raises(LabBroken, match=r"Expected `int`, got `str` - at `\$\.n`"):
        answer(either_bench, shell("""echo '{"n": "three"}'"""), Counts, gomaxprocs=1)


@either_engines
def test_only_the_beginning_of_a_long_output_is_shown(either_bench: Bench) -> None:
    with pytest.raises(LabBroken) as broken:
        answer(either_bench, shell("seq 1000 2000; seq 100 >&2"), Counts, gomaxprocs=1)
    said = str(broken.value)
    assert "'1000\\n1001" in said
    assert "bytes more" in said
    assert "| 100" in said
    assert len(said) < 1500


@either_engines
def test_a_program_that_fails_is_shown_with_what_it_said(either_bench: Bench) -> None:
    with pytest.raises(LabBroken) as broken:
        answer(either_bench, shell("""echo oh dear >&2; echo '{"n": 3}'; exit 4"""), Counts, gomaxprocs=1)
    said = str(broken.value)
    assert "the program failed" in said
    assert "exit: 4" in said
    assert "| oh dear" in said
    assert """'{"n": 3}""" in said


@either_engines
def test_a_program_that_takes_too_long_is_said_to(either_bench: Bench) -> None:
    with pytest.raises(LabBroken, match="took too long"):
        answer(either_bench, shell("exec sleep 100"), Counts, gomaxprocs=1, timeout_s=1)


# One process, and whether it ended well


@either_engines
def test_a_process_that_ended_well_is_given_back(either_bench: Bench) -> None:
    ran = once(either_bench, ["true"], gomaxprocs=1)
    assert ran.or_broken("it failed") is ran


@either_engines
def test_one_that_did_not_breaks_the_lab_with_what_it_said(either_bench: Bench) -> None:
    with pytest.raises(LabBroken) as broken:
        once(either_bench, shell("echo oh dear >&2; exit 4"), gomaxprocs=1).or_broken("the test could not be made")
    assert broken.value.what == "the test could not be made"
    assert (broken.value.exit_code, broken.value.tail) == (4, "oh dear\n")


# What is no answer, in one sentence that names the field


class Deep(msgspec.Struct, forbid_unknown_fields=True):
    n: int = 0
    share: float = 0.0
    name: str = ""
    below: list["Deep"] = []
    any: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"n": "1"}', "Expected `int`, got `str` - at `$.n`"),
        (b'{"below": [{"n": 1}, {"n": 1.5}]}', "Expected `int`, got `float` - at `$.below[1].n`"),
        (b'{"n": null}', "Expected `int`, got `null` - at `$.n`"),
        (b'{"m": 1}', "Object contains unknown field `m`"),
        (b'{"share": NaN}', "a number is not finite - at `$.share`"),
        (b'{"below": [{}, {"share": -Infinity}]}', "a number is not finite - at `$.below[1].share`"),
        (b'{"share": 1e999}', "Number out of range - at `$.share`"),
        (b'{"n": ' + b"1" * 5000 + b"}", "Integer value out of range - at `$.n`"),
        (b'{"below": [{"name": "\xff"}]}', "a string is not UTF-8 - at `$.below[0].name`"),
        (b'{"any": {"\xc3(": 1}}', "a string is not UTF-8 - at the name '\ufffd(' in `$.any`"),
        (b'{"n": 1', "Input data was truncated"),
        (b"", "Input data was truncated"),
        (b'{"n": 1}}', "trailing characters (byte 9)"),
        (b'{"any": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "it is nested too deep"),
        (b'{"below": [' * 100_000, "it is nested too deep"),
    ],
)
def test_a_crooked_answer_gives_one_sentence_that_names_the_field(content: bytes, words: str) -> None:
    with pytest.raises(LabBroken) as broken:
        decoded(content, Deep, "the answer")
    said = str(broken.value)
    assert said.startswith("the answer is not the answer that was asked for: ")
    assert words in said
    assert "\n" not in said


def test_a_field_whose_name_is_endless_is_told_of_in_short() -> None:
    with pytest.raises(LabBroken, match=r"unknown field `xxx.* … .*xxx`") as broken:
        decoded(b'{"' + b"x" * 1_000_000 + b'": 1}', Deep, "the answer")
    assert len(str(broken.value)) < 400
