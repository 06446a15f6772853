"""Judges across releases: what they are given, what they say of each release, and that nothing of it is guessed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chapter_text import head
from tests.ours import toolchain

from claimlab.benches.engine import Engine
from claimlab.project.outcome import Outcome
from claimlab.project.project import load
from claimlab.questions.laboratory import Laboratory
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Provenance, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.differing import reason
from claimlab.verdicts.judges import claims_judged_by, judges_of
from claimlab.verdicts.kept_observations import Kept, keep
from claimlab.verdicts.ledger import Ledger, Row
from claimlab.verdicts.releases import Releases
from claimlab.verdicts.ruling import rule_all
from claimlab.verdicts.verdict import Kind

OLD, MIDDLE, NEW = "1.21.13", "1.23.9", "1.24.11"
VARIANT = "1.24.11+noswissmap"
JUDGES = """
from claimlab import Control, Finding, Judges, Outcome, decided, void

judges = Judges()


@judges.across(
    "9-a",
    sees=lambda on: (on.here.number, {name: seen.number for name, seen in on.by_name().items()}),
    control=Control("a release with another number", lambda on: (1, {"one": 1, "other": 2}), Outcome.FAILS),
)
def the_same_in_all(seen) -> Finding:
    '''The number is the same in every release.'''
    here, everywhere = seen
    return decided(set(everywhere.values()) == {here}, f"here {here}, {everywhere}")


@judges.across(
    "9-b",
    "1.23",
    sees=lambda on: (on.here.number, on["1.23"].number, on.is_after("1.23")),
    control=Control("a release beside itself", lambda on: (on.here.number, on.here.number, True), Outcome.FAILS),
)
def less_than_on_123(seen) -> Finding:
    '''Since 1.24 the number is less than on 1.23.'''
    here, before, is_after = seen
    return decided(here < before, f"{here} beside {before}") if is_after else void("it speaks of later releases")


@judges.of("9-c", sees=lambda seen: seen.number, control=Control("an odd number", lambda _: 3, Outcome.FAILS))
def even(number) -> Finding:
    '''It is even.'''
    return decided(number % 2 == 0, f"{number}")
"""
CLAIMS = head(9, "9") + "".join(
    f'\n[[claim]]\nid = "9-{letter}"\nsection = "9"\nen = "The claim {letter}."\nzh = "{letter}。"\n'
    for letter in "abc"
)


class Bench:
    """A lab with such judges, and what was measured of it."""

    def __init__(self, root: Path, lab: LabFolder, engine: Engine) -> None:
        (lab.path.parent / "claims.toml").write_text(CLAIMS)
        self.root, self.lab, self.engine = root, lab, engine

    @property
    def laboratory(self) -> Laboratory:
        return Laboratory(load(self.root), self.engine)

    def trial(self, name: str) -> Trial:
        return Trial(LabFolder(self.lab.path, self.lab.project), toolchain(name), self.engine)

    def put(self, **numbers: int) -> None:
        for name, number in numbers.items():
            trial = self.trial(name)
            provenance = Provenance("2026-11-24T12:00:00+00:00", 1.0, "go", {}, {}, [], {}, "replay")
            seen = trial.lab.lab.seen_type(number)
            found = observation_of(trial.lab.name, name, "local", trial.inputs, provenance, seen)
            self.laboratory.record.put(found, trial.address)

    def rows(self, *names: str, broken: dict[str, str] | None = None) -> dict[str, Row]:
        ledger = Ledger(self.laboratory, [toolchain(name) for name in names], broken or {})
        return {row.claim.id: row for row in ledger.rows}


@pytest.fixture
def bench(tmp_path: Path, make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine]) -> Bench:
    return Bench(tmp_path, make_lab(judges=JUDGES), make_engine())


def outcomes(row: Row) -> dict[str, str]:
    return {name: str(outcome) for name, outcome in row.outcomes.items()}


def test_what_a_judge_names_is_to_be_measured_too(bench: Bench) -> None:
    ledger = Ledger(bench.laboratory, [toolchain(NEW), toolchain(VARIANT)])
    (lab,) = ledger.labs
    assert [trial.toolchain.name for trial in ledger.trials(lab)] == [NEW, VARIANT]
    assert [trial.toolchain.name for trial in ledger.wanted(lab)] == [NEW, VARIANT, MIDDLE]


@pytest.mark.parametrize(
    ("numbers", "same", "less"),
    [
        ((4, 4, 4), ("holds",) * 3, ("void", "void", "fails")),
        ((4, 4, 2), ("fails",) * 3, ("void", "void", "holds")),
        ((2, 4, 4), ("fails",) * 3, ("void", "void", "fails")),
    ],
)
def test_each_release_has_an_outcome(
    bench: Bench, numbers: tuple[int, ...], same: tuple[str, ...], less: tuple[str, ...]
) -> None:
    names = (OLD, MIDDLE, NEW)
    bench.put(**dict(zip(names, numbers, strict=True)))
    rows = bench.rows(*names)
    assert tuple(outcomes(rows["9-a"]).values()) == same
    assert tuple(outcomes(rows["9-b"]).values()) == less
    assert rows["9-b"].verdict.kind is (Kind.WHEREVER_IT_EXISTS if "holds" in less else Kind.REFUTED)


def test_what_a_judge_saw_is_evidence(bench: Bench) -> None:
    bench.put(**{OLD: 4, MIDDLE: 4, NEW: 2})
    rows = bench.rows(OLD, MIDDLE, NEW)
    record = bench.laboratory.record
    digests = {name: one.digest for name in (OLD, MIDDLE, NEW) if (one := bench.trial(name).recorded(record))}
    assert rows["9-a"].rulings[NEW].saw == digests
    assert rows["9-b"].rulings[NEW].saw == {MIDDLE: digests[MIDDLE]}
    assert rows["9-c"].rulings[NEW].saw == {}
    assert f"  saw too:  {MIDDLE} (observation {digests[MIDDLE][:12]})" in list(reason(rows["9-b"].rulings[NEW]))


def test_while_one_is_missing_nothing_is_guessed(bench: Bench) -> None:
    bench.put(**{OLD: 4, NEW: 2})
    rows = bench.rows(OLD, MIDDLE, NEW)
    for claim in ("9-a", "9-b"):
        assert outcomes(rows[claim]) == dict.fromkeys((OLD, MIDDLE, NEW), "missing")
        because = rows[claim].rulings[NEW].finding.because
        assert because == "it is judged across releases, and nothing is known of 1.23.9 (not measured yet)"
        assert rows[claim].verdict.kind is Kind.INCONCLUSIVE
    assert outcomes(rows["9-c"]) == {OLD: "holds", MIDDLE: "missing", NEW: "holds"}


def test_a_release_that_is_named_is_looked_at_though_nobody_asks_for_it(bench: Bench) -> None:
    bench.put(**{NEW: 2})
    assert outcomes(bench.rows(NEW)["9-b"]) == {NEW: "missing"}
    bench.put(**{MIDDLE: 4})
    assert outcomes(bench.rows(NEW)["9-b"]) == {NEW: "holds"}


def test_a_ruling_is_given_anew_when_another_release_was_measured_again(bench: Bench) -> None:
    bench.put(**{MIDDLE: 4, NEW: 2})
    assert outcomes(bench.rows(MIDDLE, NEW)["9-b"])[NEW] == "holds"
    bench.put(**{MIDDLE: 1})
    assert outcomes(bench.rows(MIDDLE, NEW)["9-b"])[NEW] == "fails"


@pytest.mark.parametrize("how", ["broken", "just now", "stale"])
def test_of_what_is_broken_or_stale_nothing_is_known(bench: Bench, how: str) -> None:
    bench.put(**{MIDDLE: 4, NEW: 2})
    trial, broken = bench.trial(MIDDLE), {}
    record = bench.laboratory.record
    if how == "just now":
        broken = {trial.name: "the container went away"}
    else:
        place = record.path("toy", MIDDLE, "local", trial.address)
        place.rename(place.with_name("local-0123456789abcdef0123.json"))
        if how == "broken":
            record.put_breakage(Breakage(SCHEMA, "toy", MIDDLE, "local", "gdb was eaten"), trial.address)
    finding = bench.rows(MIDDLE, NEW, broken=broken)["9-b"].rulings[NEW].finding
    assert finding.outcome is Outcome.MISSING
    assert ("1.23.9 (stale" if how == "stale" else "1.23.9 (the lab failed)") in finding.because


def test_a_variant_is_beside_plain_releases(bench: Bench) -> None:
    bench.put(**{MIDDLE: 4, NEW: 4, VARIANT: 2})
    rows = bench.rows(MIDDLE, NEW, VARIANT)
    assert outcomes(rows["9-a"]) == {MIDDLE: "holds", NEW: "holds", VARIANT: "fails"}
    assert outcomes(rows["9-b"]) == {MIDDLE: "void", NEW: "fails", VARIANT: "holds"}
    assert set(rows["9-a"].rulings[VARIANT].saw) == {MIDDLE, NEW}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (('"1.23",', '"1.99",'), "its judge looks at 1.99, which names no single release that is pinned"),
        (('on["1.23"]', 'on["1.22"]'), "1.22: the judge looks at 1.23.9"),
        (('"other": 2', '"other": 1'), "the judge failed on its control, a release with another number: holds"),
    ],
)
def test_a_judge_with_a_fault_is_broken(bench: Bench, text: tuple[str, str], says: str) -> None:
    (bench.lab.path / "judges.py").write_text(JUDGES.replace(*text))
    bench.put(**{MIDDLE: 4, NEW: 4})
    rows = bench.rows(MIDDLE, NEW)
    found = [rows[claim].rulings[NEW].finding for claim in ("9-a", "9-b")]
    assert [one.because for one in found if one.outcome is Outcome.BROKEN and says in one.because]


def test_one_trial_alone_is_not_judged_across_releases(bench: Bench) -> None:
    bench.put(**{NEW: 4})
    trial = bench.trial(NEW)
    observation = trial.recorded(bench.laboratory.record)
    assert observation is not None
    assert set(rule_all(trial, observation)) == {"9-c"}


def test_tests_of_a_lab_judge_across_all_that_is_kept(bench: Bench) -> None:
    bench.put(**{MIDDLE: 4, NEW: 2, VARIANT: 2})
    keep([bench.trial(name) for name in (MIDDLE, NEW, VARIANT)], bench.laboratory.record)
    kept = Kept(bench.trial(NEW).lab)
    found = {name: kept.ruling("9-b", kept.seen(name), name).outcome for name in (MIDDLE, NEW, VARIANT)}
    assert found == {MIDDLE: Outcome.VOID, NEW: Outcome.HOLDS, VARIANT: Outcome.HOLDS}
    assert kept.finding("9-a", kept.seen(NEW)).because == "here 2, {'1.23.9': 4, '1.24.11': 2}"
    assert "9-b on Go 1.24.11, as it is kept: expected nothing, judged holds" in kept.unexpected(NEW)
    assert "9-b" not in kept.one_sided()


def test_the_claims_of_such_a_judge_are_known_where_it_cannot_be_read(bench: Bench) -> None:
    assert [judge.across for judge in judges_of(bench.lab)] == [(), ("1.23",), None]
    (bench.lab.path / "judges.py").write_text(JUDGES + "\n(")
    assert claims_judged_by(LabFolder(bench.lab.path, bench.lab.project)) == ["9-a", "9-b", "9-c"]


def test_a_judge_asks_for_releases_by_their_line() -> None:
    on = Releases(3, toolchain(NEW), {toolchain(MIDDLE): 1, toolchain(NEW): 2})
    assert (on["1.23"], on["1.23.9"], on["1.24"], on.by_name()) == (1, 1, 2, {MIDDLE: 1, NEW: 2})
    assert (on.is_after("1.23"), on.is_after("1.24")) == (True, False)
    with pytest.raises(KeyError, match=r"1\.22: the judge looks at 1\.23\.9, 1\.24\.11"):
        on["1.22"]
