"""The log of verdicts: what came out otherwise than at an earlier build, by the day on which that was seen.

It lies beside the pages, which are what it tells of: who builds them elsewhere puts the published one there first.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from uuid import NAMESPACE_URL, uuid5

import msgspec
from markupsafe import Markup

from claimlab.project.files import digest, write_whole
from claimlab.project.languages import Language
from claimlab.project.outcome import Outcome
from claimlab.site.data import GAPS, SiteData
from claimlab.site.head import address_of, plain, root_of
from claimlab.site.reader import LOG, claim_page, html_language, say
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import Kind

FILE: Final = "log.json"
FEED: Final = "log.xml"
KEPT: Final = 1000
"""So many changes are kept, the newest first."""


class State(msgspec.Struct, frozen=True):
    """A verdict as it was at a build."""

    verdict: Kind
    outcomes: dict[str, Outcome]
    """Of the plain builds."""


class Change(msgspec.Struct, frozen=True):
    """A verdict that is not what it was."""

    date: str
    claim: str
    """Its project-wide name."""
    was: State | None
    """None where there was no such claim."""
    now: State

    def turned(self) -> list[tuple[str, Outcome, Outcome]]:
        """The releases that were asked both times, and said something else."""
        before = self.was.outcomes if self.was else {}
        return [
            (name, before[name], now) for name, now in self.now.outcomes.items() if before.get(name, now) is not now
        ]


class Log(msgspec.Struct, frozen=True):
    """What the file holds."""

    schema: Literal[1]
    engine: str
    since: str
    """The day of the first build."""
    verdicts: dict[str, State]
    changes: list[Change]


@dataclass(frozen=True)
class Told:
    """The log as pages have it."""

    log: Log
    path: Path

    @property
    def digest(self) -> str:
        return digest(msgspec.json.encode([self.log.since, self.log.changes]))

    def write(self) -> None:
        write_whole(self.path, msgspec.json.format(msgspec.json.encode(self.log), indent=1))


def today() -> str:
    """In UTC; who wants the same bytes again says when it is (reproducible-builds.org, SOURCE_DATE_EPOCH)."""
    return time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))


def told(site: SiteData, folder: Path, *, whole: bool) -> Told:
    """The log in that folder, with what has changed since. Pages of some releases only, not `whole`, change nothing."""
    path, engine = folder / FILE, site.ledger.laboratory.engine.name
    log = _read(path)
    if log is None or log.engine != engine:
        log = Log(1, engine, today(), {}, [])
        known = whole and {row.claim.ref: state for row in site.ledger.rows if (state := _state(row))}
        return Told(msgspec.structs.replace(log, verdicts=known or {}), path)
    return Told(_grown(log, site), path) if whole else Told(log, path)


def _read(path: Path) -> Log | None:
    """None where there is none, or one that this claimlab did not write."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Log)
    except (OSError, msgspec.DecodeError):
        return None


def _grown(log: Log, site: SiteData) -> Log:
    now = {row.claim.ref: state for row in site.ledger.rows if (state := _state(row))}
    found = [Change(today(), ref, log.verdicts.get(ref), state) for ref, state in now.items()]
    changes = [one for one in found if one.was is None or one.was.verdict is not one.now.verdict or one.turned()]
    there = {row.claim.ref for row in site.ledger.rows}
    kept = {ref: state for ref, state in log.verdicts.items() if ref in there}
    return msgspec.structs.replace(log, verdicts=kept | now, changes=[*changes, *log.changes][:KEPT])


def _state(row: Row) -> State | None:
    """None where something is missing or broken: that is no verdict, and what it was before still stands."""
    if GAPS & set(row.outcomes.values()):
        return None
    return State(row.verdict.kind, row.plain)


def feed(site: SiteData, log: Log, language: Language) -> str:
    """The changes for readers of feeds (RFC 4287)."""
    project, rows = site.project, site.rows
    home = address_of(project, LOG, language) or f"{LOG}.html"
    entries = []
    for change in log.changes:
        row = rows.get(change.claim)
        if row is None:
            continue
        page, sentence = claim_page(row.claim, site.main), plain(row.claim.says.of(language))
        entries.append(
            Markup(
                '<entry><id>{id}</id><title>{title}</title><updated>{date}T00:00:00Z</updated><link href="{link}"/>'
                "<summary>{summary}</summary></entry>\n"
            ).format(
                id=uuid5(NAMESPACE_URL, f"{home} {change.date} {change.claim} {change.now}").urn,
                title="".join([change_in_words(change), say(": "), sentence, " · ", row.label]),
                date=change.date,
                link=address_of(project, page, language) or f"{page}.html",
                summary=plain(row.words(say, language)),
            )
        )
    return Markup(
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">\n'
        "<id>{id}</id><title>{title}</title><updated>{date}T00:00:00Z</updated><author><name>{title}</name></author>"
        '<link href="{home}"/>\n{entries}</feed>\n'
    ).format(
        lang=html_language(language),
        id=uuid5(NAMESPACE_URL, f"{root_of(project)} {project.title} {language}").urn,
        title=project.title,
        date=log.changes[0].date if log.changes else log.since,
        home=home,
        entries=Markup("").join(entries),
    )


def change_in_words(change: Change) -> str:
    """``refuted → version-dependent``."""
    now = say(str(change.now.verdict))
    if change.was is None:
        return "".join([say("new"), say(", "), now])
    return say("{was} → {now}", was=say(str(change.was.verdict)), now=now)
