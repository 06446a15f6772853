"""Labs as they are found, listed and loaded."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from tests.ours import OUR, PINS, TOOLCHAINS, write_project

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine
from claimlab.project.errors import BadData
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import NO_AXIS, Release, Toolchain, for_all
from claimlab.trials.lab import Lab, LabFolder, find_labs
from claimlab.verdicts.finding import Finding, holds
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges, judges_of
from claimlab.verdicts.survey import ref_in

MakeLab = Callable[..., LabFolder]
NO_BENCH = cast("Bench", None)
"""For what does not touch its bench."""


@pytest.fixture(autouse=True)
def forget_labs() -> Iterator[None]:
    """No toy stays in sys.modules."""
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if name.startswith("claimlab_lab_"):
            del sys.modules[name]


# Listing


def test_name_and_question_are_read_without_running_anything(make_lab: MakeLab) -> None:
    before = set(sys.modules)
    lab = make_lab(lab='"""Does it list?\n\nMore."""\n\nimport no_such_module\n\nlab = Lab("lists")\nraise SystemExit')
    assert (lab.name, lab.question) == ("lists", "Does it list?")
    assert set(sys.modules) == before


def test_listing_needs_no_judges(make_lab: MakeLab) -> None:
    lab = make_lab()
    (lab.path / "judges.py").unlink()
    assert find_labs(lab.project) == [lab]


def test_labs_are_found_by_folder_and_sorted_by_name(make_lab: MakeLab, tmp_path: Path) -> None:
    for where, name in {"ch2/a": "zebra", "ch1/b": "ape", "ch1/c": "newt"}.items():
        lab = make_lab(where=f"labs/{where}", lab=f'"""?"""\nlab = Lab("{name}")\n')
    (tmp_path / "labs/ch1/no_lab").mkdir()
    (tmp_path / "labs/ch1/c/deeper").mkdir()
    (tmp_path / "labs/ch1/c/deeper/lab.py").write_text("not a lab of its own")
    (tmp_path / "labs/no_chapter/lost").mkdir(parents=True)
    (tmp_path / "labs/no_chapter/lost/lab.py").write_text('lab = Lab("lost")')
    found = find_labs(lab.project)
    assert [lab.name for lab in found] == ["ape", "newt", "zebra"]
    assert [lab.chapter and lab.chapter.key for lab in found] == ["ch1", "ch1", "ch2"]


def test_no_labs_are_found_where_there_are_none(tmp_path: Path) -> None:
    assert find_labs(write_project(tmp_path)) == []


def test_a_lab_is_measured_on_every_toolchain_unless_it_asks_nothing_of_go(
    make_lab: MakeLab, make_engine: Callable[..., Engine]
) -> None:
    declared = 'from claimlab.trials.lab import Lab\n\nlab = Lab("toy", has_axis={})\n'
    some = for_all(TOOLCHAINS)[3:5]
    ours = Laboratory(OUR, make_engine())
    trials = ours.trials(make_lab(where="labs/ch1/with", lab=declared.format(True)), some)
    assert [trial.toolchain for trial in trials] == some
    (alone,) = ours.trials(make_lab(where="labs/ch1/without", lab=declared.format(False)), some)
    assert (alone.toolchain, alone.toolchain.name) == (PINS.bare, NO_AXIS)
    assert alone.toolchain.release == TOOLCHAINS[0].release


def test_a_setting_may_be_for_some_labs_and_is_for_none_that_compares(
    make_lab: MakeLab, make_engine: Callable[..., Engine]
) -> None:
    release = Release("1.23.9", {})
    for_two = Toolchain(release, godebug="old=1", labs=frozenset({"toy", "across"}))
    tools = [Toolchain(release), Toolchain(release, godebug="all=1"), for_two]
    declared = "from claimlab.trials.lab import Lab\n\nlab = Lab({})\n"
    asked = {
        name: make_lab(where=f"labs/ch1/{name}", lab=declared.format(says)).axis(tools)
        for name, says in {"toy": "", "other": "", "across": 'across="previous"'}.items()
    }
    assert {name: [tool.variant for tool in found] for name, found in asked.items()} == {
        "toy": ["", "all=1", "old=1"],
        "other": ["", "all=1"],
        "across": [""],
    }


def test_a_lab_without_a_docstring_asks_nothing(make_lab: MakeLab) -> None:
    assert make_lab(lab='lab = Lab("toy")').question == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"""Question?"""\n',
        'lab = Labor("toy")',
        "lab = Lab(NAME)",
        "lab = Lab('toy'",
    ],
    ids=[
        "empty",
        "no lab",
        "another class",
        "a computed name",
        "no Python",
    ],
)
def test_a_file_that_declares_no_lab_is_named(make_lab: MakeLab, text: str) -> None:
    lab = make_lab(lab=text)
    assert [one.name for one in find_labs(lab.project)] == ["toy"]
    assert re.search(r"ch9_toys/toy/lab\.py", lab.fault)
    with pytest.raises(BadData, match=r"ch9_toys/toy/lab\.py"):
        lab.declared  # noqa: B018


def test_a_lab_without_a_name_has_its_folders(make_lab: MakeLab) -> None:
    text = '"""?"""\nfrom claimlab.trials.lab import Lab\n\nlab = Lab(timing=True)\n'
    lab = make_lab(lab=text, where="labs/ch9_toys/two_words")
    assert (lab.name, lab.declared.timing) == ("two-words", True)
    assert find_labs(lab.project) == [lab]


def test_a_question_has_the_languages_that_the_lab_gives_it(make_lab: MakeLab) -> None:
    text = '"""How many?"""\nlab = Lab("toy", asks={"zh": "多少？"})\n'
    assert make_lab(lab=text).asks == Words("How many?", "多少？")
    assert make_lab(where="labs/ch9_toys/other").asks == Words("Is the toy's number even?")


def test_two_labs_with_one_name_are_refused(make_lab: MakeLab) -> None:
    """The name is the lab's place in the record and on the command line."""
    make_lab(where="labs/ch1/one")
    lab = make_lab(where="labs/ch2/two")
    with pytest.raises(BadData, match="toy"):
        find_labs(lab.project)


# Loading


def test_a_lab_is_loaded(make_lab: MakeLab) -> None:
    lab = make_lab()
    assert isinstance(lab.lab, Lab)
    assert (lab.lab.name, lab.lab.timing, lab.lab.host_matters) == ("toy", False, False)
    assert lab.lab.seen_type.__struct_fields__ == ("number",)
    assert lab.lab.look(NO_BENCH).number == 2


def test_judges_import_the_types_of_their_lab(make_lab: MakeLab) -> None:
    lab = make_lab()
    (judge,) = judges_of(lab)
    assert judge.claim == "9-a"
    assert judge.reading == "The number is even."
    assert type(judge.controls[0].sees(None)) is lab.lab.seen_type


def test_judges_may_be_loaded_first(make_lab: MakeLab) -> None:
    lab = make_lab()
    (judge,) = judges_of(lab)
    assert type(judge.controls[0].sees(None)) is lab.lab.seen_type


def test_labs_with_equal_module_names_do_not_mix(make_lab: MakeLab) -> None:
    text = '"""?"""\nfrom claimlab.trials.lab import Lab\n\nlab = Lab("{0}")\n\n\ndef Seen(number):\n    return "{0}"\n'
    one, two = (make_lab(where=f"labs/ch9_toys/{name}", lab=text.format(name)) for name in ("one", "two"))
    assert (one.lab.name, two.lab.name) == ("one", "two")
    assert [judges_of(lab)[0].controls[0].sees(None) for lab in (one, two)] == ["one", "two"]


def test_equal_folders_of_two_checkouts_do_not_mix(make_lab: MakeLab) -> None:
    """In one process and in turn: each judge makes what it judges of its own lab's type."""
    labs = [make_lab(where=f"{checkout}/labs/ch9_toys/toy") for checkout in ("here", "there")]
    assert labs[0].lab.seen_type is not labs[1].lab.seen_type
    for lab in labs:
        assert type(judges_of(lab)[0].controls[0].sees(None)) is lab.lab.seen_type


def test_a_lab_may_have_modules_beside_it(make_lab: MakeLab) -> None:
    text = '"""?"""\nfrom claimlab.trials.lab import Lab\nfrom .names import NAME\nlab = Lab("toy", life_s=NAME)\n'
    assert make_lab(lab=text, **{"names.py": "NAME = 12.5\n"}).lab.life_s == 12.5


@pytest.mark.parametrize(
    "lab", ['from claimlab.trials.lab import Lab\nother = Lab("toy")\n', 'Lab = str\nlab = Lab("toy")\n']
)
def test_a_file_whose_lab_is_none_is_named(make_lab: MakeLab, lab: str) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/toy/lab\.py: .*lab = Lab"):
        _ = make_lab(lab=lab).lab


@pytest.mark.parametrize(
    "judges", ["", "judges = []\n", "from claimlab.verdicts.judges import Judges\njudge = Judges()\n"]
)
def test_judges_that_are_none_are_named(make_lab: MakeLab, judges: str) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/toy/judges\.py: .*judges = Judges"):
        _ = judges_of(make_lab(judges=judges))


def test_a_lab_that_observes_nothing_is_named() -> None:
    with pytest.raises(BadData, match=r"toy: .*@lab\.observe"):
        Lab("toy").look(NO_BENCH)


def test_an_observation_without_a_type_is_named() -> None:
    lab = Lab("toy")

    @lab.observe
    def observe(bench):  # type: ignore[no-untyped-def] # as an author may write it
        return {}

    with pytest.raises(BadData, match="toy"):
        _ = lab.seen_type


# Judges and their controls


def decide(seen: Any) -> Finding:
    """Reading of
    two lines.

    And a detail.
    """
    return holds(f"it was {seen}")


@pytest.mark.parametrize("known", list(Outcome))
def test_a_controls_answer_is_holds_or_fails(known: Outcome) -> None:
    judges = Judges()
    control = Control("an input", lambda seen: seen, known)
    if known in (Outcome.HOLDS, Outcome.FAILS):
        assert judges.of("9-a", sees=lambda seen: seen, control=control)(decide) is decide
        assert [(judge.claim, judge.decide, judge.controls) for judge in judges.all] == [("9-a", decide, (control,))]
    else:
        with pytest.raises(BadData, match="9-a"):
            judges.of("9-a", sees=lambda seen: seen, control=control)
        assert judges.all == []


def test_a_judge_without_a_control_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="control"):
        Judges().of("9-a", sees=lambda seen: seen)  # type: ignore[call-arg]


def test_the_reading_is_the_first_paragraph_in_one_line() -> None:
    judges = Judges()
    judges.of("9-a", sees=len, control=Control("", len, Outcome.FAILS))(decide)
    assert judges.all[0].reading == "Reading of two lines."


def test_a_second_judge_of_one_claim_is_refused() -> None:
    """Only one of the two would be asked, and nobody would see which."""
    judges = Judges()
    register = judges.of("9-a", sees=len, control=Control("", len, Outcome.FAILS))
    register(decide)
    with pytest.raises(BadData, match="9-a"):
        judges.of("9-a", sees=len, control=Control("", len, Outcome.FAILS))(decide)


# The labs of this checkout


def test_the_labs_of_this_checkout_judge_known_claims_once_and_with_controls() -> None:
    labs = find_labs(OUR)
    assert "gdb-panic" in [lab.name for lab in labs]
    known = {claim.ref for article in OUR.articles for claim in article.claims}
    judged = [(ref_in(lab, judge.claim), lab.name) for lab in labs for judge in judges_of(lab)]
    assert [pair for pair in judged if pair[0] not in known] == []
    assert sorted({claim for claim, _ in judged}) == sorted(claim for claim, _ in judged), "a claim is judged twice"
    for lab in labs:
        assert judges_of(lab), f"{lab.name} judges nothing"
        for judge in judges_of(lab):
            for control in judge.controls:
                assert control.known in (Outcome.HOLDS, Outcome.FAILS), judge.claim
                assert control.says.strip(), f"{judge.claim}: its control does not say what it is"
            assert judge.reading, f"{judge.claim}: its judge does not say how the claim is read"


def test_the_labs_of_this_checkout_say_what_they_ask_and_see() -> None:
    for lab in find_labs(OUR):
        assert lab.question.endswith("?"), lab.name
        assert lab.lab.name in ("", lab.name)
        assert set(lab.asks) == {"en", "zh"}, lab.name
        assert lab.lab.seen_type.__struct_fields__, lab.name
