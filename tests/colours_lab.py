"""A lab whose observations are made here, so that every outcome occurs on the pages."""

from pathlib import Path

import msgspec
from tests.chapter_text import head
from tests.ours import FOR_ALL, OUR, write_project

from claimlab.benches.local_engine import LocalEngine
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Release
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Provenance, Record, observation_of
from claimlab.trials.trial import Trial

CHAPTER = head(1, "1.1", Words("Colours", "颜色"), Words("All outcomes", "各种结果"))
CLAIM = """
[[claim]]
id = "1.1-{letter}"
section = "1.1"
en = "With `runtime.mapassign_fast64` the outcome of this claim is {outcome}."
zh = "使用 `runtime.mapassign_fast64` 时，这一条的结果是 {outcome}。"
correction = {{ en = "It should have said something else.", zh = "应当换一种说法。" }}
"""
LAB = '''"""Which colours are there?"""

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Session
from claimlab.instruments.processes import Tally
from claimlab.trials.lab import Lab


class Seen(msgspec.Struct):
    session: Session
    tally: Tally


lab = Lab("colours")


@lab.observe
def observe(bench: Bench) -> Seen:
    raise AssertionError("a page measured something")
'''
JUDGES = """
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges
from claimlab.verdicts.finding import Finding
from claimlab.project.outcome import Outcome

judges = Judges()
"""
JUDGE = """
@judges.of("1.1-{letter}", sees=lambda seen: True, control=Control("a lie", lambda seen: False, Outcome.FAILS))
def judge_{letter}(truth: bool) -> Finding:
    outcome = Outcome.{name} if truth else Outcome.FAILS
    return Finding(outcome, "a long line follows", "runtime.fatal " * 20)
"""
JUDGED = {"a": Outcome.HOLDS, "b": Outcome.FAILS, "c": Outcome.VOID, "d": Outcome.UNCLEAR}
PROVENANCE = Provenance("2026-11-23T12:00:00+00:00", 1.5, "go1.27.3", {"image": "ab" * 32}, {}, [], {}, "./inv")
SEEN = """{"session": {"gdb": "13.1", "breakpoints": [], "runs": [], "transcript": "(gdb) run"},
"tally": {"argv": ["./toy"], "env": {}, "runs": 1, "endings": [
{"count": 1, "exit_code": 0, "timed_out": false, "message": "", "marks": [], "sample": ""}]}}"""


class ReadOnly(LocalEngine):
    """An engine for readers: it needs nothing of this machine."""

    def identity(self, release: Release) -> str:
        return release.version


def write_lab(root: Path) -> LabFolder:
    """The lab, in a project in that folder."""
    project = write_project(root)
    lab = root / "labs" / "ch1_colours" / "colours"
    lab.mkdir(parents=True)
    letters = {**JUDGED, "e": "pending"}
    claims = [CLAIM.format(letter=letter, outcome=outcome) for letter, outcome in letters.items()]
    claims.append(CLAIM.format(letter="f", outcome="untestable") + 'untestable = { en = "A secret.", zh = "秘密。" }\n')
    (lab.parent / "claims.toml").write_text(CHAPTER + "".join(claims))
    judges = [JUDGE.format(letter=letter, name=outcome.name) for letter, outcome in JUDGED.items()]
    (lab / "judges.py").write_text(JUDGES + "".join(judges))
    (lab / "lab.py").write_text(LAB)
    (lab / "main.go").write_text("// To be seen: nothing.\npackage main\n\nfunc main() {}\n")
    return LabFolder(lab, project)


def write_record(record: Record, lab: LabFolder) -> None:
    """Every outcome occurs: the newest toolchain is missing, the one before it is broken."""
    *measured, broken, _missing = [Trial(lab, tool, ReadOnly(OUR)) for tool in FOR_ALL]
    for trial in measured:
        # No two toolchains show the same.
        said = SEEN.replace("(gdb) run", f"(gdb) run\\n# {trial.toolchain.name}")
        seen = msgspec.json.decode(said, type=lab.lab.seen_type)
        found = observation_of("colours", trial.toolchain.name, "local", trial.inputs, PROVENANCE, seen)
        record.put(found, trial.address)
    breakage = Breakage(SCHEMA, "colours", broken.toolchain.name, "local", "gdb was eaten")
    record.put_breakage(breakage, broken.address)
