"""How processes are shown: one with its output, many by how they ended, and the race detector's reports of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from docutils import nodes

from claimlab.instruments.processes import Ending, Ran, Tally
from claimlab.instruments.race import Access, Races, Report
from claimlab.sphinx.elements import cell, fold, listing, paragraph, table
from claimlab.sphinx.evidence.alike import Shown, clipped, in_tabs, rows_of


def endings(seen: Mapping[str, Tally]) -> list[nodes.Node]:
    commands = sorted({_command(tally.argv, tally.env) for tally in seen.values()})
    head = [cell(nodes.Text(word)) for word in ("Toolchain", "Runs", "Ended so", "Exit code", "Message")]
    rows: list[list[nodes.entry]] = []
    for name, tally in seen.items():
        runs = [cell(nodes.Text(name)), cell(nodes.Text(str(tally.runs)), classes=["cl-figure"])]
        ways = [_ending(one) for one in tally.endings] or [[cell(), cell(), cell()]]
        rows += [[one.deepcopy() for one in runs] + way for way in ways]
    newest = list(seen)[-1]
    samples: list[nodes.Node] = []
    for ending in seen[newest].endings:
        if ending.sample:
            samples += [paragraph(nodes.Text(_in_words(ending))), listing(ending.sample)]
    content: list[nodes.Node] = [listing("\n".join(commands), "console")]
    content.append(table("How the processes ended", head, rows, "cl-tally"))
    if samples:
        content.append(fold([nodes.Text(f"Standard error of the first process of each kind, on {newest}")], samples))
    return content


def _ending(ending: Ending) -> list[nodes.entry]:
    return [
        cell(nodes.Text(str(ending.count)), classes=["cl-figure"]),
        cell(nodes.Text(str(ending.exit_code)), classes=["cl-figure"]),
        cell(nodes.Text(_in_words(ending))),
    ]


def _in_words(ending: Ending) -> str:
    words = ["killed: it took too long"] if ending.timed_out else []
    if ending.message:
        words.append(ending.message)
    if ending.marks:
        words.append(f"shows {', '.join(ending.marks)}")
    return "; ".join(words) or ("ended well" if ending.exit_code == 0 else "no message")


def _command(argv: Sequence[str], env: Mapping[str, str]) -> str:
    return " ".join(["$", *(f"{name}={value}" for name, value in env.items()), *argv])


def processes(seen: Mapping[str, Ran]) -> list[nodes.Node]:
    return in_tabs(seen, lambda ran: _process(ran, len(seen)))


def _process(ran: Ran, sharers: int) -> list[nodes.Node]:
    ended = "It was killed: it took too long" if ran.timed_out else f"It ended with exit code {ran.exit_code}"
    silent = "" if ran.stdout or ran.stderr else ", and wrote nothing"
    content: list[nodes.Node] = [
        listing(_command(ran.argv, ran.env), "console"),
        paragraph(nodes.Text(f"{ended}{silent}.")),
    ]
    for words, text in (("Standard output", ran.stdout), ("Standard error", ran.stderr)):
        if text:
            content += [paragraph(nodes.Text(words)), listing(clipped(text, sharers), "text", "cl-transcript")]
    return content


def races(seen: Mapping[str, Races]) -> list[nodes.Node]:
    """How the processes ended, then what the detector reported of their races."""
    content = endings({name: races.tally for name, races in seen.items()})
    if any(races.reports for races in seen.values()):
        content += in_tabs(
            {name: races.reports for name, races in seen.items()},
            reports,
            lambda found: [_places(report) for report in found],
            "Reported alike, but for addresses and numbers of goroutines, on",
        )
    return content


def listed_reports(seen: Mapping[str, Mapping[str, Report]]) -> list[nodes.Node]:
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        reports,
        lambda found: [_places(report) for report in found],
        "Reported alike, but for addresses and numbers of goroutines, on",
    )


def _places(report: Report) -> Any:
    """What a report says apart from where things lay by chance."""
    return [(access.kind, access.calls) for access in (report.access, report.previous)]


def reports(found: Sequence[Report]) -> list[nodes.Node]:
    if not found:
        return [paragraph(nodes.Text("The detector reported no race."))]
    rows: list[list[Shown]] = []
    for number, report in enumerate(found, start=1):
        rows.append(_access(f"{number}, later access", report.access))
        rows.append(_access(f"{number}, earlier access", report.previous))
    return rows_of("Reported races", ("Race", "Kind", "Address", "By", "In"), rows)


def _access(label: str, access: Access) -> list[Shown]:
    calls = tuple(map(str, access.calls)) or ("the detector could not say any more",)
    return [label, access.kind, f"{access.address:#x}", access.by, calls]
