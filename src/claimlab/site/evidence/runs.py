"""How processes are shown: one with its output, many by how they ended, and the race detector's reports of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from claimlab.instruments.processes import Ending, Ran, Tally
from claimlab.instruments.race import Access, Races, Report
from claimlab.site.evidence.alike import SAME_BUT, alike, in_tabs
from claimlab.site.evidence.room import Place, clipped
from claimlab.site.evidence.tables import PATH, Shown, rows_of, side_by_side
from claimlab.site.html import fold, listing, paragraph
from claimlab.site.reader import say


def endings(seen: Mapping[str, Mapping[str, Tally]], place: Place) -> Markup:
    """For each way to start the processes: how many there were, and how many ended how, on every toolchain."""
    rows: dict[str, dict[str, Shown]] = {}
    for label in dict.fromkeys(label for found in seen.values() for label in found):
        tallies = {name: found[label] for name, found in seen.items() if label in found}
        words = say("started")
        started = alike(tallies, lambda tally: [tally.runs, tally.argv, tally.env])
        above = f"{label}: {_started(started[0].thing)}" if len(started) == 1 else label
        for toolchain, tally in tallies.items():
            if len(started) > 1 or not tally.endings:
                rows.setdefault(f"{above}{PATH}{words}", {})[toolchain] = _started(tally)
        for toolchain, tally in tallies.items():
            for one in tally.endings:
                rows.setdefault(f"{above}{PATH}{_in_words(one)}", {})[toolchain] = str(one.count)
    content = side_by_side(say("How the processes ended"), say("Ended so"), rows, list(seen), place.part(0.7))
    newest = list(seen)[-1]
    samples: dict[str, str] = {}
    for label, tally in seen[newest].items():
        for one in tally.endings:
            if one.sample:
                samples.setdefault(_in_words(one), f"{label}: {_in_words(one)}\n{one.sample}")
    if samples:
        words = say("Standard error of the first process of each kind, on {name}", name=newest)
        content += fold(words, listing(clipped("\n\n".join(samples.values()), int(place.room * 0.3)), words))
    return content


def _in_words(ending: Ending) -> str:
    words = [say("killed: it took too long")] if ending.timed_out else []
    if ending.message:
        words.append(ending.message)
    if ending.marks:
        words.append(say("shows {marks}", marks=", ".join(ending.marks)))
    if not words and ending.exit_code == 0:
        return say("ended well")
    return "; ".join([*(words or [say("no message")]), say("exit code {number}", number=ending.exit_code)])


def _started(tally: Tally) -> str:
    return f"{tally.runs} × {_command(tally.argv, tally.env)}"


def _command(argv: Sequence[str], env: Mapping[str, str]) -> str:
    return " ".join([*(f"{name}={value}" for name, value in env.items()), *argv])


def processes(seen: Mapping[str, Ran], place: Place) -> Markup:
    return in_tabs(seen, _process, place)


def _process(ran: Ran, place: Place) -> Markup:
    ended = say("It was killed: it took too long.")
    if not ran.timed_out:
        ended = say("It ended with exit code {number}.", number=ran.exit_code)
    if not ran.stdout and not ran.stderr:
        ended += " " + say("It wrote nothing.")
    content = listing(f"$ {_command(ran.argv, ran.env)}") + paragraph(ended)
    written = [(say("Standard output"), ran.stdout), (say("Standard error"), ran.stderr)]
    for words, text in written:
        if text:
            content += paragraph(words, classes="cl-lead") + listing(clipped(text, place.room // 2), words)
    return content


def races(seen: Mapping[str, Races], place: Place) -> Markup:
    """How the processes ended, then what the detector reported of their races."""
    tallies = {name: {say("processes"): races.tally} for name, races in seen.items()}
    content = endings(tallies, place.part(0.5))
    if any(races.reports for races in seen.values()):
        content += _in_tabs({name: races.reports for name, races in seen.items()}, place.part(0.5))
    return content


def listed_reports(seen: Mapping[str, Mapping[str, Report]], place: Place) -> Markup:
    return _in_tabs({name: list(found.values()) for name, found in seen.items()}, place)


def _in_tabs(seen: Mapping[str, Sequence[Report]], place: Place) -> Markup:
    return in_tabs(seen, reports, place, lambda found: [_places(report) for report in found], SAME_BUT)


def _places(report: Report) -> Any:
    """What a report says apart from where things lay by chance, and from lines, which move between releases."""
    return [
        (access.kind, [(call.function, call.file) for call in access.calls])
        for access in (report.access, report.previous)
    ]


def reports(found: Sequence[Report], place: Place) -> Markup:
    if not found:
        return paragraph(say("The detector reported no race."))
    rows: list[list[Shown]] = []
    for number, report in enumerate(found, start=1):
        rows.append(_access(say("{number}, later access", number=number), report.access))
        rows.append(_access(say("{number}, earlier access", number=number), report.previous))
    return rows_of(
        say("Reported races"), [say("Race"), say("Kind"), say("Address"), say("Goroutine"), say("Calls")], rows, place
    )


def _access(label: str, access: Access) -> list[Shown]:
    calls = tuple(map(str, access.calls)) or (say("the detector could not say any more"),)
    return [label, access.kind, f"{access.address:#x}", access.by, calls]
